/** How the errors of all models grow with the distance: a line for each. */

/** @import { Judged } from "../../types" */
/** @import { PlotOptions } from "../../plot.js" */

import { element, make, setText, token } from "../../dom.js";
import { count, value } from "../../format.js";
import { axis, finite, lineKey, PlotPlace } from "../../plot.js";
import { valueAxis } from "../../seriesplot.js";
import { lookOf, nameOf } from "./models.js";

/** @returns {(judged: Judged) => void} */
export function mountErrors() {
  const place = new PlotPlace(element("errors-plot", HTMLElement));
  const legend = element("errors-legend", HTMLElement);
  const words = element("errors-words", HTMLElement);
  return (judged) => {
    const { models, horizon } = judged;
    const steps = Array.from({ length: horizon }, (_, step) => step + 1);
    place.draw(options(judged), [steps, ...models.map(({ errors }) => errors.map(finite))]);
    legend.replaceChildren(
      ...models.map((model) =>
        make("li", {}, lineKey(lookOf(judged, model)), ` ${nameOf(model)}`),
      ),
    );
    setText(words, inWords(judged));
  };
}

/** @param {Judged} judged @returns {PlotOptions} */
function options(judged) {
  const { models, horizon } = judged;
  return {
    padding: [8, 16, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, range: horizon === 1 ? [0, 2] : [1, horizon] },
      y: { range: (_, __, top) => [0, 1.08 * (top || 1)] },
    },
    axes: [
      {
        ...axis(),
        label: "steps ahead",
        size: 22,
        grid: { show: false },
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500],
        space: 30,
      },
      valueAxis(),
    ],
    series: [
      {},
      ...models.map((model) => {
        const { colour, dash } = lookOf(judged, model);
        const width = model.name === "network" ? 3 : 2;
        return {
          stroke: () => token(colour),
          width,
          dash,
          spanGaps: true,
          points: { show: horizon === 1 },
        };
      }),
    ],
  };
}

/** The lines for those who can't see them: where each begins and ends. @param {Judged} judged */
function inWords({ models, horizon }) {
  const at = (/** @type {number} */ step) =>
    models.map((model) => `${nameOf(model)} ${value(model.errors[step])}`).join(", ");
  const first = `The mean absolute errors one step ahead: ${at(0)}.`;
  return horizon === 1 ? first : `${first} ${count(horizon)} steps ahead: ${at(horizon - 1)}.`;
}
