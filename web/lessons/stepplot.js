/** A line over the steps of training, with a mark at one of them. */

/** @import uPlot from "../lib/uplot.mjs" */
/** @import { PlotOptions } from "../plot.js" */

import { make, setText, token } from "../dom.js";
import { rough } from "../format.js";
import { axis, finite, PlotPlace } from "../plot.js";

export class StepPlot {
  /** @type {uPlot | null} */
  #plot = null;
  #step = 0;
  #drawn = "";

  /** @param {string} name @param {string} unit */
  constructor(name, unit) {
    this.name = name;
    const box = make("div", { className: "step-plot", ariaHidden: "true" });
    this.words = make("p", { className: "sr-only" });
    this.root = make(
      "figure",
      { ariaLabel: name },
      make("figcaption", { className: "hint" }, `${name} (${unit})`),
      box,
      this.words,
    );
    this.place = new PlotPlace(box);
  }

  /** @param {number[]} values one for each step @param {number} step to mark */
  show(values, step) {
    this.#step = step;
    const known = values.map(finite);
    const drawn = JSON.stringify(values);
    if (this.#plot && drawn === this.#drawn) this.#plot.redraw(false);
    else
      this.#plot = this.place.draw(
        options(() => this.#step),
        [[...values.keys()], known],
      );
    this.#drawn = drawn;
    const [first, last] = [known[0], known.at(-1)];
    const here = known[step];
    setText(
      this.words,
      `${this.name}: ${rough(first ?? undefined)} at step 0, ${rough(here ?? undefined)} at step ${step}, ` +
        `${rough(last ?? undefined)} at step ${known.length - 1}.`,
    );
  }
}

/** @param {() => number} step @returns {PlotOptions} */
const options = (step) => ({
  padding: [6, 14, 0, 0],
  legend: { show: false },
  cursor: { show: false },
  scales: { x: { time: false }, y: { range: (_, __, highest) => [0, highest || 1] } },
  axes: [
    { ...axis(), size: 20, grid: { show: false } },
    { ...axis(), size: 34, space: 26 },
  ],
  series: [{}, { stroke: () => token("--accent"), width: 1.5, points: { show: false } }],
  hooks: { draw: [(plot) => mark(plot, step())] },
});

/** @param {uPlot} plot @param {number} step */
function mark(plot, step) {
  const { ctx, bbox, data } = plot;
  const x = plot.valToPos(step, "x", true);
  ctx.save();
  ctx.strokeStyle = token("--second");
  ctx.fillStyle = token("--second");
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  const value = data[1][step];
  if (value != null) {
    ctx.beginPath();
    ctx.arc(x, plot.valToPos(value, "y", true), 3.5 * devicePixelRatio, 0, 2 * Math.PI);
    ctx.fill();
  }
  ctx.restore();
}
