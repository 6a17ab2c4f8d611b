/** Check my gradients: how far what was measured is from what backpropagation says. */

/** @import { Check, CheckedParameter, CheckReport, View } from "../../types" */

import { element, make, setText, showProblem } from "../../dom.js";
import { count, scientific } from "../../format.js";
import { terms } from "../../places.js";
import { permissions } from "../../store.js";

/**
 * @param {{
 *   toggleCheck(open: boolean): void,
 *   checkNetwork(): void,
 *   checkTutorial(): void,
 *   stopCheck(): void,
 * }} actions
 * @returns {View}
 */
export function mountCheck(actions) {
  const panel = element("check-panel", HTMLDetailsElement);
  const network = element("check-network", HTMLButtonElement);
  const tutorial = element("check-tutorial", HTMLButtonElement);
  const stop = element("stop-check", HTMLButtonElement);
  const progress = element("check-progress", HTMLProgressElement);
  const problem = element("check-problem", HTMLElement);
  const status = element("check-status", HTMLElement);
  const reports = element("check-reports", HTMLElement);

  panel.ontoggle = () => actions.toggleCheck(panel.open);
  network.onclick = actions.checkNetwork;
  tutorial.onclick = actions.checkTutorial;
  // It disappears by its own work; the keyboard goes on from the button before it.
  stop.onclick = () => (actions.stopCheck(), network.focus());

  let shown = "";

  return (state) => {
    if (!panel.open) return;
    const { check, place } = state;
    network.disabled = tutorial.disabled = !permissions(state).generate;
    stop.hidden = !check?.active;
    progress.toggleAttribute("data-idle", !check?.active);
    progress.value = check?.fraction ?? 0;
    showProblem(problem, state.problems.check);
    setText(status, check ? verdict(check) : "");
    // The reports grow by a row now and then, and the news come far more often.
    const sizes = check && Object.values(check.reports).map((report) => report.parameters.length);
    const looks = check ? `${place} ${check.of} ${check.active} ${sizes}` : "";
    if (looks === shown) return;
    shown = looks;
    reports.replaceChildren(
      ...Object.entries(check?.reports ?? {}).map(([loss, report]) =>
        show(/** @type {Check} */ (check), loss, report),
      ),
    );
  };
}

/** @param {Check} check */
function verdict({ active, fraction, reports }) {
  if (active) return "Checking …";
  if (fraction < 1) return "Stopped before all was checked.";
  const parameters = Object.values(reports).flatMap((report) => report.parameters);
  const wrong = parameters.filter(({ right }) => !right).length;
  if (wrong) return `✗ ${count(wrong)} of ${count(parameters.length)} gradients are wrong.`;
  return `✓ All ${count(parameters.length)} gradients are right.`;
}

/** @type {Record<string, string>} */
const LOSSES = { squared_error: "squared error", cross_entropy: "cross-entropy" };

/** @param {Check} check @param {string} loss @param {CheckReport} report */
function show(check, loss, report) {
  const title =
    check.of === "network"
      ? `The gradients of your network at step ${count(report.step)}`
      : `The gradients of the tutorial’s RNN with the ${LOSSES[loss]}`;
  const columns = ["Parameter", "Weights tried", "Worst relative error", "Verdict"];
  const table = make("table", { className: "numbers-table" });
  table.append(
    make("caption", {}, title),
    make(
      "thead",
      {},
      make("tr", {}, ...columns.map((column) => make("th", { scope: "col" }, column))),
    ),
    make("tbody", {}, ...report.parameters.map(row)),
  );
  const words = check.active ? "" : inWords(check, report);
  return make("div", { className: "stacked" }, table, make("p", { className: "hint" }, words));
}

/** @param {CheckedParameter} checked */
function row({ name, meaning, tried, weights, error, right }) {
  return make(
    "tr",
    {},
    make("th", { scope: "row" }, meaning, make("code", {}, name)),
    make("td", {}, `${count(tried)} of ${count(weights)}`),
    make("td", {}, error == null ? "no number" : scientific(error)),
    right
      ? make("td", { className: "verdict" }, "✓ right")
      : make("td", { className: "verdict wrong" }, "✗ wrong"),
  );
}

/** What was done, and what it means. @param {Check} check @param {CheckReport} report */
function inWords({ of }, { characters, readers, tried, wrong, digits, parameters }) {
  const { whole, units } = terms();
  const where =
    of === "network"
      ? `at ${readers} places of your ${whole}, reading the next ${characters} ${units},`
      : `on the first ${characters} characters of your text, before any training,`;
  const done =
    `${count(tried)} weights were each moved by 0.00001 to both sides, ${where} in double ` +
    "precision. How much the loss rose or fell then was compared with the gradient that " +
    "backpropagation computes. The error is relative to the parameter’s largest gradient, " +
    "or to the least that can be measured so exactly.";
  if (wrong) {
    const which = `For ${count(wrong)} of ${count(parameters.length)} parameters`;
    return `${done} ${which} they differ by a millionth or more: backpropagation is wrong there.`;
  }
  return `${done} They agree to ${count(digits)} digits or more: backpropagation is right.`;
}
