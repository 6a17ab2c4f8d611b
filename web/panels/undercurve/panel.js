/** Hidden units under the curve: what a network's memory does while it reads a series. */

export { underCurveActions as actions } from "./actions.js";
export const later = async () => (await import("./view.js")).mountUnderCurve;
