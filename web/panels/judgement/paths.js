/** What one model forecast from place to place, over what came. */

/** @import { Judged, JudgedModel } from "../../types" */
/** @import uPlot from "../../lib/uplot.mjs" */
/** @import { PlotOptions } from "../../plot.js" */

import { element, setText, token } from "../../dom.js";
import { count, value } from "../../format.js";
import { finite, PlotPlace } from "../../plot.js";
import { extent, timeAxis, tzDate, valueAxis, veiled } from "../../seriesplot.js";
import { nameOf } from "./models.js";

/**
 * @typedef {object} Closely a model that is looked at more closely
 * @property {Judged} judged
 * @property {JudgedModel} model
 * @property {boolean} dated
 * @property {(x: number) => string} nameOfPlace
 */

const DOT = 2.5;

/** @returns {(closely: Closely) => void} */
export function mountPaths() {
  const place = new PlotPlace(element("paths-plot", HTMLElement));
  const name = element("paths-name", HTMLElement);
  const words = element("paths-words", HTMLElement);
  return (closely) => {
    const { judged, model } = closely;
    const { truth } = judged;
    place.draw(options(closely), [truth.x, truth.y.map(finite)]);
    const [drawn, all] = [judged.paths.length, judged.origins];
    const some = drawn < all ? `, ${count(drawn)} of ${count(all)}` : "";
    setText(name, `forecasts: ${nameOf(model)}${some}`);
    setText(words, inWords(closely));
  };
}

/** @param {Closely} closely @returns {PlotOptions} */
function options({ judged, model, dated, nameOfPlace }) {
  const readout = element("paths-readout", HTMLElement);
  const { truth, paths } = judged;
  const across = extent([...truth.x, ...paths.flat()]) ?? { low: 0, high: 1 };
  const range = extent([...truth.y, ...model.paths.flat()]) ?? { low: 0, high: 1 };
  const space = 0.06 * (range.high - range.low || 1);
  return {
    tzDate,
    padding: [8, 16, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false } },
    scales: {
      x: { time: dated, range: [across.low, across.high] },
      y: { range: [range.low - space, range.high + space] },
    },
    axes: [timeAxis(dated), valueAxis()],
    series: [{}, { stroke: () => veiled("--ink", 0.3), width: 4, points: { show: false } }],
    hooks: {
      draw: [(plot) => drawPaths(plot, judged, model)],
      setCursor: [
        ({ cursor: { idx } }) => {
          const known = idx == null ? "" : `${nameOfPlace(truth.x[idx])} · ${value(truth.y[idx])}`;
          setText(readout, known);
        },
      ],
    },
  };
}

/**
 * Each path by itself, so thin that many can lie over each other.
 * @param {uPlot} plot
 * @param {Judged} judged
 * @param {JudgedModel} model
 */
function drawPaths({ ctx, bbox, valToPos }, judged, model) {
  const scale = devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.strokeStyle = ctx.fillStyle = token("--accent");
  ctx.lineWidth = 1.5 * scale;
  ctx.lineJoin = "round";
  ctx.globalAlpha = 0.75;
  model.paths.forEach((path, from) => {
    const places = path.map((y, step) => [
      valToPos(judged.paths[from][step], "x", true),
      valToPos(y, "y", true),
    ]);
    ctx.beginPath();
    if (places.length === 1) ctx.arc(places[0][0], places[0][1], DOT * scale, 0, 2 * Math.PI);
    for (const [x, y] of places) ctx.lineTo(x, y);
    if (places.length === 1) ctx.fill();
    else ctx.stroke();
  });
  ctx.restore();
}

/** The picture for those who can't see it. @param {Closely} closely */
function inWords({ judged: { truth, horizon, paths }, model, nameOfPlace }) {
  const came = extent(truth.y);
  const said = extent(model.paths.flat());
  const [first, last] = [truth.x[0], truth.x[truth.x.length - 1]].map(nameOfPlace);
  const steps = horizon === 1 ? "1 step" : `${count(horizon)} steps`;
  return [
    `From ${first} to ${last}, what came lies between ${value(came?.low)} and ${value(came?.high)}.`,
    `Over it lie ${count(paths.length)} forecasts of ${steps} each: ${nameOf(model)}, between`,
    `${value(said?.low)} and ${value(said?.high)}.`,
    `In the mean they miss by ${value(model.mae)}.`,
  ].join(" ");
}
