/** Lesson 5: shared weights, whose gradient is a sum over time. */

/** @import { SharedLesson } from "../types" */
/** @import { Lesson } from "./types" */

import { make, setText } from "../dom.js";
import { visible } from "../format.js";
import { flags, whole } from "./address.js";
import { button, checkBox, TimeStep } from "./controls.js";
import { Tables } from "./values.js";

/** @type {Lesson<SharedLesson>} */
export const shared = {
  kinds: { t: whole, on: flags },

  ask: (ask, setting, { t, on }) => ask("shared", setting, t, on),

  mount({ change }) {
    const time = new TimeStep((t) => change({ t }));
    const switches = make("div", {
      className: "switches",
      role: "group",
      ariaLabel: "Shares that are added",
    });
    /** @type {ReturnType<typeof checkBox>[]} */
    let boxes = [];
    const states = () => boxes.map(({ control }) => control.checked);
    const all = button("All", () => change({ on: boxes.map(() => true) }));
    const none = button("None", () => change({ on: boxes.map(() => false) }));
    const sums = new Tables();
    const shares = new Tables();
    const said = make("p", { role: "status", ariaLabel: "What is added" });

    return {
      controls: [time.root, switches, all, none],
      seen: [said, sums.root, shares.root],
      show({ scene, shares: each, total, whole }, { t, on }, symbols) {
        time.show(scene, t);
        if (boxes.length !== each.length) {
          boxes = each.map((_, step) => checkBox("", () => change({ on: states(), t: step })));
          switches.replaceChildren(...boxes.map(({ root }) => root));
        }
        boxes.forEach(({ control, name }, step) => {
          control.checked = on?.[step] ?? false;
          setText(name, `Share of ${step}`);
        });
        const added = each.flatMap((_, step) => (on?.[step] ? [step] : []));
        setText(said, inWords(added, each.length));
        const sumWords = ["added up so far", "the whole gradient, as backward returns it"];
        sums.show([total, whole], symbols, (place) => sumWords[place]);
        const share = (/** @type {number} */ step) =>
          `share of time step ${step}, reading ${visible(scene.inputs[step])}: ${on?.[step] ? "added" : "left out"}`;
        shares.show(each, symbols, share, (step) => !on?.[step]);
      },
    };
  },
};

/** @param {number[]} added @param {number} all */
function inWords(added, all) {
  if (added.length === 0) return "No share is added yet.";
  if (added.length === all) return "All shares are added: this is what backward returns.";
  const shares = added.length > 1 ? "the shares of time steps" : "the share of time step";
  return `Added: ${shares} ${added.join(", ")}.`;
}
