/** The box for how many steps ahead a series is forecast. */

/** @import { NumberField, State } from "../../types" */

/** @param {Pick<State, "about">} state @returns {NumberField} */
export const horizonField = ({ about }) => ({
  label: "Horizon",
  kind: "integer",
  minimum: 1,
  maximum: about?.numbers.horizon ?? Infinity,
});
