/** Gradient through time: how far back a mistake reaches. */

export { gradientActions as actions } from "./actions.js";
export const later = async () => (await import("./view.js")).mountGradient;
