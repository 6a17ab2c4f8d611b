/** The header: whether Python is running, and what to do when it isn't. */

/** @import { State, View } from "../types" */

import { boxAt } from "../databox.js";
import { element, setText, showProblem } from "../dom.js";
import { placeShown } from "../places.js";
import { isPausing, phaseOf } from "../run-machine.js";

/**
 * @param {{ retry(): void, closeProblem(): void }} actions
 * @returns {View}
 */
export function mountHeader(actions) {
  const root = document.documentElement;
  const status = element("engine-status", HTMLElement);
  const problem = element("page-problem", HTMLElement);
  const fault = element("page-problem-message", HTMLElement);
  element("close-page-problem", HTMLButtonElement).onclick = actions.closeProblem;
  const failure = element("failure", HTMLElement);
  const message = element("failure-message", HTMLElement);
  const retry = element("retry", HTMLButtonElement);
  retry.onclick = () => {
    actions.retry();
    boxAt(placeShown()).focus();
  };

  return (state) => {
    const phase = phaseOf(state);
    if (root.dataset.phase !== phase) root.dataset.phase = phase;
    setText(status, statusLine(state));
    setText(message, state.failure ?? "");
    failure.hidden = state.failure === null;
    showProblem(fault, state.problems.page);
    problem.hidden = fault.hidden;
  };
}

/** @param {State} state */
function statusLine(state) {
  const { about } = state;
  const phase = phaseOf(state);
  if (phase === "loading") return about ? "opening" : "starting";
  if (phase === "failed" || !about) return "not running";
  const python = about.python.split(".").slice(0, 2).join(".");
  const simd = about.simd ? "SIMD" : "no SIMD";
  return `${isPausing(state) ? "pausing" : phase} · NumPy ${about.numpy} · ${simd} · Python ${python}`;
}
