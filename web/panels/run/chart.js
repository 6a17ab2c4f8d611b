/** The loss curve, with what a network that has learned nothing would score. */

/** @import { Baseline, Curve, State, StayElsewhere, Unit, View } from "../../types" */
/** @import uPlot from "../../lib/uplot.mjs" */
/** @import { PlotOptions } from "../../plot.js" */

import { element, setText, token } from "../../dom.js";
import { count, inUnit, loss } from "../../format.js";
import { lastStays } from "../../naming.js";
import { terms } from "../../places.js";
import { axis, finite, font, PlotPlace } from "../../plot.js";
import { phaseOf } from "../../run-machine.js";

const FIRST_STEPS = 20;
const FIRST_LOSS = 4;
const LABEL_HEIGHT = 15;
const BEST_RADIUS = 4;
/** So many times as high as a loss that it learns from, or is compared with, one may be drawn. */
const HIGHEST = 3;

/**
 * @typedef {object} Shown what is drawn
 * @property {Curve | null} curve
 * @property {Baseline[]} baselines from the highest loss to the lowest
 * @property {{ step: number, loss: number } | null} best when the validation loss was lowest
 * @property {StayElsewhere[]} stays
 * @property {Unit} unit
 */

/** @param {{ setUnit(unit: Unit): void }} actions @returns {View} */
export function mountChart(actions) {
  const root = element("plot", HTMLElement);
  const words = element("chart-words", HTMLElement);
  const standing = element("standing", HTMLOutputElement);
  const unit = element("loss-unit", HTMLSelectElement);
  unit.disabled = false;
  unit.onchange = () => actions.setUnit(unit.value === "bits" ? "bits" : "nats");
  /** @type {State | null} */
  let drawn = null;
  /** @type {Shown} */
  let shown = { curve: null, baselines: [], best: null, stays: [], unit: "nats" };

  const plot = new PlotPlace(root).draw(
    options(() => shown),
    data(shown),
  );

  return (state) => {
    if (drawn && DRAWN.every((key) => state[key] === drawn?.[key])) return;
    drawn = state;
    // A network that has only been asked to write has nothing to compare yet.
    const begun = phaseOf(state) !== "ready" && state.run !== null;
    const { curve, unit } = state;
    const best = begun ? bestOf(state) : null;
    const { stays } = (begun && state.run) || { stays: [] };
    shown = { curve, baselines: begun ? references(state) : [], best, stays, unit };
    plot.setData(data(shown));
    setText(standing, begun ? standingOf(state, shown) : HINTS[state.place]);
    setText(words, begun ? inWords(state, shown) : "No curve yet.");
  };
}

/** A change of any of these asks for a new drawing. @type {(keyof State)[]} */
const DRAWN = ["place", "runState", "run", "curve", "ngrams", "unit"];

const HINTS = {
  text: "Dotted lines will show what guessing and counting reach on your text.",
  numbers: "A dotted line will show what a forecast reaches that knows no more than the last values.",
};

/**
 * What a network can be compared with. Orders so high that they know less than a lower one, for
 * the text is short, tell nothing.
 * @param {State} state
 */
function references({ run, ngrams }) {
  /** @type {Baseline[]} */
  const falling = [];
  for (const each of [...(run?.baselines ?? []), ...ngrams]) {
    if (each.loss < (falling.at(-1)?.loss ?? Infinity)) falling.push(each);
  }
  return falling;
}

/** @param {State} state @returns {Shown["best"]} */
function bestOf({ progress }) {
  const { best_step: step, best_loss: nats } = progress ?? {};
  return step === undefined || nats === undefined ? null : { step, loss: nats };
}

/** @param {Shown} shown @returns {uPlot.AlignedData} */
function data({ curve, unit }) {
  if (!curve) return [[], [], []];
  const drawn = (/** @type {Curve["validation"]} */ losses) =>
    losses.map((each) => {
      const nats = finite(each);
      return nats === null ? null : inUnit(nats, unit);
    });
  return [curve.step, drawn(curve.train), drawn(curve.validation)];
}

/** @param {ArrayLike<unknown>} values */
const numbersIn = (values) => Array.from(values).filter(Number.isFinite).length;

/**
 * @param {() => Shown} shown
 * @returns {PlotOptions}
 */
