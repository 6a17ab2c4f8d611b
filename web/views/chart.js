/** The loss curve, with what a network that has learned nothing would score. */

/** @import { Baseline, Curve, Progress, Run, View } from "../types" */

import { element, setText } from "../dom.js";
import { count, loss, megabytes } from "../format.js";
import uPlot from "../lib/uplot.mjs";

const FIRST_STEPS = 20;
const FIRST_LOSS = 4;
const EMPTY = "Here the loss will be drawn, falling as the network learns.";

/** @returns {View} */
export function mountChart() {
  const root = element("plot", HTMLElement);
  const words = element("chart-words", HTMLElement);
  const note = mountNote();
  /** @type {Run | null} */
  let run = null;
  /** @type {Curve | null} */
  let curve = null;

  const plot = new uPlot(
    options(() => run?.baselines ?? []),
    data(null),
    root,
  );
  new ResizeObserver(() => plot.setSize(size(root))).observe(root);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => plot.redraw());

  return (state) => {
    note(state);
    // A network that has only been asked to write has nothing to compare yet.
    const shown = state.phase === "ready" ? null : state.run;
    if (shown === run && state.curve === curve) return;
    run = shown;
    curve = state.curve;
    plot.setData(data(curve));
    setText(words, run && state.progress ? inWords(run, state.progress) : "No curve yet.");
  };
}

/** @param {Curve | null} curve @returns {uPlot.AlignedData} */
function data(curve) {
  if (!curve) return [[], [], []];
  return [curve.step, curve.train.map(finite), curve.validation.map(finite)];
}

/** @param {number | null | undefined} value */
const finite = (value) => (Number.isFinite(value) ? /** @type {number} */ (value) : null);

/** @param {ArrayLike<unknown>} values */
const numbersIn = (values) => Array.from(values).filter(Number.isFinite).length;

/** @param {Element} root */
const size = (root) => ({ width: root.clientWidth, height: root.clientHeight });

/** A colour of style.css, as it is now. @param {string} name */
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const font = () => `12px ${token("--text-face")}`;

/**
 * @param {() => Baseline[]} baselines
 * @returns {uPlot.Options}
 */
function options(baselines) {
  const readout = element("readout", HTMLElement);
  /** A line of a single point would not be seen. @type {uPlot.Series.Points} */
  const points = { show: (plot, series) => numbersIn(plot.data[series]) === 1 };
  /** @type {uPlot.Axis} */
  const axis = {
    stroke: () => token("--muted"),
    grid: { stroke: () => token("--line"), width: 1 },
    ticks: { show: false, size: 0 },
    font: font(),
    labelFont: font(),
    labelSize: 18,
  };
  return {
    ...size(element("plot", HTMLElement)),
    padding: [8, 16, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false } },
    scales: {
      x: { time: false, range: (_, __, last) => [0, Math.max(FIRST_STEPS, last ?? 0)] },
      y: { range: (_, __, top) => [0, 1.12 * heightOf(top, baselines())] },
    },
    axes: [
      { ...axis, label: "steps", size: 22, grid: { show: false } },
      { ...axis, label: "nats per character", size: 26 },
    ],
    series: [
      {},
      { stroke: () => token("--accent"), width: 2, points },
      { stroke: () => token("--second"), width: 2, points, dash: [7, 4], spanGaps: true },
    ],
    hooks: {
      drawAxes: [(plot) => drawBaselines(plot, baselines())],
      setCursor: [(plot) => setText(readout, underCursor(plot))],
    },
  };
}

/** @param {number | null} top @param {Baseline[]} baselines */
function heightOf(top, baselines) {
  const known = [top ?? 0, ...baselines.map((baseline) => baseline.loss)];
  return Math.max(...known) || FIRST_LOSS;
}

/**
 * Dotted lines with their names: the highest has its name above it, the others below.
 * @param {uPlot} plot
 * @param {Baseline[]} baselines
 */
function drawBaselines(plot, baselines) {
  const { ctx, bbox } = plot;
  const scale = devicePixelRatio;
  const right = bbox.left + bbox.width;
  const highest = Math.max(...baselines.map((each) => each.loss));
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = token("--muted");
  ctx.lineWidth = scale;
  ctx.setLineDash([2 * scale, 4 * scale]);
  ctx.font = `${12 * scale}px ${token("--text-face")}`;
  ctx.textAlign = "right";
  for (const each of baselines) {
    const y = plot.valToPos(each.loss, "y", true);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(right, y);
    ctx.stroke();
    const above = each.loss === highest;
    ctx.textBaseline = above ? "bottom" : "top";
    const gap = (above ? -3 : 4) * scale;
    ctx.fillText(`${each.label} ${each.loss.toFixed(2)}`, right - 4 * scale, y + gap);
  }
  ctx.restore();
}

/** @param {uPlot} plot */
function underCursor({ cursor, data: [steps, training, validation] }) {
  const index = cursor.idx;
  if (index == null || steps[index] === undefined) return "";
  const held = validation[index] == null ? "" : ` · validation ${loss(validation[index])}`;
  return `step ${count(steps[index])} · training ${loss(training[index])}${held}`;
}

/** The curve for those who can't see it. @param {Run} run @param {Progress} progress */
function inWords({ baselines }, { step, train_loss, validation_loss }) {
  const references = baselines.map((each) => `${each.label} ${loss(each.loss)}`);
  const beaten = baselines.filter((each) => (train_loss ?? Infinity) < each.loss);
  const names = beaten.map((each) => each.label).join(" and ");
  return [
    `After step ${count(step)} the training loss is ${loss(train_loss)}`,
    `and the validation loss ${loss(validation_loss)} nats per character.`,
    `For comparison: ${references.join(", ")}.`,
    `The training loss is ${names ? `below ${names}` : "not below either"}.`,
  ].join(" ");
}

/** What stands in the chart's place while there is no curve. @returns {View} */
function mountNote() {
  const note = element("plot-note", HTMLElement);
  const words = element("plot-note-words", HTMLElement);
  const bar = element("boot-progress", HTMLProgressElement);
  const bytes = element("boot-bytes", HTMLElement);
  return ({ phase, boot, curve }) => {
    const loading = phase === "loading";
    note.hidden = !loading && (Boolean(curve?.step.length) || phase === "training");
    setText(words, loading ? `${boot.stage} …` : EMPTY);
    bar.hidden = bytes.hidden = !loading;
    bar.value = boot.total ? boot.loaded / boot.total : 0;
    setText(
      bytes,
      boot.total ? `${megabytes(boot.loaded)} of ${megabytes(boot.total)} MB` : "\u00a0",
    );
  };
}
