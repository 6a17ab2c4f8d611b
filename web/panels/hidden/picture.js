/** The picture of the hidden state: a heatmap, and below it the chosen unit over the text. */

/** @import { Inside, Pairing, Reading, View } from "../../types" */

import { element, make, setText } from "../../dom.js";
import { capitalized, count, signed, spoken } from "../../format.js";
import { Heatmap } from "../../heatmap.js";
import { Scale } from "../../scale.js";

const EXTREMES = 4;
const BEFORE = 10;

/** The unit that is looked at. @param {Inside} inside */
export const chosen = ({ unit, units }) => unit ?? units[0]?.unit ?? 0;

/** @param {{ chooseUnit(unit: number): void }} actions @returns {View} */
export function mountPicture(actions) {
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
    const character = spoken(reading.characters[position]);
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
const heading = ({ name }) => capitalized(name);