function options(shown) {
  const readout = element("readout", HTMLElement);
  /** A line of a single point would not be seen. @type {uPlot.Series.Points} */
  const points = { show: (plot, series) => numbersIn(plot.data[series]) === 1 };
  return {
    padding: [8, 16, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false } },
    scales: {
      x: { time: false, range: (_, __, last) => [0, Math.max(FIRST_STEPS, last ?? 0)] },
      y: { range: (_, bottom, top) => [depthOf(bottom), 1.12 * heightOf(top, shown())] },
    },
    axes: [
      { ...axis(), label: "steps", size: 22, grid: { show: false } },
      { ...axis(), label: () => `${shown().unit} per ${terms().unit}`, size: 26 },
    ],
    series: [
      {},
      { stroke: () => token("--accent"), width: 2, points },
      { stroke: () => token("--second"), width: 2, points, dash: [7, 4], spanGaps: true },
    ],
    hooks: {
      drawClear: [(plot) => drawStays(plot, shown())],
      drawAxes: [(plot) => drawBaselines(plot, shown())],
      draw: [(plot) => drawNames(plot, shown()), (plot) => drawBest(plot, shown())],
      setCursor: [(plot) => setText(readout, underCursor(plot, shown()))],
    },
  };
}

/** The loss of numbers, unlike that of characters, may fall below 0. @param {number | null} bottom */
const depthOf = (bottom) => Math.min(0, 1.12 * (bottom ?? 0));

/**
 * The chart is as high as its lines, but where what is held out is known so badly that all else would
 * be flat below it.
 * @param {number | null} top
 * @param {Shown} shown
 */
function heightOf(top, { curve, baselines, unit }) {
  const known = [...(curve?.train ?? []), ...baselines.map((each) => each.loss)];
  const usual = known.reduce((most, nats) => Math.max(most, inUnit(nats, unit)), 0);
  return Math.max(usual, Math.min(top ?? 0, HIGHEST * usual)) || FIRST_LOSS;
}

/** Dotted lines behind the curves. @param {uPlot} plot @param {Shown} shown */
function drawBaselines({ ctx, bbox, valToPos }, { baselines, unit }) {
  const scale = devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = token("--muted");
  ctx.lineWidth = scale;
  ctx.setLineDash([2 * scale, 4 * scale]);
  for (const each of baselines) {
    const y = valToPos(inUnit(each.loss, unit), "y", true);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
  }
  ctx.restore();
}

/**
 * The names of the dotted lines, before the curves: the highest line has its name above it, the
 * others below. Where lines are too close for that, they share one name.
 * @param {uPlot} plot
 * @param {Shown} shown
 */
function drawNames({ ctx, bbox, valToPos }, { baselines, unit }) {
  const scale = devicePixelRatio;
  /** @type {{ names: Baseline[], y: number }[]} */
  const labels = [];
  for (const each of baselines) {
    const y = valToPos(inUnit(each.loss, unit), "y", true);
    const last = labels.at(-1);
    // The first name stands above its line, so there is more room below it.
    const room = (labels.length === 1 ? 2 : LABEL_HEIGHT) * scale;
    if (last && y - last.y < room) Object.assign(last, { names: [...last.names, each], y });
    else labels.push({ names: [each], y });
  }
  ctx.save();
  ctx.font = font(scale);
  ctx.textAlign = "right";
  ctx.fillStyle = token("--muted");
  ctx.strokeStyle = token("--panel");
  ctx.lineWidth = 4 * scale;
  ctx.lineJoin = "round";
  for (const [index, { names, y }] of labels.entries()) {
    ctx.textBaseline = index ? "top" : "bottom";
    const gap = (index ? 4 : -3) * scale;
    const right = bbox.left + bbox.width - 4 * scale;
    const place = /** @type {const} */ ([nameOf(names, unit), right, y + gap]);
    ctx.strokeText(...place); // nothing goes through the letters
    ctx.fillText(...place);
  }
  ctx.restore();
}

/** A band behind what was learned elsewhere, with its name. @param {uPlot} plot @param {Shown} shown */
function drawStays({ ctx, bbox, valToPos }, { stays }) {
  const scale = devicePixelRatio;
  ctx.save();
  ctx.font = font(scale);
  ctx.textBaseline = "bottom";
  ctx.textAlign = "left";
  for (const { first, last, by } of stays) {
    const [left, right] = [first, last].map((step) => valToPos(step, "x", true));
    ctx.fillStyle = token("--written");
    ctx.fillRect(left, bbox.top, right - left, bbox.height);
    ctx.fillStyle = token("--muted");
    const fits = ctx.measureText(by).width + 8 * scale < right - left;
    if (fits) ctx.fillText(by, left + 4 * scale, bbox.top + bbox.height - 2 * scale);
  }
  ctx.restore();
}

