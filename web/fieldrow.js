/** A row for something that can be set. */

/** @import { Field, NumberField } from "./types" */

import { make, showProblem } from "./dom.js";
import { NumberBox } from "./numberbox.js";

/** @typedef {NumberField & Pick<Field, "help"> & Partial<Pick<Field, "choices">>} RowField */

/**
 * A label, a control, what it means, and what is wrong with it.
 * @template {string} Name
 */
export class FieldRow {
  /**
   * @param {RowField & { name: Name }} field
   * @param {(name: Name, typed: string, finished: boolean) => void} type
   */
  constructor(field, type) {
    const { name, label, help } = field;
    const id = `field-${name}`;
    this.name = name;
    const take = (/** @type {string} */ typed, /** @type {boolean} */ finished) =>
      type(name, typed, finished);
    this.box = field.choices ? new Choice(field.choices, take) : new NumberBox(field, take);
    this.control = this.box.control;
    this.control.id = id;
    this.control.setAttribute("aria-describedby", `${id}-help ${id}-problem`);
    this.problem = make("p", {
      id: `${id}-problem`,
      className: "problem",
      role: "alert",
      hidden: true,
    });
    this.root = make(
      "div",
      { className: "field" },
      make("label", { htmlFor: id }, label),
      this.box.root,
      make("p", { id: `${id}-help`, className: "hint" }, help),
      this.problem,
    );
  }

  /** @param {string} value @param {string | undefined} problem @param {boolean} [enabled] */
  show(value, problem, enabled = true) {
    this.box.show(value);
    this.control.disabled = !enabled;
    showProblem(this.problem, problem, this.control);
  }
}

/** A menu, with what a number box has. */
class Choice {
  /** @param {Record<string, string>} choices @param {(typed: string, finished: boolean) => void} type */
  constructor(choices, type) {
    this.root = this.control = make("select");
    for (const [value, label] of Object.entries(choices)) {
      this.control.add(new Option(label, value));
    }
    this.control.onchange = () => type(this.control.value, true);
  }

  /** @param {string} value */
  show(value) {
    if (this.control.value !== value) this.control.value = value;
  }
}
