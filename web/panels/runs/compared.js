/** The loss curves of kept runs on one chart, told apart by letter, dash and colour. */

/** @import { PlotOptions } from "../../plot.js" */
/** @import { ListedRun, Unit, View } from "../../types" */

import { element, make, setText, token } from "../../dom.js";
import { count, inUnit, loss } from "../../format.js";
import uPlot from "../../lib/uplot.mjs";
import { terms } from "../../places.js";
import { axis, font, lineKey, lineLook, PlotPlace } from "../../plot.js";

/** @typedef {{ run: ListedRun, kind: string, steps: number[], losses: number[] }} Line */

/** @returns {View} */
export function mountCompared() {
  const figure = element("compared", HTMLElement);
  const root = element("compared-plot", HTMLElement);
  const legend = element("compared-legend", HTMLElement);
  const place = new PlotPlace(root);
  /** @type {{ shelf: unknown, compared: unknown, unit: unknown }} */
  let shown = { shelf: null, compared: null, unit: null };

  return ({ shelf, compared, unit }) => {
    if (shelf === shown.shelf && compared === shown.compared && unit === shown.unit) return;
    shown = { shelf, compared, unit };
    // In the order in which they were chosen, so that a line keeps its look.
    const runs = [...compared].map((id) => shelf?.find((run) => run.id === id));
    const lines = runs.filter((run) => run !== undefined).map((run) => lineOf(run, unit));
    figure.hidden = lines.length === 0;
    if (lines.length) place.draw(options(lines, unit), data(lines));
    else place.clear();
    legend.replaceChildren(...lines.map((line, index) => entry(line, unit, index)));
  };
}

/**
 * The held-out losses of a run, or where there are none the training losses.
 * @param {ListedRun} run
 * @param {Unit} unit
 * @returns {Line}
 */
function lineOf(run, unit) {
  const { step, train, validation } = run.summary.curve;
  const measured = step.map((_, index) => index).filter((index) => Number.isFinite(validation[index]));
  const [kind, places, losses] = measured.length
    ? ["validation", measured, validation]
    : ["training", [...step.keys()], train];
  return {
    run,
    kind,
    steps: places.map((index) => step[index]),
    losses: places.map((index) => inUnit(/** @type {number} */ (losses[index]), unit)),
  };
}

/** @param {number} index of a line */
const letterOf = (index) => String.fromCharCode(65 + (index % 26));

/** @param {Line[]} lines @returns {uPlot.AlignedData} */
function data(lines) {
  return uPlot.join(lines.map(({ steps, losses }) => [steps, losses]));
}

/** @param {Line[]} lines @param {Unit} unit @returns {PlotOptions} */
function options(lines, unit) {
  return {
    padding: [8, 24, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, range: (_, __, last) => [0, Math.max(1, last ?? 0)] },
      // The loss of numbers, unlike that of characters, may fall below 0.
      y: { range: (_, low, top) => [Math.min(0, 1.12 * (low ?? 0)), 1.12 * (top || 1)] },
    },
    axes: [
      { ...axis(), label: "steps", size: 22, grid: { show: false } },
      { ...axis(), label: `${unit} per ${terms().unit}`, size: 26 },
    ],
    series: [
      {},
      ...lines.map(({ losses }, index) => {
        const { colour, dash } = lineLook(index);
        return {
          stroke: () => token(colour),
          width: 2,
          dash,
          spanGaps: true,
          points: { show: losses.length === 1 },
        };
      }),
    ],
    hooks: { draw: [(plot) => drawLetters(plot, lines)] },
  };
}

/** Each line's letter at its end, moved up where it would cover another. @param {uPlot} plot @param {Line[]} lines */
function drawLetters({ ctx, valToPos }, lines) {
  const scale = devicePixelRatio;
  const height = 13 * scale;
  /** @type {{ x: number, y: number }[]} */
  const drawn = [];
  ctx.save();
  ctx.font = `600 ${font(scale)}`;
  ctx.textBaseline = "middle";
  lines.forEach(({ steps, losses }, index) => {
    const x = valToPos(steps[steps.length - 1], "x", true) + 5 * scale;
    let y = valToPos(losses[losses.length - 1], "y", true);
    while (drawn.some((each) => Math.abs(each.x - x) < height && Math.abs(each.y - y) < height)) {
      y -= height;
    }
    drawn.push({ x, y });
    ctx.fillStyle = token(lineLook(index).colour);
    ctx.fillText(letterOf(index), x, y);
  });
  ctx.restore();
}

/** @param {Line} line @param {Unit} unit @param {number} index */
function entry({ run, kind, steps, losses }, unit, index) {
  const words = make("span");
  const last = losses.length - 1;
  setText(
    words,
    `${letterOf(index)}: ${run.label}, ${kind} loss ${loss(losses[last])} ${unit} ` +
      `at step ${count(steps[last])}, from ${loss(losses[0])} at step ${count(steps[0])}`,
  );
  return make("li", {}, lineKey(lineLook(index)), " ", words);
}