/** A ring where the validation loss was lowest. @param {uPlot} plot @param {Shown} shown */
function drawBest({ ctx, valToPos }, { best, unit }) {
  if (!best) return;
  ctx.save();
  ctx.strokeStyle = token("--second");
  ctx.fillStyle = token("--panel");
  ctx.lineWidth = 2 * devicePixelRatio;
  ctx.beginPath();
  const place = [valToPos(best.step, "x", true), valToPos(inUnit(best.loss, unit), "y", true)];
  ctx.arc(place[0], place[1], BEST_RADIUS * devicePixelRatio, 0, 2 * Math.PI);
  ctx.fill();
  ctx.stroke();
  ctx.restore();
}

/** @param {Baseline[]} lines close to each other @param {Unit} unit */
function nameOf(lines, unit) {
  const last = lines[lines.length - 1];
  const from = lines.length > 1 ? `${lines[0].label} … ` : "";
  return `${from}${last.label} ${inUnit(last.loss, unit).toFixed(2)}`;
}

/** @param {uPlot} plot @param {Shown} shown */
function underCursor({ cursor, data: [steps, training, validation] }, { unit }) {
  const index = cursor.idx;
  if (index == null || steps[index] === undefined) return "";
  const held = validation[index] == null ? "" : ` · validation ${loss(validation[index])}`;
  return `step ${count(steps[index])} · training ${loss(training[index])}${held} ${unit}`;
}

/**
 * Where the network stands among the references, in words; once it gets worse, where it stood at its
 * best.
 * @param {State} state
 * @param {Shown} shown
 */
function standingOf({ progress, run }, { baselines, unit }) {
  const { validation_loss, train_loss, best_loss, best_step, advice } = progress ?? {};
  const reached = advice ? best_loss : (validation_loss ?? train_loss);
  if (reached === undefined || !run || !baselines.length) return "";
  const beaten = baselines.filter((each) => reached < each.loss).at(-1);
  const ahead = beaten && baselines.find((each) => reached >= each.loss);
  const named = (/** @type {Baseline} */ each) =>
    `${IN_WORDS[each.name] ?? `a ${each.label}`} (${loss(inUnit(each.loss, unit))})`;
  const better = `${beaten ? "" : "no "}better than ${named(beaten ?? baselines[0])}`;
  // What a network has brought from another text may be in this held-out part.
  const unseen = run.origin ? "the held-out part" : UNSEEN[run.task];
  if (advice) {
    const best = `At its best, at step ${count(best_step)}, it was ${better} on ${unseen}`;
    return `${best}${ahead ? `, but not as good as ${named(ahead)}` : ""}. It has got worse since.`;
  }
  const where = validation_loss === undefined ? "what it trains on" : unseen;
  const yet = best_loss !== undefined && reached > best_loss ? "not" : "not yet";
  return `On ${where}, it is ${better}${ahead ? `, ${yet} as good as ${named(ahead)}` : ""}.`;
}

const UNSEEN = { text: "text it never saw", numbers: "the part that it never learns" };

/** @type {Record<string, string>} */
const IN_WORDS = {
  uniform: "a uniform guess",
  unigram: "the letter frequencies",
  blind: "the simple forecast alone",
};

/** The curve for those who can't see it. @param {State} state @param {Shown} shown */
function inWords(state, shown) {
  const { step, train_loss, validation_loss } = state.progress ?? {};
  const { baselines, best, unit } = shown;
  const inThat = (/** @type {number | undefined} */ nats) =>
    loss(nats === undefined ? undefined : inUnit(nats, unit));
  const references = baselines.map((each) => `${each.label} ${inThat(each.loss)}`);
  return [
    `After step ${count(step)} the training loss is ${inThat(train_loss)}`,
    `and the validation loss ${inThat(validation_loss)} ${unit} per ${terms().unit}.`,
    ...(best ? [`It was lowest at step ${count(best.step)}: ${inThat(best.loss)}.`] : []),
    ...lastStays(shown.stays),
    `For comparison: ${references.join(", ")}.`,
    standingOf(state, shown),
  ].join(" ");
}
