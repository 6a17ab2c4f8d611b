/** Kept runs: those of this browser, to be opened, kept and compared. */

export { shelfActions as actions } from "./actions.js";
export const later = async () => (await import("./view.js")).mountShelf;
