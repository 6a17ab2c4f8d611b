/** The text panel: what the network is to learn. */

/** @import { State, View } from "../../types" */

import { mountDataBox } from "../../databox.js";
import { element, setText, showProblem } from "../../dom.js";
import { exampleOf } from "../../examples/index.js";
import { count } from "../../format.js";
import { mountFiles, takeDropped } from "../../opened.js";
import { onlyAt } from "../../places.js";
import { sameSetting } from "../../settings.js";
import { isUntouched, permissions } from "../../store.js";

const OWN = "The network learns whatever you put here: a letter, a poem, a list, code.";

/**
 * @param {{
 *   typeSetting(name: string, typed: string, finished: boolean): void,
 *   takeTo(place: "numbers"): void,
 * } & Parameters<typeof mountDataBox>[1] & Parameters<typeof mountFiles>[1]} actions
 * @returns {View}
 */
export function mountText(actions) {
  const watch = element("watch", HTMLElement);
  const counts = element("counts", HTMLElement);
  const order = element("order-words", HTMLElement);
  const otherOrder = element("other-order", HTMLButtonElement);
  const linkProblem = element("link-problem", HTMLElement);
  const newcomers = element("newcomers", HTMLElement);
  const isTable = element("is-table", HTMLElement);
  element("take-to-numbers", HTMLButtonElement).onclick = () => actions.takeTo("numbers");
  const box = mountDataBox("text", actions);
  const files = mountFiles("text", actions);
  takeDropped(actions.openFiles);

  return onlyAt("text", (state) => {
    box(state);
    newcomers.hidden = !isUntouched(state);
    setText(watch, exampleOf(state.example)?.watch ?? OWN);
    const { description } = state;
    setText(order, orderWords(state));
    const isList = orderOf(state) === "lines";
    otherOrder.hidden = !order.textContent || !permissions(state).settings;
    setText(otherOrder, isList ? "Learn it as it stands" : "Learn it line by line");
    otherOrder.onclick = () => actions.typeSetting("order", isList ? "text" : "lines", true);
    isTable.hidden = !description?.elsewhere;
    if (description) {
      setText(
        counts,
        `${count(description.characters)} characters, ${count(description.distinct)} distinct`,
      );
    }
    showProblem(linkProblem, state.problems.link);
    files(state);
  });
}

/** In what order a text is learned. @param {State} state */
function orderOf({ description, settings, touched, run, text }) {
  // Of a run, as it was begun; else, while there is another run, the boxes have what suits that one.
  const suited = touched.has("order") ? settings.order : description?.config?.order;
  return run?.text === text ? run.config.order : suited;
}

/** How a list is learned. @param {State} state */
function orderWords(state) {
  const { description, settings, fields } = state;
  const what = description?.lines ? `A list of ${count(description.lines)} lines` : "Line by line";
  if (!description) return "";
  if (orderOf(state) !== "lines") return description.lines ? `${what}, learned as it stands.` : "";
  const validation = fields.find(({ name }) => name === "validation");
  const nothing = validation && sameSetting(validation, settings.validation, 0);
  const tried = nothing ? "" : ", and is tried on some from all over, which it never learns";
  return `${what}: the network learns them in an order drawn by the seed${tried}.`;
}
