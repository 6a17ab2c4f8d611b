/** What the charts have in common: the colours, faces and sizes of style.css on a canvas. */

import { token } from "./dom.js";
import uPlot from "./lib/uplot.mjs";

const SVG = "http://www.w3.org/2000/svg";

/** @param {number | null | undefined} value */
export const finite = (value) =>
  Number.isFinite(value) ? /** @type {number} */ (value) : null;

/** @param {number} [scale] of the pixels */
export const font = (scale = 1) => `${12 * scale}px ${token("--text-face")}`;

/** @param {Element} root */
const size = (root) => ({ width: root.clientWidth, height: root.clientHeight });

/** @returns {uPlot.Axis} */
export const axis = () => ({
  stroke: () => token("--muted"),
  grid: { stroke: () => token("--line"), width: 1 },
  ticks: { show: false, size: 0 },
  font: font(),
  labelFont: font(),
  labelSize: 18,
});

/** @typedef {Omit<uPlot.Options, "width" | "height">} PlotOptions */

/**
 * A range of whole powers of ten, for an axis of them.
 * @param {number} decades what is so much smaller than the largest is left out of the picture
 * @returns {uPlot.Range.Function}
 */
export const wholeDecades = (decades) => (_, lowest, highest) => {
  if (!lowest || !highest) return [0.1, 10];
  const top = Math.floor(Math.log10(highest)) + 1;
  const bottom = Math.floor(Math.log10(lowest));
  return [10 ** Math.max(bottom, top - decades), 10 ** top];
};

/** @param {number} lowest @param {number} highest two powers of ten */
export function decadesBetween(lowest, highest) {
  const [first, last] = [Math.round(Math.log10(lowest)), Math.round(Math.log10(highest))];
  const step = Math.ceil((last - first) / 6);
  const powers = [];
  for (let exponent = last; exponent >= first; exponent -= step) powers.unshift(10 ** exponent);
  return powers;
}

/** The charts that are there: they are drawn anew when day turns to night. @type {Set<uPlot>} */
const drawn = new Set();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  for (const plot of drawn) plot.redraw();
});

/** A place for a chart, which is as large as its element, with the colours of the day or the night. */
export class PlotPlace {
  /** @type {uPlot | null} */
  #plot = null;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    new ResizeObserver(() => this.#plot?.setSize(size(root))).observe(root);
  }

  /** Draw a chart in the place of what is there. @param {PlotOptions} options @param {uPlot.AlignedData} data */
  draw(options, data) {
    this.clear();
    const plot = new uPlot({ ...size(this.root), ...options }, data, this.root);
    this.#plot = plot;
    drawn.add(plot);
    return plot;
  }

  clear() {
    if (!this.#plot) return;
    drawn.delete(this.#plot);
    this.#plot.destroy();
    this.#plot = null;
  }
}

const COLOURS = 6;
const DASHES = [[], [8, 4], [2, 3], [12, 3, 2, 3], [5, 2], [2, 7]];

/**
 * How to draw one of many lines: up to six differ in their colour and in their dash, and no two of 36
 * look the same.
 * @param {number} index
 */
export function lineLook(index) {
  const round = Math.floor(index / COLOURS);
  return {
    colour: `--line-${(index % COLOURS) + 1}`,
    dash: DASHES[(index + round) % DASHES.length],
  };
}

/**
 * A piece of a line, for a legend.
 * @param {ReturnType<typeof lineLook>} look
 */
export function lineKey({ colour, dash }) {
  const svg = document.createElementNS(SVG, "svg");
  const line = document.createElementNS(SVG, "line");
  const size = { width: 36, height: 8, "aria-hidden": true };
  const course = { x2: 36, y1: 4, y2: 4, "stroke-width": 2.5, "stroke-dasharray": dash.join(" ") };
  for (const [name, value] of Object.entries(size)) svg.setAttribute(name, String(value));
  for (const [name, value] of Object.entries(course)) line.setAttribute(name, String(value));
  line.style.stroke = `var(${colour})`;
  svg.append(line);
  return svg;
}
