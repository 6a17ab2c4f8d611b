/** The story so far: what the network wrote at each stage of its learning. */

export { storyActions as actions } from "./actions.js";
export const later = async () => (await import("./view.js")).mountStory;
