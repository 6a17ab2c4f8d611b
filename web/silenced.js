/** Says where the network writes that it does so without some of its units. */

/** @import { View } from "./types" */

import { element, setText } from "./dom.js";
import { capitalized, nameUnits } from "./format.js";

/**
 * @param {string} id of the notice
 * @param {{ silenceNone(): void }} actions
 * @returns {View}
 */
export function mountSilenced(id, actions) {
  const notice = element(id, HTMLElement);
  const [words, button] = notice.children;
  /** @type {HTMLButtonElement} */ (button).onclick = () => actions.silenceNone();
  return ({ run, inside }) => {
    const { silenced } = inside;
    notice.hidden = !run || !silenced.length;
    if (!run || !silenced.length) return;
    const verb = silenced.length > 1 ? "are" : "is";
    const named = nameUnits(silenced, Number(run.config.layers));
    setText(words, `${capitalized(named)} ${verb} silenced.`);
  };
}
