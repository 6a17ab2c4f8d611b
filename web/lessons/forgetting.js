/** Lesson 8: forgetting, and gates. */

/** @import { ForgettingLesson, LessonNumbers } from "../types" */
/** @import { Lesson } from "./types" */

import { make, offer, setText } from "../dom.js";
import { scientific } from "../format.js";
import { flag, name, real } from "./address.js";
import { checkBox, menu, Slider } from "./controls.js";
import { nameOf, RoadPlot } from "./roadplot.js";
import { fillTable } from "./table.js";

/** @type {Lesson<ForgettingLesson>} */
export const forgetting = {
  kinds: { cell: name, recurrence: real, forget: real, clipped: flag },

  ask: (ask, setting, { cell, recurrence, forget }, defaults) =>
    ask(
      "forgetting",
      setting,
      cell ?? defaults.cell,
      recurrence ?? defaults.recurrence,
      forget,
      defaults.forgetting_clip,
    ),

  mount({ change, numbers }) {
    // What is to be seen of one cell may hide what is to be seen of another.
    const cells = menu("Cell", (cell) =>
      change({ cell, recurrence: undefined, forget: undefined, clipped: undefined }),
    );
    const scale = new Slider("Scale of Whh", (recurrence) => change({ recurrence }));
    const hold = checkBox("Hold the forget gate", (held) =>
      change({ forget: held ? numbers().defaults.forget : undefined }),
    );
    const gate = new Slider("Forget gate", (forget) => change({ forget }));
    for (const { root } of [scale, gate]) root.classList.add("short"); // two of them fit into a line
    const clipped = checkBox("Clip", (on) => change({ clipped: on || undefined }));
    const said = make("p", { role: "status", ariaLabel: "What becomes of the gradient" });
    const plot = new RoadPlot();
    const direct = make("p", { className: "hint", hidden: true }, DIRECT);
    const table = make("table");

    return {
      controls: [cells.root, scale.root, hold.root, gate.root, clipped.root],
      seen: [said, plot.root, direct, table],
      show(answer, { own = false, cell = answer.cell, clipped: clips = false, ...chosen }) {
        const { recurrence: scales, forget: gates, defaults } = numbers();
        offer(cells.control, Object.entries(answer.cells), own ? answer.cell : cell);
        cells.control.disabled = own;
        const times = chosen.recurrence ?? defaults.recurrence;
        const [least, most] = scales;
        scale.show(times, { least, most, step: 0.05, words: `× ${times.toFixed(2)}` });
        // What isn't there can't be held.
        const forget = answer.gate ? chosen.forget : undefined;
        hold.control.checked = forget !== undefined;
        hold.control.disabled = !answer.gate;
        gate.show(forget ?? defaults.forget, {
          least: gates[0],
          most: gates[1],
          step: 0.01,
          words: forget?.toFixed(2) ?? (answer.gate ? "free" : "none"),
        });
        gate.control.disabled = forget === undefined;
        setText(clipped.name, `Clip at ${defaults.forgetting_clip}`);
        clipped.control.checked = clips;
        const { roads, through_gate: alone } = answer;
        const lines = [
          ...roads.map((road) => ({ name: nameOf(road), road })),
          ...(alone ? [{ name: `c ${alone.state}`, road: alone }] : []),
        ].map(({ name, road }) => ({ name, shown: clips ? road.clipped : road.norms }));
        setText(said, inWords(answer, numbers().left, clips ? defaults.forgetting_clip : undefined));
        plot.show(lines);
        direct.hidden = !alone;
        const head = ["Steps back", ...lines.map(({ name }) => name)];
        const rows = lines[0].shown.map((_, distance) => [
          String(distance),
          ...lines.map(({ shown }) => scientific(shown[distance])),
        ]);
        fillTable(table, "Length of what comes back", head, rows);
      },
      leave: () => plot.place.clear(),
    };
  },
};

const DIRECT =
  "∂L/∂c is all that comes back to c, so also what comes through the hidden state and the other " +
  "gates. The dotted line is what comes through the forget gate alone.";

/**
 * @param {ForgettingLesson} answer
 * @param {LessonNumbers["left"]} limits below the first it has vanished, above the second exploded
 * @param {number} [clip] if it is clipped
 */
function inWords({ fate, best, left, left_through_gate: kept, length, factor, roads }, limits, clip) {
  const [least, most] = limits;
  const fates = {
    vanishes: `${scientific(left)} of it is left: it vanishes (below ${least}), and what lies so far back is hardly learned from.`,
    holds: `it is ${scientific(left)} times as long: it neither vanishes (below ${least}) nor explodes (above ${most}).`,
    explodes: `it is ${scientific(left)} times as long: it explodes (above ${most}), and a small change so far back would change everything.`,
    breaks: "it overflows: there are no numbers as large as these would be.",
  };
  const where = roads.length > 1 ? `Most comes back along the ${best}. There, ` : "";
  const back = `${roads[0].norms.length - 1} steps back, ${fates[fate]}`;
  const through = kept == null ? "" : ` Through the forget gate alone, ${scientific(kept)} is left.`;
  return `${where}${back}${through}${clip === undefined ? "" : ` ${clipped(length, factor, clip)}`}`;
}

/** @param {number} length of the whole gradient @param {number} factor @param {number} clip */
function clipped(length, factor, clip) {
  const all = `The gradient of all weights is ${scientific(length)} long`;
  return factor === 1
    ? `${all}, less than ${clip}: nothing is clipped.`
    : `${all}: to make it ${clip} long, clipping multiplies all that comes back by ${scientific(factor)}.`;
}
