/** The loss curve, with what a network that has learned nothing would score. */

/** @import { Baseline, Curve, State, View } from "../types" */

import { element, setText } from "../dom.js";
import { count, loss, megabytes } from "../format.js";
import uPlot from "../lib/uplot.mjs";

const FIRST_STEPS = 20;
const FIRST_LOSS = 4;

/** @returns {View} */
export function mountChart() {
  const root = element("plot", HTMLElement);
  const words = element("chart-words", HTMLElement);
  const note = mountNote();
  /** @type {Baseline[]} */
  let baselines = [];
  /** @type {Curve | null} */
  let drawn = null;

  const plot = new uPlot(options(() => baselines), data(null), root);
  new ResizeObserver(() => plot.setSize(size(root))).observe(root);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => plot.redraw());

  return (state) => {
    note(state);
    const present = state.phase === "ready" ? [] : (state.run?.baselines ?? []);
    if (state.curve === drawn && present === baselines) return;
    if (!present.length && !baselines.length && !state.curve && !drawn) return;
    drawn = state.curve;
    baselines = present;
    plot.setData(data(drawn));
    setText(words, inWords(state));
  };
}

/** @param {Curve | null} curve @returns {uPlot.AlignedData} */
function data(curve) {
  if (!curve) return [[], [], []];
  return [curve.step, curve.train.map(finite), curve.validation.map(finite)];
}

/** @param {number | null | undefined} value */
const finite = (value) => (Number.isFinite(value) ? /** @type {number} */ (value) : null);

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
      y: { range: (_, __, top) => [0, 1.12 * highest(top, baselines())] },
    },
    axes: [
      { ...axis, label: "steps", size: 22, grid: { show: false } },
      { ...axis, label: "nats per character", size: 26 },
    ],
    series: [
      {},
      { stroke: () => token("--accent"), width: 2, points: { show: false } },
      { stroke: () => token("--second"), width: 2, dash: [7, 4], spanGaps: true, points: { show: false } },
    ],
    hooks: {
      drawAxes: [(plot) => drawBaselines(plot, baselines())],
      setCursor: [(plot) => setText(readout, underCursor(plot))],
    },
  };
}

/** @param {number | null} top @param {Baseline[]} baselines */
function highest(top, baselines) {
  const known = [top ?? 0, ...baselines.map((baseline) => baseline.loss)];
  return Math.max(...known) || FIRST_LOSS;
}

/** Dashed lines with their names; the higher one's above it, the lower one's below it. @param {uPlot} plot @param {Baseline[]} baselines */
function drawBaselines(plot, baselines) {
  const { ctx, bbox } = plot;
  const scale = devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = token("--muted");
  ctx.lineWidth = scale;
  ctx.setLineDash([2 * scale, 4 * scale]);
  ctx.font = `${12 * scale}px ${token("--text-face")}`;
  ctx.textAlign = "right";
  const ordered = baselines.toSorted((a, b) => b.loss - a.loss);
  for (const [index, { label, loss: height }] of ordered.entries()) {
    const y = plot.valToPos(height, "y", true);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.textBaseline = index === 0 ? "bottom" : "top";
    ctx.fillText(`${label} ${height.toFixed(2)}`, bbox.left + bbox.width - 4 * scale, y + (index === 0 ? -3 : 4) * scale);
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

/** The curve for those who can't see it. @param {State} state */
function inWords({ phase, run, progress }) {
  if (phase === "ready" || !run || !progress) return "No curve yet.";
  const references = run.baselines.map(({ label, loss: height }) => `${label} ${loss(height)}`);
  const beaten = run.baselines.filter(({ loss: height }) => (progress.train_loss ?? Infinity) < height);
  const verdict = beaten.length ? `below ${beaten.map(({ label }) => label).join(" and ")}` : "not below either";
  return (
    `After step ${count(progress.step)} the training loss is ${loss(progress.train_loss)} and the validation ` +
    `loss ${loss(progress.validation_loss)} nats per character. For comparison: ${references.join(", ")}. ` +
    `The training loss is ${verdict}.`
  );
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
    setText(words, loading ? `${boot.stage} …` : "Here the loss will be drawn, falling as the network learns.");
    bar.hidden = bytes.hidden = !loading;
    bar.value = boot.total ? boot.loaded / boot.total : 0;
    setText(bytes, boot.total ? `${megabytes(boot.loaded)} of ${megabytes(boot.total)} MB` : "\u00a0");
  };
}
