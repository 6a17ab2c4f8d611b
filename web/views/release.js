/** The note that a new release of the page is there. */

/** @import { View } from "../types" */

import { element } from "../dom.js";

/**
 * @param {{ takeUpRelease(): void }} actions
 * @returns {View}
 */
export function mountRelease(actions) {
  const note = element("release", HTMLElement);
  element("take-up-release", HTMLButtonElement).onclick = actions.takeUpRelease;
  return ({ release }) => {
    note.hidden = release === null;
  };
}
