/** Which network a lesson is about: a tiny one with a word and a seed, or the person's own. */

/** @import { LessonNumbers, LessonSetting } from "../types" */
/** @import { Chosen } from "./types" */

import { make } from "../dom.js";
import { units } from "./address.js";
import { button, isTyped, NumberControl } from "./controls.js";

/** @param {Chosen} chosen @param {LessonNumbers["defaults"]} defaults @returns {LessonSetting} */
export const settingOf = ({ word, seed, own = false, units = [] }, defaults) => ({
  word: word ?? defaults.word,
  seed: seed ?? defaults.seed,
  own,
  units,
});

/** Of all that is chosen, which network. @param {Chosen} chosen */
export const networkOf = ({ word, seed, own, units }) => ({ word, seed, own, units });

/** The next setting leaves of what is chosen in a word only what fits to any. @type {Chosen} */
const OF_THE_WORD = {
  t: undefined,
  on: undefined,
  unit: undefined,
  value: undefined,
  probability: undefined,
  step: undefined,
};

/**
 * Which units somebody has typed; undefined for those that are shown by themselves.
 * @param {string} typed 1, 2, 3
 * @returns {number[] | undefined | null} null if it isn't clear
 */
export function unitsIn(typed) {
  const list = typed.trim().replaceAll(/[\s,;]+/g, ",");
  return list ? (units.read(list) ?? null) : undefined;
}

export class NetworkControls {
  /** The word that is learned. */
  #shown = "";
  /** The units that are looked at. */
  #looked = "";

  /**
   * @param {(changes: Chosen) => void} change
   * @param {(problem: string | undefined) => void} tell
   * @param {boolean} hasSeed does it matter?
   */
  constructor(change, tell, hasSeed) {
    this.word = make("input", {
      id: "lesson-word",
      type: "text",
      className: "reading",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: false,
    });
    const take = () => {
      // With the word that is learned anyway, what was wrong with another is over.
      if (this.word.value === this.#shown) tell(undefined);
      else change({ ...OF_THE_WORD, word: this.word.value });
    };
    this.word.onchange = take;
    this.word.onkeydown = ({ key }) => {
      if (key === "Enter") take();
    };
    this.seed = new NumberControl(
      "Seed",
      "integer",
      (seed) => change({ seed, unit: undefined, value: undefined }),
      tell,
    );
    this.units = make("input", {
      id: "lesson-units",
      type: "text",
      autocomplete: "off",
      placeholder: "1, 2, 3",
    });
    this.units.onchange = () => {
      const typed = unitsIn(this.units.value);
      if (typed === null) tell("Units must be whole numbers from 1, such as 1, 2, 3");
      else change({ unit: undefined, value: undefined, units: typed });
    };
    this.own = button("", () => change({ ...OF_THE_WORD, own: !this.isOwn || undefined }));
    this.isOwn = false;
    const [wordRow, unitsRow] = [
      make("div", {}, make("label", { htmlFor: "lesson-word" }, "Word"), this.word),
      make("div", {}, make("label", { htmlFor: "lesson-units" }, "Units"), this.units),
    ];
    this.ofTiny = hasSeed ? [wordRow, this.seed.root] : [wordRow];
    this.ofOwn = [unitsRow];
    this.root = make(
      "div",
      { className: "network-controls" },
      ...this.ofTiny,
      ...this.ofOwn,
      this.own,
    );
  }

  /** @param {Chosen} chosen @param {LessonNumbers} [numbers] what Python has told, once it has */
  show({ word, seed, own = false, units: chosen }, numbers) {
    this.isOwn = own;
    const learned = word ?? numbers?.defaults.word ?? "";
    if (!isTyped(this.word, this.#shown, learned)) this.word.value = learned;
    this.#shown = learned;
    if (numbers) this.seed.show(seed ?? numbers.defaults.seed, numbers.seed, numbers.defaults.seed);
    const looked = units.write(chosen ?? []).replaceAll(",", ", ");
    if (!isTyped(this.units, this.#looked, looked)) this.units.value = looked;
    this.#looked = looked;
    for (const each of this.ofTiny) each.hidden = own;
    for (const each of this.ofOwn) each.hidden = !own;
    this.own.textContent = own ? "On the tiny network" : "On your own network";
  }
}
