/** What the charts have in common: the colours, faces and sizes of style.css on a canvas. */

import { token } from "./dom.js";
import uPlot from "./lib/uplot.mjs";

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
