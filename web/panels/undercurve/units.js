/** The end of a series as a curve, and below each of its values what all units did as it was read. */

/** @import { UnderCurve } from "../../types" */
/** @import { PlotOptions } from "../../plot.js" */

import { element, make, offer, setText, token } from "../../dom.js";
import { capitalized, count, signed, value } from "../../format.js";
import { Heatmap } from "../../heatmap.js";
import uPlot from "../../lib/uplot.mjs";
import { finite, font, PlotPlace } from "../../plot.js";
import { Scale } from "../../scale.js";
import { extent } from "../../seriesplot.js";

/** Room above and below the curve, as a part of its height. */
const SPACE = 0.12;

/** @returns {(under: UnderCurve | null) => void} */
export function mountUnits() {
  const box = element("under-heat", HTMLElement);
  const select = element("under-unit", HTMLSelectElement);
  const slider = element("under-position", HTMLInputElement);
  const readout = element("under-readout", HTMLOutputElement);
  const words = element("under-words", HTMLElement);
  const unitName = element("under-unit-name", HTMLElement);
  const column = element("under-column", HTMLElement);
  const legend = element("under-scale", HTMLCanvasElement);
  const legendNumbers = element("under-scale-numbers", HTMLElement);
  const heatmap = new Heatmap(box, point, choose);
  const place = new PlotPlace(element("under-plot", HTMLElement));
  const dark = matchMedia("(prefers-color-scheme: dark)");

  /** @type {UnderCurve | null} */
  let shown = null;
  /** @type {uPlot | null} */
  let plot = null;
  let position = 0;
  let unit = 0;

  /** @param {number} row @param {number} column */
  function point(row, column) {
    position = column;
    showPosition(row);
  }

  /** @param {number} row */
  function choose(row) {
    unit = row;
    if (shown) showUnit(shown);
  }

  box.onpointerleave = () => showPosition();
  box.onpointermove = ({ target, clientX }) => {
    if (!plot?.root.contains(/** @type {Node} */ (target))) return;
    const left = clientX - plot.root.getBoundingClientRect().left;
    position = within(Math.floor(left / heatmap.size.column), heatmap.size.columns);
    showPosition();
  };
  slider.oninput = () => {
    position = slider.valueAsNumber;
    showPosition();
  };
  select.onchange = () => choose(Number(select.value));
  dark.addEventListener("change", () => shown && drawAll(shown));

  /** @param {UnderCurve} under */
  function drawAll(under) {
    const { line, dates, activations, low, high } = under;
    const columns = line.x.length;
    const rows = activations.length / columns;
    const scale = new Scale(low, high);
    legend.getContext("2d")?.putImageData(scale.image, 0, 0);
    const ends = low < 0 ? [`−${-low}`, "0", `+${high}`] : [low, (low + high) / 2, high].map(String);
    legendNumbers.replaceChildren(...ends.map((number) => make("span", {}, number)));
    heatmap.draw([...Array(rows).keys()], marksOf(dates), activations, scale);
    offer(select, Array.from({ length: rows }, (_, i) => [String(i), nameOf(i)]));
    slider.max = String(columns - 1);
    unit = within(unit, rows);
    position = within(position, columns);
    plot = place.draw(options(under), data(under, unit));
    showUnit(under);
  }

  /** The chosen unit as a line. @param {UnderCurve} under */
  function showUnit(under) {
    select.value = String(unit);
    setText(unitName, nameOf(unit));
    plot?.setData(data(under, unit));
    setText(words, inWords(under, unit));
    showPosition();
  }

  /** Say what stands in a column. @param {number} [of] the unit, if it isn't the chosen one */
  function showPosition(of = unit) {
    if (!shown) return;
    const { line, dates, name, activations, low } = shown;
    const activation = activations[of * line.x.length + position];
    const write = low < 0 ? signed : (/** @type {number} */ number) => number.toFixed(2);
    heatmap.mark(unit, position);
    column.style.left = heatmap.column.style.left;
    column.style.width = heatmap.column.style.width;
    slider.valueAsNumber = position;
    const read = `${dates[position]}: ${value(line.y[position])}`;
    setText(readout, `${read} · ${nameOf(of)}, ${name} ${write(activation)}`);
    slider.setAttribute("aria-valuetext", `${read}, ${write(activation)}`);
  }

  return (under) => {
    if (under === shown) return;
    shown = under;
    if (under) drawAll(under);
  };
}

