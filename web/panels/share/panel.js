/** Share and take home: a link, the model file, a program. */

export { shareActions as actions } from "./actions.js";
export const later = async () => (await import("./view.js")).mountShare;
