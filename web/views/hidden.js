/** The panel inside the hidden state: a heatmap, one unit over the text, and silence. */

/** @import { Effect, HiddenUnit, Inside, Pairing, Reading, Run, State, View } from "../types" */

import { element, make, setText, showProblem } from "../dom.js";
import { count, inUnit, loss, nameUnits, signed, without } from "../format.js";
import { Heatmap } from "../heatmap.js";
import { Scale } from "../scale.js";

const EXTREMES = 4;
const BEFORE = 10;

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
  const notices = [
    mountNotice("sample-silenced", actions),
    mountNotice("writing-silenced", actions),
  ];
  panel.ontoggle = () => actions.toggleHidden(panel.open);

  return (state) => {
    const { run, inside } = state;
    for (const notice of notices) notice(state);
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

/** The unit that is looked at. @param {Inside} inside */
const chosen = ({ unit, units }) => unit ?? units[0]?.unit ?? 0;

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
  ["held-out", run?.validation_characters === 0 ? "Beginning of the text" : "Held-out part"],
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

/**
 * Have a combobox offer these values and labels, in place, for it may be open just now.
 * @param {HTMLSelectElement} select
 * @param {[string, string][]} choices
 * @param {string} [value]
 */
function offer(select, choices, value) {
  while (select.length > choices.length) select.remove(select.length - 1);
  while (select.length < choices.length) select.add(new Option());
  choices.forEach(([each, label], i) => {
    const option = select.options[i];
    if (option.value !== each) option.value = each;
    if (option.text !== label) option.text = label;
  });
  if (value !== undefined && select.value !== value) select.value = value;
}

/**
 * The heatmap, and below it the chosen unit over the text.
 * @param {Actions} actions
 * @returns {View}
 */
function mountPicture(actions) {
  const words = element("inside-words", HTMLElement);
  const legend = element("inside-scale", HTMLCanvasElement);
  const legendNumbers = element("inside-scale-numbers", HTMLElement);
  const passageName = element("inside-passage-name", HTMLElement);
  const passage = element("inside-passage", HTMLElement);
  const slider = element("inside-position", HTMLInputElement);
  const readout = element("inside-readout", HTMLElement);
  const extremes = element("inside-extremes", HTMLElement);
  const heatmap = new Heatmap(element("inside-heat", HTMLElement), point, choose);
  const dark = matchMedia("(prefers-color-scheme: dark)");

  /** @type {Reading | null} */
  let reading = null;
  /** @type {Pairing[]} */
  let units = [];
  /** @type {number[]} */
  let order = [];
  let scale = new Scale(-1, 1);
  let unit = 0;
  let position = 0;

  /** @param {number} row @param {number} column */
  function point(row, column) {
    position = column;
    showPosition(order[row]);
  }

  /** @param {number} row */
  function choose(row) {
    actions.chooseUnit(order[row]);
  }

  heatmap.box.onpointerleave = () => showPosition();
  slider.oninput = () => {
    position = slider.valueAsNumber;
    showPosition();
  };
  passage.onpointerover = (event) => {
    const index = [...passage.children].indexOf(/** @type {Element} */ (event.target));
    if (index < 0) return;
    position = index;
    showPosition();
  };
  passage.onkeydown = (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step || !reading) return;
    event.preventDefault();
    position = Math.max(0, Math.min(reading.characters.length - 1, position + step));
    showPosition();
  };
  dark.addEventListener("change", () => {
    if (!reading) return;
    drawAll(reading);
    paint(reading);
  });

  /** @param {Reading} now */
  function drawAll(now) {
    scale = new Scale(now.low, now.high);
    legend.getContext("2d")?.putImageData(scale.image, 0, 0);
    legendNumbers.replaceChildren(...legendOf(now).map((number) => make("span", {}, number)));
    heatmap.draw(order, now.characters, now.activations, scale);
  }

  /** The chosen unit over the text. @param {Reading} now */
  function paint(now) {
    const { characters } = now;
    if (passage.children.length !== characters.length) {
      passage.replaceChildren(...characters.map(() => make("span")));
    }
    const values = valuesOf(unit);
    characters.forEach((character, i) => {
      const span = /** @type {HTMLElement} */ (passage.children[i]);
      setText(span, character);
      span.classList.toggle("line-break", character === "\n");
      span.style.backgroundColor = scale.style(values[i]);
    });
    setText(passageName, `${heading(now)} of unit ${unit + 1}, over the text`);
    extremes.hidden = values.every((value) => value === values[0]);
    extremes.replaceChildren(...listExtremes(values));
    setText(words, describePicture(now, values));
    slider.max = String(characters.length - 1);
    position = Math.min(position, characters.length - 1);
    showPosition();
  }

  /** @param {number} of */
  function valuesOf(of) {
    const columns = reading?.characters.length ?? 0;
    return reading?.activations.subarray(of * columns, (of + 1) * columns) ?? new Float32Array();
  }

  /** Mark the character that is looked at, and say its value. @param {number} [of] the unit */
  function showPosition(of = unit) {
    if (!reading) return;
    slider.valueAsNumber = position;
    passage.querySelector(".here")?.classList.remove("here");
    passage.children[position]?.classList.add("here");
    heatmap.mark(order.indexOf(unit), position);
    const value = write(valuesOf(of)[position]);
    const character = nameCharacter(reading.characters[position]);
    const expected = `expected with ${(100 * reading.probabilities[position]).toFixed(1)}\u00a0%`;
    setText(readout, `unit ${of + 1} at ${character}: ${value} · ${expected}`);
    slider.setAttribute("aria-valuetext", `${character}, ${value}`);
  }

  /** @param {number} number */
  const write = (number) => (scale.low < 0 ? signed(number) : number.toFixed(2));

  /**
   * Where a unit is highest and lowest, in words, for colours alone say little.
   * @param {Float32Array} values
   */
  function listExtremes(values) {
    const falling = Array.from(values.keys()).sort((a, b) => values[b] - values[a]);
    /** @param {string} name @param {number[]} where */
    const list = (name, where) => {
      const places = where.map((place) => make("dd", {}, write(values[place]), excerpt(place)));
      return make("div", {}, make("dt", {}, name), ...places);
    };
    return [
      list("Highest at", apart(falling)),
      list("Lowest at", apart(falling.toReversed())),
    ];
  }

  /** A character with some before it. @param {number} place */
  function excerpt(place) {
    const characters = (reading?.characters ?? []).map((each) => (each === "\n" ? "↵" : each));
    const before = characters.slice(Math.max(0, place - BEFORE), place).join("");
    return make("q", {}, before, make("mark", {}, characters[place]));
  }

  /** The picture for those who can't see it. @param {Reading} now @param {Float32Array} values */
  function describePicture(now, values) {
    const pairing = units.find((each) => each.unit === unit);
    const follows = pairing?.feature
      ? `it goes with “${pairing.feature}” (correlation ${signed(pairing.correlation)})`
      : "it follows none of the features";
    return (
      `${heading(now)} of ${count(order.length)} units over ${count(now.characters.length)} ` +
      `characters. Of them, unit ${unit + 1} is chosen: ${follows}, and goes from ` +
      `${write(Math.min(...values))} to ${write(Math.max(...values))} in this passage.`
    );
  }

  return ({ inside }) => {
    const now = inside.reading;
    if (!now) {
      reading = null;
      return;
    }
    const fresh = now !== reading || inside.units !== units;
    const picked = chosen(inside);
    if (!fresh && picked === unit) return;
    unit = picked;
    if (fresh) {
      reading = now;
      units = inside.units;
      order = units.map((each) => each.unit);
      drawAll(now);
    }
    paint(now);
  };
}