/** @param {number} unit */
const nameOf = (unit) => `unit ${unit + 1}`;

/** @param {number} place @param {number} count */
const within = (place, count) => Math.max(0, Math.min(count - 1, place));

/**
 * What stands above the columns: as many dates as there is room for.
 * @param {string[]} dates
 */
function marksOf(dates) {
  const longest = Math.max(...dates.map((date) => date.length));
  const distance = longest + 2; // in columns, which are wider than a letter
  const first = Math.ceil(longest / 2);
  const fits = (/** @type {number} */ i) => i >= first && i + first <= dates.length;
  return dates.map((date, i) => (fits(i) && (i - first) % distance === 0 ? date : ""));
}

/** @param {UnderCurve} under @param {number} unit @returns {uPlot.AlignedData} */
function data({ line, activations }, unit) {
  const columns = line.x.length;
  const own = Array.from(activations.subarray(unit * columns, (unit + 1) * columns));
  return [[...line.x.keys()], line.y.map(finite), own];
}

/**
 * No axes, so that the curve is as wide as the heat map.
 * @param {UnderCurve} under
 * @returns {PlotOptions}
 */
function options({ line, low, high }) {
  const range = extent(line.y) ?? { low: 0, high: 1 };
  const space = SPACE * (range.high - range.low || 1);
  const limit = Math.max(Math.abs(low), Math.abs(high));
  return {
    padding: [0, 0, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, range: [-0.5, line.x.length - 0.5] },
      y: { range: [range.low - space, range.high + space] },
      unit: { range: [(low < 0 ? -1 : 0) * limit * (1 + SPACE), limit * (1 + SPACE)] },
    },
    axes: [{ show: false }, { show: false }],
    series: [
      {},
      { stroke: () => token("--ink"), width: 1.5, points: { show: false } },
      {
        scale: "unit",
        stroke: () => token("--second"),
        width: 1.5,
        dash: [5, 3],
        points: { show: false },
      },
    ],
    hooks: { drawClear: [(plot) => drawLimits(plot, range)] },
  };
}

/**
 * Lines at the lowest and the highest value, with their numbers.
 * @param {uPlot} plot
 * @param {{ low: number, high: number }} range
 */
function drawLimits({ ctx, bbox, valToPos }, { low, high }) {
  const scale = devicePixelRatio;
  ctx.save();
  ctx.font = font(scale);
  ctx.lineWidth = scale;
  ctx.setLineDash([]);
  ctx.strokeStyle = token("--line");
  ctx.fillStyle = token("--muted");
  for (const [limit, baseline] of /** @type {const} */ ([[high, "bottom"], [low, "top"]])) {
    const y = Math.round(valToPos(limit, "y", true));
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.textBaseline = baseline;
    ctx.fillText(value(limit), bbox.left + 2 * scale, y);
  }
  ctx.restore();
}

/** The picture for those who can't see it. @param {UnderCurve} under @param {number} unit */
function inWords({ line, dates, activations, name }, unit) {
  const columns = line.x.length;
  const came = extent(line.y);
  const own = extent(activations.subarray(unit * columns, (unit + 1) * columns));
  return [
    `${count(columns)} values from ${dates[0]} to ${dates[columns - 1]}, between`,
    `${value(came?.low)} and ${value(came?.high)}; below them the ${name} of`,
    `${count(activations.length / columns)} units. ${capitalized(nameOf(unit))} is chosen: it`,
    `goes from ${signed(own?.low ?? 0)} to ${signed(own?.high ?? 0)}.`,
  ].join(" ");
}
