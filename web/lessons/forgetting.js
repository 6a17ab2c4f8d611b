/** Lesson 8: forgetting, and gates. */

/** @import { ForgettingLesson } from "../types" */
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
    const cells = menu("Cell", (cell) => change({ cell, forget: undefined }));
    const scale = new Slider("Scale of Whh", (recurrence) => change({ recurrence }));
    const hold = checkBox("Hold the forget gate", (held) =>
      change({ forget: held ? numbers().defaults.forget : undefined }),
    );
    const gate = new Slider("Forget gate", (forget) => change({ forget }));
    for (const { root } of [scale, gate]) root.classList.add("short"); // two of them fit into a line
    const clipped = checkBox("Clip", (on) => change({ clipped: on || undefined }));
    const said = make("p", { role: "status", ariaLabel: "What becomes of the gradient" });
    const plot = new RoadPlot();
    const table = make("table");

    return {
      controls: [cells.root, scale.root, hold.root, gate.root, clipped.root],
      seen: [said, plot.root, table],
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
        setText(said, inWords(answer, clips));
        plot.show(lines);
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

const FATES = {
  vanishes: "it vanishes: what lies so far back is hardly learned from.",
  holds: "it neither vanishes nor explodes.",
  explodes: "it explodes: a small change so far back would change everything.",
  breaks: "it overflows: there are no numbers as large as these would be.",
};

/** @param {ForgettingLesson} answer @param {boolean} clips */
function inWords({ fate, factor, roads }, clips) {
  const { length } = roads[0].norms;
  const best = `Along its best road, ${length - 1} steps back: ${FATES[fate]}`;
  if (!clips) return best;
  if (factor === 1) return `${best} The gradient is short enough: nothing is clipped.`;
  return `${best} Clipping multiplies all of it by ${scientific(factor)}.`;
}
