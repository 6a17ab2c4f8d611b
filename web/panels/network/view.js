/** The network panel: one row for each hyperparameter that Python knows. */

/** @import { Field, State, View } from "../../types" */

import { element } from "../../dom.js";
import { FieldRow } from "../../fieldrow.js";
import { sameSetting } from "../../settings.js";
import { permissions } from "../../store.js";

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
  /** @type {FieldRow<string>[]} */
  let rows = [];
  /** @type {Field[]} */
  let built = [];

  /** @param {Field[]} fields */
  function build(fields) {
    built = fields;
    // Where the season stands beside the numbers, it is known already.
    rows = fields.filter(({ name }) => name !== "season").map((field) => new FieldRow(field, actions.typeSetting));
    const isUsual = (/** @type {FieldRow<string>} */ row) => USUAL.includes(row.name);
    rows.sort((a, b) => USUAL.indexOf(a.name) - USUAL.indexOf(b.name));
    usual.replaceChildren(...rows.filter(isUsual).map((row) => row.root));
    others.replaceChildren(...rows.filter((row) => !isUsual(row)).map((row) => row.root));
    advanced.hidden = false;
  }

  return (state) => {
    if (built !== state.fields) build(state.fields);
    const enabled = permissions(state).settings;
    for (const row of rows) {
      const { name } = row;
      const idle = isIdle(name, state);
      row.show(state.settings[name] ?? "", state.problems[name], enabled && !idle);
    }
  };
}

/** Has a setting no effect beside the others? @param {string} name @param {State} state */
function isIdle(name, { fields, settings }) {
  const idleIf = fields.find((field) => field.name === name)?.idle_if;
  const other = fields.find((field) => field.name === idleIf?.name);
  return other && idleIf ? sameSetting(other, settings[other.name], idleIf.value) : false;
}
