/** Hidden units under the curve: what is chosen, and what is known of it in words. */

/** @import { State, UnderCurve, View } from "../../types" */

import { element, offer, setText, showProblem } from "../../dom.js";
import { count } from "../../format.js";
import { mountUnits } from "./units.js";

/**
 * @param {{
 *   toggleUnderCurve(open: boolean): void,
 *   lookUnderCurve(layer: number, name: string): void,
 * }} actions
 * @returns {View}
 */
export function mountUnderCurve(actions) {
  const panel = element("under-panel", HTMLDetailsElement);
  const problem = element("under-problem", HTMLElement);
  const note = element("under-note", HTMLElement);
  const controls = element("under-controls", HTMLElement);
  const layerLabel = element("under-layer-label", HTMLElement);
  const layer = element("under-layer", HTMLSelectElement);
  const name = element("under-name", HTMLSelectElement);
  const figure = element("under", HTMLElement);
  const units = mountUnits();

  panel.ontoggle = () => actions.toggleUnderCurve(panel.open);
  layer.onchange = () => actions.lookUnderCurve(Number(layer.value), name.value);
  name.onchange = () => actions.lookUnderCurve(Number(layer.value), name.value);

  return (state) => {
    if (!panel.open) return;
    const { run, underCurve: under, underLayer, underName } = state;
    const layers = Number(run?.config.layers ?? 1);
    const names = under?.names ?? [];
    showProblem(problem, state.problems.undercurve);
    setText(note, inWords(run, under));
    layerLabel.hidden = layers === 1;
    offer(layer, numbered(layers), String(underLayer));
    offer(name, names.map((each) => [each, each]), underName || under?.name);
    controls.hidden = figure.hidden = !run || !under;
    units(run ? under : null);
  };
}

/** @param {number} layers @returns {[string, string][]} */
const numbered = (layers) => Array.from({ length: layers }, (_, i) => [String(i), String(i + 1)]);

/** @param {State["run"]} run @param {UnderCurve | null} under */
function inWords(run, under) {
  if (!run) return "Train a network first, or load one.";
  if (!under) return "Reading …";
  return [
    `${count(Number(run.config.hidden_size))} units`,
    `${count(under.line.x.length)} values, the last of the series`,
    `as the network was at step ${count(under.step)}`,
  ].join(" · ");
}
