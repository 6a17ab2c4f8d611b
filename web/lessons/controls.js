/** What is touched in a lesson: controls with their names and values. */

/** @import { NumberField, Scene } from "../types" */

import { make, setText } from "../dom.js";
import { visible } from "../format.js";
import { NumberBox } from "../numberbox.js";
import { readNumber } from "../numbers.js";

/** @typedef {{ least: number, most: number, step?: number, words?: string }} SliderRange */

let made = 0;
const newId = () => `lesson-control-${(made += 1)}`;

/**
 * Whether somebody types in a box, in which nothing new is to be shown.
 * @param {HTMLInputElement} control
 * @param {unknown} before what was shown last
 * @param {unknown} now what is to be shown
 */
export const isTyped = (control, before, now) =>
  before === now && control === document.activeElement;

/** A slider, with its value beside its name. */
export class Slider {
  /** @param {string} name @param {(value: number) => void} slide */
  constructor(name, slide) {
    const id = newId();
    this.value = make("span", { className: "value", ariaHidden: "true" });
    this.control = make("input", { type: "range", id, disabled: true });
    this.control.oninput = () => slide(this.control.valueAsNumber);
    const head = make(
      "div",
      { className: "split" },
      make("label", { htmlFor: id }, name),
      this.value,
    );
    this.root = make("div", { className: "slider" }, head, this.control);
  }

  /** @param {number} value @param {SliderRange} range with the value in words, if it isn't said by its number */
  show(value, { least, most, step = 1, words = String(value) }) {
    const { control } = this;
    Object.assign(control, {
      min: String(least),
      max: String(most),
      step: String(step),
      disabled: false,
    });
    control.value = String(value);
    setText(this.value, words);
    control.setAttribute("aria-valuetext", words);
  }
}

/** A box for a number, which says what is wrong with what stands in it. */
export class NumberControl {
  /** @type {number | undefined} */
  #shown;

  /**
   * @param {string} label
   * @param {"number" | "integer"} kind
   * @param {(value: number) => void} take
   * @param {(problem: string | undefined) => void} tell
   */
  constructor(label, kind, take, tell) {
    const id = newId();
    /** @type {NumberField} */
    this.field = { label, kind };
    this.box = new NumberBox(this.field, (typed, finished) => {
      tell(undefined);
      if (!finished) return;
      const { field } = this;
      const { value, problem } = {
        problem: undefined,
        value: undefined,
        ...readNumber(field, typed),
      };
      if (problem !== undefined) tell(problem);
      else if (value !== undefined) take(value);
    });
    this.box.control.id = id;
    this.root = make(
      "div",
      { className: "stacked number" },
      make("label", { htmlFor: id }, label),
      this.box.root,
    );
  }

  /** @param {number} value @param {[number, number]} limits @param {number} usual if nothing is chosen */
  show(value, [minimum, maximum], usual) {
    if (this.field.maximum !== maximum) {
      this.field = { ...this.field, minimum, maximum, default: usual };
      this.box.is(this.field);
    }
    if (!isTyped(this.box.control, this.#shown, value)) this.box.show(String(value));
    this.#shown = value;
  }
}

/** @param {string} label @param {(checked: boolean) => void} change */
export function checkBox(label, change) {
  const control = make("input", { type: "checkbox" });
  const name = make("span", {}, label);
  control.onchange = () => change(control.checked);
  return { control, name, root: make("label", { className: "check-box" }, control, name) };
}

/** A menu. @param {string} name @param {(value: string) => void} choose */
export function menu(name, choose) {
  const id = newId();
  const control = make("select", { id });
  control.onchange = () => choose(control.value);
  return {
    control,
    root: make("div", { className: "stacked" }, make("label", { htmlFor: id }, name), control),
  };
}

/** @param {string} name @param {() => void} press */
export const button = (name, press) => make("button", { type: "button", onclick: press }, name);

/** The time step: which of how many, and what is read there. */
export class TimeStep {
  /** @param {(t: number) => void} go */
  constructor(go) {
    this.slider = new Slider("Time step", go);
    this.root = this.slider.root;
  }

  /**
   * @param {Scene} scene what is shown
   * @param {number} [chosen] what is asked for, and may not be there yet
   */
  show({ step, inputs }, chosen = step) {
    const words = `${chosen}, reading ${visible(inputs[chosen] ?? "")}`;
    this.slider.show(chosen, { least: 0, most: inputs.length - 1, words });
  }
}
