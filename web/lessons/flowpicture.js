/** The two flows that meet in the gradient of a hidden state, over the time steps of a word. */

/** @import { Scene, Value } from "../types" */

import { visible } from "../format.js";
import { draw } from "./drawing.js";

/** What flows, by the symbols that the tiny network and others have for it. */
const FLOWS = {
  output: ["Why^T dL/dy_t", "from y_t"],
  later: ["Whh^T dL/da_{t+1}", "from t+1"],
  before: ["Whh^T dL/da_t", "dh_{t-1}"],
};

const [BOX, GAP, TOP, HEIGHT] = [34, 26, 46, 104];
const WIDEST = 9;
/** Of a long word, so many time steps are drawn on both sides of the one that is looked at. */
const AROUND = 2;

export class FlowPicture {
  root = draw("svg", { class: "flow-picture", role: "img" });

  /** @param {Scene} scene */
  show({ inputs, step, values }) {
    const first = Math.max(0, Math.min(step - AROUND, inputs.length - 1 - 2 * AROUND));
    const last = Math.min(inputs.length - 1, first + 2 * AROUND);
    const x = (/** @type {number} */ t) => 30 + (t - first) * (BOX + GAP);
    const width = x(last) + BOX + 84;
    const [output, later, before] = [FLOWS.output, FLOWS.later, FLOWS.before].map((names) =>
      largestIn(values.find(({ symbol }) => names.includes(symbol))),
    );
    const most = Math.max(output, later, before, Number.MIN_VALUE);
    const thick = (/** @type {number} */ size) => (size ? 1 + (WIDEST - 1) * (size / most) : 0);
    const middle = TOP + BOX / 2;
    const here = x(step);
    this.root.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    this.root.setAttribute("width", String(width));
    this.root.replaceChildren(
      ...inputs.slice(first, last + 1).map((character, place) => {
        const t = first + place;
        return box(x(t), character, t, t === step);
      }),
      arrow(here + BOX / 2, 18, here + BOX / 2, TOP - 3, thick(output), "from-output"),
      draw("text", { x: here + BOX / 2 + 8, y: 14 }, `from y${low(step)}`),
      arrow(here + BOX + GAP - 2, middle, here + BOX + 3, middle, thick(later), "from-later"),
      ...(step === inputs.length - 1
        ? [draw("text", { x: here + BOX + GAP + 2, y: middle + 4 }, "nothing")]
        : []),
      arrow(here - 3, middle, here - GAP + 2, middle, step && thick(before), "to-before"),
    );
    this.root.setAttribute("aria-label", inWords(step, output, later, before));
  }
}

/** The largest number of an array, whatever its sign. @param {Value | undefined} value */
const largestIn = (value) =>
  Math.max(0, ...(value?.numbers.flat() ?? []).map(Math.abs).filter(Number.isFinite));

/** @param {number} number */
const low = (number) => String(number).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]);

/** @param {number} x @param {string} character @param {number} t @param {boolean} isHere */
const box = (x, character, t, isHere) =>
  draw(
    "g",
    { class: isHere ? "here" : "" },
    draw("rect", { x, y: TOP, width: BOX, height: BOX, rx: 5 }),
    draw("text", { x: x + BOX / 2, y: TOP + BOX / 2 + 4, "text-anchor": "middle" }, `h${low(t)}`),
    draw(
      "text",
      { x: x + BOX / 2, y: TOP + BOX + 15, "text-anchor": "middle", class: "reading" },
      visible(character),
    ),
  );

/**
 * @param {number} x1
 * @param {number} y1
 * @param {number} x2 where its point is
 * @param {number} y2
 * @param {number} width
 * @param {string} name
 */
function arrow(x1, y1, x2, y2, width, name) {
  const group = draw("g", { class: `arrow ${name}` });
  if (width === 0) return group;
  const [dx, dy] = [Math.sign(x2 - x1), Math.sign(y2 - y1)];
  const head = 4 + width / 2;
  const [bx, by] = [x2 - dx * 7, y2 - dy * 7];
  group.append(
    draw("line", { x1, y1, x2: bx, y2: by, "stroke-width": width.toFixed(1) }),
    draw("path", {
      d: `M${x2} ${y2}L${bx + dy * head} ${by + dx * head}L${bx - dy * head} ${by - dx * head}z`,
    }),
  );
  return group;
}

/** @param {number} step @param {number} output @param {number} later @param {number} before */
function inWords(step, output, later, before) {
  const size = (/** @type {number} */ number) =>
    number === 0 ? "nothing" : `up to ${number.toFixed(3)}`;
  return (
    `Into the gradient of h${low(step)} flows ${size(output)} from y${low(step)} and ${size(later)} from the ` +
    `next time step; ${size(before)} is sent to the step before. Thicker arrows are larger numbers.`
  );
}
