/** Lesson 1: a sequence, and its next character as target. */

/** @import { SequenceLesson } from "../types" */
/** @import { Lesson } from "./types" */

import { make } from "../dom.js";
import { spoken, visible } from "../format.js";
import { whole } from "./address.js";
import { fillTable } from "./table.js";

/** @type {Lesson<SequenceLesson>} */
export const sequence = {
  kinds: { t: whole },
  isUntrained: true,

  ask: (ask, setting, { t }) => ask("sequence", setting, t),

  mount({ change }) {
    const characters = make("div", {
      className: "characters",
      role: "group",
      ariaLabel: "Characters of the word",
    });
    const table = make("table");

    return {
      controls: [characters],
      seen: [table],
      show({ scene: { inputs, targets, step } }) {
        // What nothing follows has no target, and is no input.
        const all = [...inputs, ...targets.slice(-1)];
        const made = characters.children.length === all.length;
        if (!made) {
          characters.replaceChildren(
            ...all.map((_, t) => make("button", { type: "button", onclick: () => change({ t }) })),
          );
        }
        all.forEach((each, t) => {
          const button = /** @type {HTMLButtonElement} */ (characters.children[t]);
          button.textContent = visible(each);
          button.title = t === inputs.length ? "Nothing follows it, so it has no target" : "";
          button.disabled = t === inputs.length;
          button.ariaPressed = String(t === step);
          button.ariaLabel =
            t < inputs.length
              ? `${spoken(each)}, time step ${t}`
              : `${spoken(each)}, which has no target`;
        });
        const rows = inputs.map((each, t) => [String(t), visible(each), visible(targets[t])]);
        fillTable(
          table,
          "The word, and the same word shifted by one",
          ["Time step", "Input", "Target"],
          rows,
          (t) => t === step,
        );
      },
    };
  },
};
