/** The network panel: one row for each hyperparameter that Python knows. */

/** @import { Field, View } from "../types" */

import { element, make, showProblem } from "../dom.js";
import { permissions } from "../store.js";
import { NumberBox } from "./numberbox.js";

/** What most people want to change; the rest is advanced. */
const USUAL = [
  "cell",
  "hidden_size",
  "layers",
  "learning_rate",
  "sequence_length",
  "batch_size",
  "seed",
];

/**
 * @param {{ typeSetting(name: string, typed: string, finished: boolean): void }} actions
 * @returns {View}
 */
export function mountNetwork(actions) {
  const usual = element("fields", HTMLElement);
  const advanced = element("advanced", HTMLDetailsElement);
  const others = element("advanced-fields", HTMLElement);
  /** @type {Row[]} */
  let rows = [];

  /** @param {Field[]} fields */
  function build(fields) {
    rows = fields.map((field) => new Row(field, actions.typeSetting));
    const isUsual = (/** @type {Row} */ row) => USUAL.includes(row.field.name);
    rows.sort((a, b) => USUAL.indexOf(a.field.name) - USUAL.indexOf(b.field.name));
    usual.replaceChildren(...rows.filter(isUsual).map((row) => row.root));
    others.replaceChildren(...rows.filter((row) => !isUsual(row)).map((row) => row.root));
    advanced.hidden = false;
  }

  return (state) => {
    if (rows.length !== state.fields.length) build(state.fields);
    const enabled = permissions(state).settings;
    for (const row of rows) {
      const { name } = row.field;
      row.show(state.settings[name] ?? "", state.problems[name], enabled);
    }
  };
}

/** A label, a control, what it means, and what is wrong with it. */
class Row {
  /**
   * @param {Field} field
   * @param {(name: string, typed: string, finished: boolean) => void} type
   */
  constructor(field, type) {
    const { name, label, help } = field;
    const id = `field-${name}`;
    this.field = field;
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

  /** @param {string} value @param {string | undefined} problem @param {boolean} enabled */
  show(value, problem, enabled) {
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
