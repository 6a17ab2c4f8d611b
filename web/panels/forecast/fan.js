/** The end of a series, and the fan of what may follow it. */

/** @import { Fan } from "./view.js" */
/** @import { PlotOptions } from "../../plot.js" */

import { element, setText, token } from "../../dom.js";
import { value } from "../../format.js";
import uPlot from "../../lib/uplot.mjs";
import { finite, font, PlotPlace } from "../../plot.js";
import { lastPoint, timeAxis, tzDate, valueAxis, veiled } from "../../seriesplot.js";

const LABEL_GAP = 8;

/** @returns {(fan: Fan | null) => void} */
export function mountFan() {
  const root = element("fan-plot", HTMLElement);
  const readout = element("fan-readout", HTMLElement);
  const place = new PlotPlace(root);
  /** @type {uPlot | null} */
  let plot = null;
  /** @type {Fan | null} */
  let shown = null;

  return (fan) => {
    const fits = plot && fan?.dated === shown?.dated;
    shown = fan;
    root.hidden = !fan;
    if (!fan) return;
    if (plot && fits) plot.setData(data(fan));
    else plot = place.draw(options(fan.dated, () => shown, readout), data(fan));
  };
}

/**
 * The past, the mean, the band's limits, the own mean: the fan opens from the last known value.
 * @param {Fan} fan
 * @returns {uPlot.AlignedData}
 */
function data({ past, forecast, own }) {
  const [lastX, lastY] = lastPoint(past) ?? [];
  const from = (/** @type {number | undefined} */ first, /** @type {number[]} */ rest) =>
    first === undefined ? rest : [first, ...rest];
  const { x, mean, lower, upper } = forecast;
  const lines = [mean, lower, upper].map((line) => from(lastY, line));
  return uPlot.join([
    [past.x, past.y.map(finite)],
    [from(lastX, x), ...lines],
    own ? [from(lastX, own.x), from(lastY, own.mean)] : [[], []],
  ]);
}

/** @param {ArrayLike<unknown>} values */
const numbersIn = (values) => Array.from(values).filter(Number.isFinite).length;

/**
 * @param {boolean} dated
 * @param {() => Fan | null} shown
 * @param {Element} readout
 * @returns {PlotOptions}
 */
function options(dated, shown, readout) {
  const hidden = { show: false };
  /** A line of a single point would not be seen. @type {uPlot.Series.Points} */
  const points = { show: (plot, line) => numbersIn(plot.data[line]) === 1 };
  const limit = { stroke: () => veiled("--accent", 0.45), width: 1, points, spanGaps: true };
  return {
    tzDate,
    padding: [22, 16, 0, 0],
    legend: hidden,
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
    scales: {
      x: { time: dated, range: (_, first, last) => [first, Math.max(last, first + 1)] },
    },
    axes: [timeAxis(dated), valueAxis()],
    series: [
      {},
      { stroke: () => token("--ink"), width: 1.5, points },
      { stroke: () => token("--accent"), width: 2.5, points, spanGaps: true },
      limit,
      limit,
      { stroke: () => token("--second"), width: 1.5, dash: [5, 3], points, spanGaps: true },
    ],
    bands: [{ series: [4, 3], fill: () => veiled("--accent", 0.18) }],
    hooks: {
      drawAxes: [(plot) => drawDivider(plot, shown())],
      setCursor: [(plot) => setText(readout, underCursor(plot, shown()))],
    },
  };
}

/** Where the future begins. @param {uPlot} plot @param {Fan | null} fan */
function drawDivider({ ctx, bbox, valToPos }, fan) {
  const last = fan && lastPoint(fan.past);
  if (!last) return;
  const scale = devicePixelRatio;
  const x = Math.round(valToPos(last[0], "x", true));
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = token("--muted");
  ctx.lineWidth = scale;
  ctx.setLineDash([3 * scale, 3 * scale]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top - 18 * scale);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.font = font(scale);
  ctx.textBaseline = "top";
  ctx.textAlign = "right";
  ctx.fillText("known", x - LABEL_GAP * scale, bbox.top - 18 * scale);
  const name = "forecast";
  const room = bbox.left + bbox.width + 16 * scale - x - LABEL_GAP * scale;
  ctx.textAlign = "left";
  if (ctx.measureText(name).width <= room) {
    ctx.fillText(name, x + LABEL_GAP * scale, bbox.top - 18 * scale);
  }
  ctx.restore();
}

/** @param {uPlot} plot @param {Fan | null} fan */
function underCursor({ cursor, data: [places, past] }, fan) {
  const index = cursor.idx;
  const x = index == null ? undefined : places[index];
  if (index == null || x === undefined || !fan) return "";
  if (past[index] != null) return `${fan.nameOf(x)} · ${value(past[index])}`;
  const { mean, lower, upper } = fan.forecast;
  const step = fan.forecast.x.indexOf(x);
  if (step < 0) return "";
  const band = `${value(lower[step])} to ${value(upper[step])}`;
  return `${fan.nameOf(x)} · forecast ${value(mean[step])} · band ${band}`;
}
