/** Check my gradients: whether backpropagation computes what it should. */

export { checkActions as actions } from "./actions.js";
export const later = async () => (await import("./view.js")).mountCheck;
