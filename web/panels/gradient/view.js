/** Gradient through time: how far back a mistake reaches, as lines, as a table and in words. */

/** @import { Flow, FlowLine, View } from "../../types" */
/** @import uPlot from "../../lib/uplot.mjs" */
/** @import { PlotOptions } from "../../plot.js" */

import { element, make, setText, showProblem, token } from "../../dom.js";
import { count, powerOfTen, scientific } from "../../format.js";
import { terms } from "../../places.js";
import {
  axis,
  decadesBetween,
  font,
  lineKey,
  lineLook,
  PlotPlace,
  wholeDecades,
} from "../../plot.js";

/** What is so much smaller than the largest is left out of the picture: powers of ten. */
const DECADES = 12;

/** Pixels from one name at a line's end to the next, and on both sides of it. */
const LABEL_HEIGHT = 15;
const LABEL_GAP = 6;
/** On a phone they have at most this part of the picture, and are written closer for it. */
const LABELS_SHARE = 0.3;

/**
 * @param {{
 *   toggleGradient(open: boolean): void,
 *   setRecurrence(recurrence: number): void,
 *   setClipped(clipped: boolean): void,
 * }} actions
 * @returns {View}
 */
export function mountGradient(actions) {
  const panel = element("gradient-panel", HTMLDetailsElement);
  const recurrence = element("recurrence", HTMLInputElement);
  const recurrenceValue = element("recurrence-value", HTMLElement);
  const clipped = element("clipped", HTMLInputElement);
  const problem = element("gradient-problem", HTMLElement);
  const figure = element("flow", HTMLElement);
  const note = element("flow-note", HTMLElement);
  const progress = element("flow-progress", HTMLProgressElement);
  const words = element("flow-words", HTMLElement);
  const clippingWords = element("clipping-words", HTMLElement);
  const table = mountTable();
  const chart = mountLines();

  panel.ontoggle = () => actions.toggleGradient(panel.open);
  clipped.disabled = false;
  recurrence.oninput = () => actions.setRecurrence(recurrence.valueAsNumber);
  clipped.onchange = () => actions.setClipped(clipped.checked);

  /** @type {Flow | null} */
  let shown = null;
  let shownClipped = false;

  return (state) => {
    if (!panel.open) return;
    const { flow, flowing } = state;
    recurrence.disabled = !state.about;
    if (state.about) [recurrence.min, recurrence.max] = state.about.numbers.recurrence.map(String);
    recurrence.value = String(state.recurrence);
    clipped.checked = state.clipped;
    setText(recurrenceValue, `× ${state.recurrence.toFixed(2)}`);
    showProblem(problem, state.problems.gradient);
    figure.setAttribute("aria-busy", String(flowing !== null));
    progress.toggleAttribute("data-idle", flowing === null);
    progress.value = flowing ?? 0;
    note.hidden = flow !== null;
    setText(note, flowing === null ? NOTHING : "Following the gradient back in time …");
    if (flow === shown && state.clipped === shownClipped) return;
    shown = flow;
    shownClipped = state.clipped;
    chart(flow, state.clipped);
    table(flow);
    setText(words, flow ? inWords(flow) : "Nothing to see yet.");
    setText(clippingWords, flow ? clippingInWords(flow) : "");
  };
}

const NOTHING = "Press Train, and here you will see how far back your network’s mistakes reach.";

/**
 * What the table calls a network.
 * @param {FlowLine} line
 * @param {Flow} flow
 */
const nameOf = ({ name, label }, { step }) =>
  name === "own" ? `your ${label}, step ${count(step)}` : `${label}, untrained`;

/** @param {FlowLine} line */
const shortName = ({ name, label }) => (name === "own" ? "yours" : label);

/** The lines, drawn when there is something to draw. */
function mountLines() {
  const root = element("flow-plot", HTMLElement);
  const readout = element("flow-readout", HTMLElement);
  const place = new PlotPlace(root);
  /** @type {uPlot | null} */
  let plot = null;
  /** What the drawn lines are called. */
  let drawn = "";

  /** @param {Flow | null} flow @param {boolean} clipped */
  return (flow, clipped) => {
    root.hidden = flow === null;
    if (!flow) return;
    const lines = flow.lines.map((line) => (clipped ? line.clipped : line.norms));
    const distances = Array.from({ length: flow.distance }, (_, distance) => distance);
    /** @type {uPlot.AlignedData} */
    const data = [distances, ...lines];
    const names = flow.lines.map(shortName);
    if (plot && names.join() === drawn) plot.setData(data);
    else plot = place.draw(options(names, readout), data);
    drawn = names.join();
  };
}

/**
 * @param {string[]} names of the lines, the first of which is the own network's
 * @param {Element} readout
 * @returns {PlotOptions}
 */
