/** A cell of one's own: written, judged, used, and raced against others. */

export { cellActions as actions } from "./actions.js";
export const later = async () => (await import("./view.js")).mountOwnCell;
