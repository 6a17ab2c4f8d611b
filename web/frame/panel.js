/** What is around the panels: the header, and what the page tells and asks as a whole. */

/** @import { View } from "../types" */

import { mountHeader } from "./header.js";
import { mountRelease } from "./release.js";

export { releaseActions as actions } from "./release.js";

/**
 * @param {Parameters<typeof mountHeader>[0] & Parameters<typeof mountRelease>[0]} actions
 * @returns {View}
 */
export function mount(actions) {
  const [header, release] = [mountHeader(actions), mountRelease(actions)];
  return (state) => {
    header(state);
    release(state);
  };
}
