/** The panel inside the hidden state: what is looked at, its picture, and silence. */

/** @import { Effect, HiddenUnit, Inside, Pairing, Run, State, View } from "../../types" */

import { element, offer, setText, showProblem } from "../../dom.js";
import { capitalized, count, inUnit, loss, signed, without } from "../../format.js";
import { chosen, mountPicture } from "./picture.js";

/**
 * @typedef {{
 *   toggleHidden(open: boolean): void,
 *   choosePassage(source: Inside["source"]): void,
 *   chooseLayer(layer: number): void,
 *   chooseShown(name: string): void,
 *   chooseUnit(unit: number): void,
 *   silence(unit: HiddenUnit, silent: boolean): void,
 *   silenceNone(): void,
 * }} Actions
 */

/** @param {Actions} actions @returns {View} */
export function mountHidden(actions) {
  const panel = element("hidden-panel", HTMLDetailsElement);
  const problem = element("inside-problem", HTMLElement);
  const note = element("inside-note", HTMLElement);
  const progress = element("inside-progress", HTMLProgressElement);
  const shown = element("inside-shown", HTMLElement);
  const controls = mountControls(actions);
  const picture = mountPicture(actions);
  const effect = mountEffect();
  panel.ontoggle = () => actions.toggleHidden(panel.open);

  return (state) => {
    const { run, inside } = state;
    shown.hidden = !run || !inside.reading;
    if (!state.open.has("hidden")) return;
    showProblem(problem, state.problems.hidden);
    progress.classList.toggle("idle", inside.working === null);
    progress.value = inside.working ?? 0;
    setText(note, inWords(state));
    controls(state);
    picture(state);
    effect(state);
  };
}

/** What is shown, and of when. @param {State} state */
function inWords({ run, inside, writing, sample }) {
  const { reading, source } = inside;
  if (!run) return "Train a network first, or load one.";
  if (!reading) {
    if (source === "written" && !writing) return "Press Generate, then read here what it wrote.";
    if (source === "sample" && !sample) return "Train on, then read here what it wrote.";
    return "Reading …";
  }
  return [
    `${count(Number(run.config.hidden_size))} units`,
    `${count(reading.characters.length)} characters`,
    `as the network was at step ${count(reading.step)}`,
    ...(reading.skipped ? [`never seen, so skipped: ${reading.skipped}`] : []),
  ].join(" · ");
}

/** @param {HiddenUnit[]} silenced @param {number} layer @param {number} unit */
const isSilent = (silenced, layer, unit) => silenced.some(([l, u]) => l === layer && u === unit);

/** What is chosen, and what can be. @param {Actions} actions @returns {View} */
function mountControls(actions) {
  const source = element("inside-source", HTMLSelectElement);
  const layerLabel = element("inside-layer-label", HTMLElement);
  const layer = element("inside-layer", HTMLSelectElement);
  const name = element("inside-name", HTMLSelectElement);
  const unit = element("inside-unit", HTMLSelectElement);
  const silence = element("inside-silence", HTMLInputElement);
  const silenceNone = element("inside-silence-none", HTMLButtonElement);

  source.onchange = () => actions.choosePassage(/** @type {Inside["source"]} */ (source.value));
  layer.onchange = () => actions.chooseLayer(Number(layer.value));
  name.onchange = () => actions.chooseShown(name.value);
  unit.onchange = () => actions.chooseUnit(Number(unit.value));
  silence.onchange = () =>
    actions.silence([Number(layer.value), Number(unit.value)], silence.checked);
  silenceNone.onclick = () => (actions.silenceNone(), unit.focus());

  return ({ run, inside }) => {
    const { reading, units, silenced } = inside;
    const layers = Number(run?.config.layers ?? 1);
    // Until the units of a layer just chosen are there, nobody shall silence those of another.
    const ready = Boolean(run && reading?.layer === inside.layer);
    offer(source, sources(run), inside.source);
    layerLabel.hidden = layers === 1;
    offer(layer, numbered(layers), String(inside.layer));
    offer(name, (reading?.names ?? []).map((each) => [each, each]), inside.name || reading?.name);
    const named = units.map((each) => describe(each, isSilent(silenced, inside.layer, each.unit)));
    offer(unit, named, String(chosen(inside)));
    silence.checked = isSilent(silenced, inside.layer, chosen(inside));
    source.disabled = layer.disabled = !run;
    name.disabled = unit.disabled = silence.disabled = !ready;
    silenceNone.disabled = !silenced.length;
  };
}

/** @param {Run | null} run @returns {[string, string][]} */
const sources = (run) => [
  ["held-out", run?.held_out === 0 ? "Beginning of the text" : "Held-out part"],
  ["cursor", "Text, from the cursor"],
  ["sample", "Live sample"],
  ["written", "Generated text"],
];

/** @param {number} layers @returns {[string, string][]} */
const numbered = (layers) => Array.from({ length: layers }, (_, i) => [String(i), String(i + 1)]);

/** @param {Pairing} pairing @param {boolean} silent @returns {[string, string]} */
function describe({ unit, feature, correlation }, silent) {
  const follows = feature ? `${feature} · ${signed(correlation)}` : "follows nothing";
  return [String(unit), `unit ${unit + 1} · ${follows}${silent ? " · silenced" : ""}`];
}

/** What silence changes. @returns {View} */
function mountEffect() {
  const root = element("inside-effect", HTMLElement);
  const losses = element("inside-losses", HTMLElement);
  const withAll = element("inside-with", HTMLElement);
  const withoutThem = element("inside-without", HTMLElement);
  const label = element("inside-without-label", HTMLElement);

  return ({ run, inside, unit }) => {
    root.hidden = !run || !inside.silenced.length;
    if (!run) return;
    const { effect } = inside;
    const layers = Number(run.config.layers);
    const absent = without(effect?.silenced ?? inside.silenced, layers);
    setText(losses, effect ? sayLosses(effect, absent, unit) : `Measuring it ${absent} …`);
    setText(label, capitalized(absent));
    setText(withAll, effect?.texts[0] ?? "");
    setText(withoutThem, effect?.texts[1] ?? "");
    root.setAttribute("aria-busy", String(!effect));
  };
}

/** @param {Effect} effect @param {string} absent @param {State["unit"]} unit */
function sayLosses({ losses, held_out }, absent, unit) {
  const [intact, silent] = losses.map((nats) => loss(inUnit(nats, unit)));
  const name = held_out ? "Held-out loss" : "Loss on the training text, for nothing is held out:";
  return `${name} ${intact} → ${silent} ${absent} (${unit} per character)`;
}
