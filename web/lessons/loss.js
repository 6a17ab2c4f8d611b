/** Lesson 3: the loss of a guess, and of a word. */

/** @import { LossLesson, Surprise } from "../types" */
/** @import { Lesson } from "./types" */

import { make } from "../dom.js";
import { rough } from "../format.js";
import { real, whole } from "./address.js";
import { button, Slider, TimeStep } from "./controls.js";
import { LossCurve } from "./losscurve.js";
import { fillTable } from "./table.js";

/** @type {Lesson<LossLesson>} */
export const loss = {
  kinds: { t: whole, probability: real },

  ask: (ask, setting, { t, probability }) => ask("loss", setting, t, probability),

  mount({ change, numbers }) {
    const time = new TimeStep((t) => change({ t, probability: undefined }));
    const probability = new Slider("Probability of the right character", (value) =>
      change({ probability: value }),
    );
    probability.root.classList.add("long");
    const leave = button("As the network has it", () => change({ probability: undefined }));
    const curve = new LossCurve();
    const [known, steps] = [make("table"), make("table")];

    return {
      controls: [time.root, probability.root, leave],
      seen: [curve.root, known, steps],
      show(answer, { t, probability: wanted }) {
        const { scene, chosen, known: others, steps: all, total } = answer;
        const [least, most] = numbers().probability;
        time.show(scene, t);
        const p = wanted ?? chosen.probability;
        probability.show(p, { least, most, step: 0.001, words: three(p) });
        leave.disabled = wanted === undefined;
        curve.show(answer.curve, chosen);
        fillTable(
          known,
          "How wrong a guess was",
          HEAD,
          [chosen, ...others].map(row),
          (at) => at === 0,
        );
        const sum = ["Total", "", three(total), ""];
        fillTable(
          steps,
          "The loss of the word",
          ["Guess", ...HEAD.slice(1)],
          [...all.map(row), sum],
          (at) => at === scene.step,
        );
      },
    };
  },
};

const HEAD = ["What came", "Probability p", "Loss −ln p", "e^loss"];

/** @param {number} number */
const three = (number) => number.toFixed(3);

/** @param {Surprise} surprise */
const row = ({ label, probability, loss, choices }) => [
  label,
  three(probability),
  three(loss),
  rough(choices),
];
