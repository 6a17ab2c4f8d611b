/** The network panel: one row for each hyperparameter that Python knows. */

/** @import { Field, View } from "../types" */

import { element, make, showProblem } from "../dom.js";
import { permissions } from "../store.js";

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
    this.control = field.choices ? choice(field.choices) : number(field);
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
      this.control,
      make("p", { id: `${id}-help`, className: "hint" }, help),
      this.problem,
    );
    this.control.oninput = () => type(name, this.control.value, false);
    this.control.onchange = () => type(name, this.control.value, true);
  }

  /** @param {string} value @param {string | undefined} problem @param {boolean} enabled */
  show(value, problem, enabled) {
    // A half-typed number reads as "", and must not be wiped while it is being typed.
    if (this.control.value !== value) this.control.value = value;
    this.control.disabled = !enabled;
    showProblem(this.problem, problem, this.control);
  }
}

/** @param {string[]} choices */
function choice(choices) {
  const select = make("select");
  for (const each of choices) select.add(new Option(CHOICE_NAMES[each] ?? each, each));
  return select;
}

/** @type {Record<string, string>} */
const CHOICE_NAMES = {
  rnn: "RNN",
  lstm: "LSTM",
  gru: "GRU",
  sgd: "SGD",
  rmsprop: "RMSprop",
  adam: "Adam",
  inverse_sqrt: "inverse square root",
};

/** @param {Field} field */
function number(field) {
  const input = make("input", { type: "number", inputMode: "decimal" });
  if (field.kind === "integer") {
    input.inputMode = "numeric";
    input.min = String(field.minimum);
  } else {
    // Arrow keys move by the largest power of ten below the default: one step down from it is not
    // yet 0. They would count from a minimum if there were one: 0.01, 0.011001.
    input.step = String(10 ** (Math.ceil(Math.log10(Number(field.default) || 0.5)) - 1));
  }
  input.max = String(field.maximum);
  return input;
}
