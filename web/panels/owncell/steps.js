/** The box for how many steps a race has. */

/** @import { NumberField, State } from "../../types" */

/** @param {Pick<State, "about" | "boot">} state @returns {NumberField} */
export function stepsField({ about, boot }) {
  const [minimum, maximum] = (about ?? boot).numbers?.race ?? [1, Infinity];
  return { label: "Race steps", kind: "integer", minimum, maximum, optional: false };
}
