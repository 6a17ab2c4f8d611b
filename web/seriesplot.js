/** What the charts of a series have in common: its dates below, its own units at the side. */

/** @import { Forecast, Points, State } from "./types" */

import { token } from "./dom.js";
import { count, scientific } from "./format.js";
import uPlot from "./lib/uplot.mjs";
import { axis, font } from "./plot.js";

const DAY = 86_400;
const LARGE = 1e5;
const SMALL = 1e-3;

const decimal = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 8 });
const compact = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 3 });

/**
 * How dates are written where the marks are so many seconds apart or more; below them the year, or the
 * day, where another one begins.
 * @type {(string | number | null)[][]}
 */
const DATES = [
  [365 * DAY, "{YYYY}", null, null, null, null, null, null, 1],
  [28 * DAY, "{MMM}", "\n{YYYY}", null, null, null, null, null, 1],
  [DAY, "{D} {MMM}", "\n{YYYY}", null, null, null, null, null, 1],
  [60, "{HH}:{mm}", "\n{D} {MMM} {YYYY}", null, "\n{D} {MMM}", null, null, null, 1],
  [0, "{HH}:{mm}:{ss}", "\n{D} {MMM} {YYYY}", null, "\n{D} {MMM}", null, null, null, 1],
];

/** Series have no time zone: their dates are written as they came. @param {number} seconds */
export const tzDate = (seconds) => uPlot.tzDate(new Date(1000 * seconds), "Etc/UTC");

/** @param {boolean} dated @returns {uPlot.Axis} */
export const timeAxis = (dated) =>
  dated
    ? { ...axis(), size: 36, space: 64, grid: { show: false }, values: DATES }
    : { ...axis(), size: 22, grid: { show: false }, label: "number of the value" };

/** As wide as what is written at it. @returns {uPlot.Axis} */
export const valueAxis = () => ({
  ...axis(),
  space: 36,
  size: (plot, labels) => widest(plot, labels ?? []) + 10,
  values: (_, marks) => marks.map(markWriter(marks)),
});

/** @param {uPlot} plot @param {string[]} labels */
function widest({ ctx }, labels) {
  ctx.save();
  ctx.font = font();
  const widths = labels.map((label) => ctx.measureText(label).width);
  ctx.restore();
  return Math.ceil(Math.max(0, ...widths));
}

/** The marks of an axis are all written alike: 1.2M, or 1,200, or 0.012. @param {number[]} marks */
function markWriter(marks) {
  const largest = Math.max(...marks.map(Math.abs));
  if (largest < SMALL) return scientific;
  if (largest < LARGE) return (/** @type {number} */ mark) => decimal.format(mark).replace("-", "−");
  return (/** @type {number} */ mark) => compact.format(mark).replace("-", "−");
}

/**
 * The table that the run has learned, while it is still the one in the box.
 * @param {State} state
 */
export function learnedTable({ run, description }) {
  const table = description?.table;
  const learned = run?.fingerprint;
  return table && (!learned || learned === table.fingerprint) ? table : null;
}

/** @param {number} x */
const dateOf = (x) => new Date(1000 * x).toISOString().replace("T", " ");

/**
 * How the place of a value is written: its date, as Python writes those of a forecast; without one,
 * with the time if any of these needs it.
 * @param {boolean} dated
 * @param {number[]} all
 * @param {Pick<Forecast, "x" | "dates"> | null} [forecast]
 */
export function placeNames(dated, all, forecast) {
  if (!dated) return (/** @type {number} */ x) => `value ${count(x)}`;
  const { x: ahead, dates } = forecast ?? { x: [], dates: [] };
  const written = new Map(ahead.map((x, step) => [x, dates[step]]));
  const alike = dates.length > 0 && dateOf(ahead[0]).startsWith(dates[0]);
  const length = alike ? dates[0].length : all.every((x) => x % DAY === 0) ? 10 : 16;
  return (/** @type {number} */ x) => written.get(x) ?? dateOf(x).slice(0, length);
}

/** The lowest and the highest of these. @param {Iterable<number | null | undefined>} values */
export function extent(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const each of values) {
    if (each == null || !Number.isFinite(each)) continue;
    low = Math.min(low, each);
    high = Math.max(high, each);
  }
  return low <= high ? { low, high } : null;
}

/** The last point that is known. @param {Points} line @returns {[number, number] | null} */
export function lastPoint({ x, y }) {
  const place = y.findLastIndex((each) => each != null);
  return place < 0 ? null : [x[place], /** @type {number} */ (y[place])];
}

/** A colour of which so much is seen. @param {string} name @param {number} share 0 to 1 */
export const veiled = (name, share) =>
  `color-mix(in srgb, ${token(name)} ${100 * share}%, transparent)`;
