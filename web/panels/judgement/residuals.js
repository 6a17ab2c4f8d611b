/** What a model's forecasts one step ahead have left unexplained, value by value. */

/** @import { Closely } from "./paths.js" */
/** @import uPlot from "../../lib/uplot.mjs" */
/** @import { PlotOptions } from "../../plot.js" */

import { element, setText, token } from "../../dom.js";
import { count, value } from "../../format.js";
import { finite, PlotPlace } from "../../plot.js";
import { extent, timeAxis, tzDate, valueAxis } from "../../seriesplot.js";
import { nameOf } from "./models.js";

/** @returns {(closely: Closely) => void} */
export function mountResiduals() {
  const place = new PlotPlace(element("residuals-plot", HTMLElement));
  const name = element("residuals-name", HTMLElement);
  const words = element("residuals-words", HTMLElement);
  return (closely) => {
    const { judged, model } = closely;
    place.draw(options(closely), [judged.origin_x, model.residuals.map(finite)]);
    setText(name, nameOf(model));
    setText(words, inWords(closely));
  };
}

/** @param {Closely} closely @returns {PlotOptions} */
function options({ model, dated }) {
  const range = extent(model.residuals) ?? { low: -1, high: 1 };
  const height = 1.1 * (Math.max(-range.low, range.high) || 1);
  const colour = () => token("--accent");
  return {
    tzDate,
    padding: [8, 16, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: dated }, y: { range: [-height, height] } },
    axes: [timeAxis(dated), valueAxis()],
    series: [
      {},
      {
        stroke: colour,
        paths: () => null,
        points: { show: true, size: 5, stroke: colour, fill: colour },
      },
    ],
    hooks: { drawAxes: [drawZero] },
  };
}

/** Where a forecast was right. @param {uPlot} plot */
function drawZero({ ctx, bbox, valToPos }) {
  const y = Math.round(valToPos(0, "y", true));
  ctx.save();
  ctx.strokeStyle = token("--edge");
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}

/** The points for those who can't see them. @param {Closely} closely */
function inWords({ judged, model, nameOfPlace }) {
  const range = extent(model.residuals);
  if (!range) return "No residual is known.";
  const place = model.residuals.findLastIndex((each) => each != null);
  return [
    `${count(model.residuals.length)} residuals of ${nameOf(model)}, from ${value(range.low)}`,
    `to ${value(range.high)}. The last one is ${value(model.residuals[place])}`,
    `(${nameOfPlace(judged.origin_x[place])}).`,
  ].join(" ");
}
