/** What the charts have in common: the colours, faces and sizes of style.css on a canvas. */

import { token } from "./dom.js";
import uPlot from "./lib/uplot.mjs";

const SVG = "http://www.w3.org/2000/svg";

/** @param {number | null | undefined} value */
export const finite = (value) =>
  Number.isFinite(value) ? /** @type {number} */ (value) : null;

export const font = () => `12px ${token("--text-face")}`;

/** @param {Element} root */
export const size = (root) => ({ width: root.clientWidth, height: root.clientHeight });

/** @returns {uPlot.Axis} */
export const axis = () => ({
  stroke: () => token("--muted"),
  grid: { stroke: () => token("--line"), width: 1 },
  ticks: { show: false, size: 0 },
  font: font(),
  labelFont: font(),
  labelSize: 18,
});

/**
 * A chart as large as its element, with the colours of the day or the night.
 * @param {HTMLElement} root
 * @param {Omit<uPlot.Options, "width" | "height">} options
 * @param {uPlot.AlignedData} data
 */
export function makePlot(root, options, data) {
  const plot = new uPlot({ ...size(root), ...options }, data, root);
  new ResizeObserver(() => plot.setSize(size(root))).observe(root);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => plot.redraw());
  return plot;
}

/**
 * A piece of a line, for a legend.
 * @param {string} colour a variable of style.css
 * @param {number[]} dash
 */
export function lineKey(colour, dash) {
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
