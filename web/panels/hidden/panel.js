/** Inside the hidden state: what each unit does, and what happens without it. */

export { hiddenActions as actions } from "./actions.js";
export const later = async () => (await import("./view.js")).mountHidden;
