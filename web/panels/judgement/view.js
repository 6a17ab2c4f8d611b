/** How good is that: the verdict, and which model is looked at more closely. */

/** @import { Judged, State, View } from "../../types" */

import { element, offer, setText, showProblem } from "../../dom.js";
import { placeNames } from "../../seriesplot.js";
import { mountErrors } from "./errors.js";
import { nameOf, usualOf } from "./models.js";
import { mountPaths } from "./paths.js";
import { mountResiduals } from "./residuals.js";
import { mountTable } from "./table.js";

/** @param {{ saveBacktest(): void }} actions @returns {View} */
export function mountJudgement(actions) {
  const progress = element("judging", HTMLProgressElement);
  const stage = element("judging-words", HTMLElement);
  const problem = element("judgement-problem", HTMLElement);
  const root = element("judged", HTMLElement);
  const verdict = element("verdict", HTMLOutputElement);
  const scale = element("mase-scale", HTMLElement);
  const select = element("judged-model", HTMLSelectElement);
  const save = element("save-backtest", HTMLButtonElement);
  const table = mountTable();
  const errors = mountErrors();
  const closely = [mountPaths(), mountResiduals()];
  /** @type {State | null} */
  let drawn = null;
  /** Has a person chosen whose forecasts are shown? */
  let isChosen = false;

  save.onclick = actions.saveBacktest;
  select.onchange = () => {
    isChosen = true;
    if (drawn?.judged) showModel(drawn, drawn.judged);
  };

  /** @param {State} state @param {Judged} judged */
  function showModel(state, judged) {
    const model = judged.models.find(({ name }) => name === select.value);
    if (!model) return;
    const dated = state.run?.dated ?? false;
    const nameOfPlace = placeNames(dated, judged.truth.x, judged.ahead ?? state.forecast);
    for (const show of closely) show({ judged, model, dated, nameOfPlace });
  }

  /** @param {State} state @param {Judged} judged */
  function show(state, judged) {
    setText(verdict, judged.verdict);
    setText(scale, `repeating the ${judged.season > 1 ? "season" : "value"} before`);
    table(judged);
    errors(judged);
    const { models } = judged;
    const kept = isChosen && models.find(({ name }) => name === select.value);
    /** @type {[string, string][]} */
    const choices = models.map((model) => [model.name, nameOf(model)]);
    offer(select, choices, (kept || usualOf(models)).name);
    showModel(state, judged);
  }

  return (state) => {
    const { judged, judging } = state;
    progress.toggleAttribute("data-idle", judging === null);
    progress.value = judging ?? 0;
    setText(stage, judging === null ? (judged?.test ?? NOTHING) : JUDGING);
    showProblem(problem, state.problems.judgement);
    const something = judged?.models.length ? judged : null;
    root.hidden = !something;
    save.disabled = !something;
    if (judged === drawn?.judged && state.description === drawn?.description) return;
    drawn = state;
    if (something) show(state, something);
    else isChosen = false;
  };
}

const NOTHING =
  "Press Train, and here you will see how well this series can be forecast: by networks, and by " +
  "simple rules that need none.";

const JUDGING =
  "Four networks learn the first part of the series, each from other first weights, to forecast " +
  "the part that is held back …";
