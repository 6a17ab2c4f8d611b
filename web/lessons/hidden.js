/** Lesson 2: the hidden state, and what hangs on one number of it. */

/** @import { Guess, HiddenLesson } from "../types" */
/** @import { Lesson } from "./types" */

import { make, offer } from "../dom.js";
import { signed, visible } from "../format.js";
import { place, real, whole } from "./address.js";
import { button, menu, Slider, TimeStep } from "./controls.js";
import { fillTable } from "./table.js";

/** @type {Lesson<HiddenLesson>} */
export const hidden = {
  kinds: { t: whole, unit: place, value: real },

  ask: (ask, setting, { t, unit, value }) => ask("hidden", setting, t, unit, value),

  mount({ change, numbers }) {
    const time = new TimeStep((t) => change({ t, unit: undefined, value: undefined }));
    const units = menu("Unit of h", (unit) => change({ unit: Number(unit), value: undefined }));
    const value = new Slider("Its value", (number) =>
      change({ unit: Number(units.control.value), value: number }),
    );
    value.root.classList.add("short"); // there is room for another beside it
    const leave = button("As it was", () => change({ value: undefined }));
    const table = make("table");

    return {
      controls: [time.root, units.root, value.root, leave],
      seen: [table],
      show(answer, { t, unit, value: chosen }) {
        const { scene, characters, state } = answer;
        time.show(scene, t);
        offer(
          units.control,
          answer.units.map((name, place) => [String(place), name]),
          String(unit ?? 0),
        );
        // As the network has it, until it is changed.
        const number = (unit === undefined ? undefined : chosen) ?? state[unit ?? 0];
        const [least, most] = numbers().value;
        value.show(number, { least, most, step: 0.01, words: signed(number) });
        leave.disabled = chosen === undefined;
        const head = ["Read", "Next", ...characters.map((each) => `p(${visible(each)})`)];
        const rows = answer.after.map((guess, place) => row(guess, answer.before[place]));
        fillTable(table, "Guesses after each time step", head, rows, (at) => at === scene.step);
      },
    };
  },
};

/** So that one sees small changes, too. @param {number} probability */
const precisely = (probability) => `${(100 * probability).toFixed(1)} %`;

/** Probabilities, with what they were before something was changed. @param {Guess} after @param {Guess} before */
function row(after, before) {
  const cells = after.probabilities.map((probability, place) => {
    const was = before.probabilities[place];
    if (probability === was) return precisely(probability);
    return make(
      "span",
      {},
      precisely(probability),
      make("small", { className: "was" }, `was ${precisely(was)}`),
    );
  });
  return [visible(after.character), visible(after.target), ...cells];
}
