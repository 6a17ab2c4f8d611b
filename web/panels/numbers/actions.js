/** What can be done with numbers and with text alike: take them where they belong. */

/** @import { App } from "../../main.js" */
/** @import { Place } from "../../types" */
/** @import { textActions } from "../text/actions.js" */

import { boxAt } from "../../databox.js";

/**
 * @param {App} app
 * @param {ReturnType<typeof textActions> & { goTo(place: Place): Promise<boolean> }} others
 */
export function numberActions(app, others) {
  /** Learn what is in the box at another place. @param {Place} place */
  async function takeTo(place) {
    const { text } = app.store.state;
    if (!(await others.goTo(place)) || !(await others.makeRoom("This"))) return;
    others.setText(text);
    boxAt(place).focus();
  }

  return { takeTo };
}
