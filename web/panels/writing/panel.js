/** A prompt, what the network makes of it, and what else could have come. */

export { writingActions as actions } from "./actions.js";
export { mountWriting as mount } from "./view.js";
