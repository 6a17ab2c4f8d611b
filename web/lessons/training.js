/** Lesson 7: a step of learning, and many. */

/** @import { TrainingLesson } from "../types" */
/** @import { Lesson } from "./types" */

import { make, setText } from "../dom.js";
import { count, scientific, visible } from "../format.js";
import { real, whole } from "./address.js";
import { NumberControl, Slider, TimeStep } from "./controls.js";
import { StepPlot } from "./stepplot.js";
import { fillTable } from "./table.js";

/** @type {Lesson<TrainingLesson>} */
export const training = {
  kinds: { step: whole, t: whole, rate: real, clip: real },

  ask: (ask, setting, { step = 0, t, rate, clip }, defaults) =>
    ask("training", setting, step, t, rate ?? defaults.rate, clip ?? defaults.clip),

  mount({ change, tell, numbers }) {
    const slider = new Slider("Training step", (step) => change({ step }));
    const time = new TimeStep((t) => change({ t }));
    const rate = new NumberControl("Learning rate", "number", (to) => change({ rate: to }), tell);
    const clip = new NumberControl("Clip", "number", (to) => change({ clip: to }), tell);
    const losses = new StepPlot("Loss", "mean, nats");
    const lengths = new StepPlot("Length of the gradient", "unclipped");
    const said = make("p", { role: "status", ariaLabel: "At this step" });
    const table = make("table");

    return {
      controls: [slider.root, time.root, rate.root, clip.root],
      seen: [said, make("div", { className: "step-plots" }, losses.root, lengths.root), table],
      show(answer, { step = answer.training_step, t, ...chosen }) {
        const limits = numbers();
        const { defaults } = limits;
        const most = answer.losses.length - 1;
        slider.show(step, { least: 0, most, words: `${step} of ${most}` });
        time.show(answer.scene, t);
        rate.show(chosen.rate ?? defaults.rate, limits.rate, defaults.rate);
        clip.show(chosen.clip ?? defaults.clip, limits.clip, defaults.clip);
        setText(said, inWords(answer));
        losses.show(answer.losses, answer.training_step);
        lengths.show(answer.lengths, answer.training_step);
        const rows = answer.words.map((word, place) => [
          count(answer.word_steps[place]),
          make("span", { className: "reading" }, Array.from(word, visible).join("")),
        ]);
        fillTable(
          table,
          "What it writes, after the first character",
          ["Training step", "It writes"],
          rows,
        );
      },
      leave() {
        losses.place.clear();
        lengths.place.clear();
      },
    };
  },
};

/** @param {TrainingLesson} answer */
function inWords({ training_step: step, losses, lengths, factor }) {
  const when = step === 1 ? "After 1 step of training" : `After ${step} steps of training`;
  const loss = `${when} the mean loss is ${finite(losses[step])}`;
  const length = `The gradient for the next step has length ${finite(lengths[step])}`;
  const clipped =
    factor === 1 ? "not clipped" : `multiplied by ${finite(factor)} for the clip`;
  return `${loss}. ${length}, and is ${clipped}.`;
}

/** @param {number} number */
const finite = (number) => (Number.isFinite(number) ? scientific(number) : "no number any more");