/** The ends and the middle of the scale. @param {Reading} reading */
function legendOf({ activations, low, high }) {
  if (low === 0) return ["0", String(high / 2), String(high)];
  const beyond = activations.some((value) => Math.abs(value) > high);
  return [`−${high}${beyond ? " or less" : ""}`, "0", `+${high}${beyond ? " or more" : ""}`];
}

/** The first few of these places that are not close to an earlier one. @param {number[]} places */
function apart(places) {
  /** @type {number[]} */
  const kept = [];
  for (const place of places) {
    if (kept.every((each) => Math.abs(each - place) > BEFORE)) kept.push(place);
    if (kept.length === EXTREMES) break;
  }
  return kept;
}

/** @param {Reading} reading */
const heading = ({ name }) => name[0].toUpperCase() + name.slice(1);

/** @param {string} character */
function nameCharacter(character) {
  if (character === "\n") return "a line break";
  return character === " " ? "a space" : `“${character}”`;
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
    setText(label, absent[0]?.toUpperCase() + absent.slice(1));
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

/**
 * Says where the network writes that it does so without some units.
 * @param {string} id
 * @param {Actions} actions
 * @returns {View}
 */
function mountNotice(id, actions) {
  const notice = element(id, HTMLElement);
  const [words, button] = notice.children;
  /** @type {HTMLButtonElement} */ (button).onclick = () => actions.silenceNone();
  return ({ run, inside }) => {
    const { silenced } = inside;
    notice.hidden = !run || !silenced.length;
    if (!run || !silenced.length) return;
    const verb = silenced.length > 1 ? "are" : "is";
    const named = nameUnits(silenced, Number(run.config.layers));
    setText(words, `${named[0].toUpperCase()}${named.slice(1)} ${verb} silenced.`);
  };
}