function options(names, readout) {
  return {
    padding: [8, (plot) => roomFor(names, plot), 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
    scales: { x: { time: false }, y: { distr: 3, range: wholeDecades(DECADES) } },
    axes: [
      { ...axis(), label: () => `${terms().units} back`, size: 22, grid: { show: false } },
      {
        ...axis(),
        label: "|∂L/∂h|, nats per unit",
        size: 42,
        splits: (_, __, lowest, highest) => decadesBetween(lowest, highest),
        filter: (_, powers) => powers,
        values: (_, powers) => powers.map((power) => powerOfTen(Math.round(Math.log10(power)))),
      },
    ],
    series: [
      {},
      ...names.map((_, index) => {
        const { colour, dash } = lineLook(index);
        const width = index === 0 ? 3 : 2;
        return { stroke: () => token(colour), width, dash, points: { show: false } };
      }),
    ],
    hooks: {
      draw: [(plot) => nameTheLines(plot, names)],
      setCursor: [(plot) => setText(readout, underCursor(plot, names))],
    },
  };
}

/**
 * Each line has its name at its end, or at the edge where it has left the picture.
 * @param {uPlot} plot
 * @param {string[]} names
 */
function nameTheLines(plot, names) {
  const { ctx, bbox, data } = plot;
  const scale = devicePixelRatio;
  const [first, last] = [bbox.top, bbox.top + bbox.height];
  const labels = names.map((name, index) => {
    const end = data[index + 1]?.at(-1);
    const y = end ? plot.valToPos(end, "y", true) : Infinity;
    return { name, colour: lineLook(index).colour, y };
  });
  labels.sort((a, b) => (a.y < b.y ? -1 : 1));
  for (const label of labels) label.y = Math.min(Math.max(label.y, first), last);
  // Downwards until each has room below the one before it, then upwards if the last fell out.
  const height = LABEL_HEIGHT * scale;
  for (let i = 1; i < labels.length; i++) {
    labels[i].y = Math.max(labels[i].y, labels[i - 1].y + height);
  }
  let lowest = last;
  for (const label of labels.toReversed()) {
    label.y = Math.min(label.y, lowest);
    lowest = label.y - height;
  }
  ctx.save();
  ctx.font = font(scale);
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  const room = (roomFor(names, plot) - 2 * LABEL_GAP) * scale;
  for (const { name, colour, y } of labels) {
    ctx.fillStyle = token(colour);
    ctx.fillText(name, bbox.left + bbox.width + LABEL_GAP * scale, y, room);
  }
  ctx.restore();
}

/** How wide the names are, with a gap on both sides. @param {string[]} names @param {uPlot} plot */
function roomFor(names, { ctx, width }) {
  ctx.save();
  ctx.font = font();
  const widths = names.map((name) => ctx.measureText(name).width);
  ctx.restore();
  const wanted = Math.max(...widths) + 2 * LABEL_GAP;
  return Math.ceil(Math.min(wanted, LABELS_SHARE * width));
}

/** @param {uPlot} plot @param {string[]} names */
function underCursor({ cursor, data: [distances, ...lines] }, names) {
  const index = cursor.idx;
  if (index == null || distances[index] === undefined) return "";
  const values = names.map((name, place) => `${name} ${scientific(lines[place]?.[index])}`);
  return `${distances[index]} ${terms().units} back: ${values.join(" · ")}`;
}

/** The legend, and all that the lines say in numbers. */
function mountTable() {
  const table = element("flow-table", HTMLTableElement);
  const far = element("flow-far", HTMLElement);
  const end = element("flow-end", HTMLElement);

  /** @param {Flow | null} flow */
  return (flow) => {
    table.hidden = !flow;
    if (!flow) return;
    setText(far, `After ${flow.far} ${terms().units}`);
    setText(end, `After ${flow.distance - 1} ${terms().units}`);
    table.tBodies[0].replaceChildren(
      ...flow.lines.map((line, place) => {
        const cells = [share(line.left), share(line.end), lengthOf(line)].map((words) =>
          make("td", {}, words),
        );
        const fate = make("small", {}, FATES[line.fate]);
        const head = make(
          "th",
          { scope: "row" },
          make("span", {}, lineKey(lineLook(place)), nameOf(line, flow)),
          fate,
        );
        return make("tr", {}, head, ...cells);
      }),
    );
  };
}

/** Of the whole gradient, before and after clipping. @param {FlowLine} line */
function lengthOf({ length, factor, clipped_length }) {
  if (length == null) return "no number";
  const clipped = factor === 1 ? "" : `, clipped to ${scientific(clipped_length)}`;
  return `${scientific(length)}${clipped}`;
}

/** @type {Record<FlowLine["fate"], string>} */
const FATES = {
  vanishes: "vanishes",
  holds: "holds",
  explodes: "explodes",
  breaks: "out of range",
};

/** A part of the length that a gradient begins with. @param {number | null | undefined} part */
function share(part) {
  if (part == null) return "no number";
  return part < 2 ? `${scientific(100 * part)}\u00a0%` : `${scientific(part)} times`;
}

/**
 * The chart for those who can't see it, and for those who would know what it means.
 * @param {Flow} flow
 */
function inWords({ far, distance, lines: [own, ...others] }) {
  const kept = others.map(({ label, left }) => `the ${label} ${share(left)}`);
  const list = `${kept.slice(0, -1).join(", ")} and ${kept.at(-1)}`;
  const end = own.end != null && own.end < 2 ? "of what it began with" : "what it began with";
  return [
    `${far} ${terms().units} back your network’s gradient has ${share(own.left)},`,
    `${distance - 1} back ${share(own.end)} ${end}: it ${MEANINGS[own.fate]}`,
    `In the untrained networks ${far} ${terms().units} back: ${list}.`,
  ].join(" ");
}

/** @type {Record<FlowLine["fate"], string>} */
const MEANINGS = {
  vanishes: "vanishes, so that what lies so far back is hardly learned from.",
  holds: "neither vanishes nor explodes.",
  explodes: "explodes, so that a small change so far back would change everything.",
  breaks: "has left the range of numbers.",
};

/** @param {Flow} flow */
function clippingInWords({ clip, lines: [own] }) {
  const length = scientific(own.length);
  if (own.length == null) return "The gradient has no length, so there is nothing to clip.";
  const whole = `The gradient of a whole training step has length ${length}`;
  if (clip === 0) return `${whole}, and Clip is 0: nothing is ever clipped.`;
  if (own.factor === 1) return `${whole}, not above the clip of ${clip}: nothing is clipped.`;
  const factor = scientific(own.factor);
  return `${whole}, above the clip of ${clip}: all of it is multiplied by ${factor}.`;
}
