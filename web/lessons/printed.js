/** Lesson 6: is it right? A printed backward with its faults, and what measuring says of each gradient. */

/** @import { CheckedGradient, Fault, PrintedLesson } from "../types" */
/** @import { Lesson } from "./types" */

import { make, offer, setText } from "../dom.js";
import { inArray, scientific } from "../format.js";
import { names, whole } from "./address.js";
import { menu, TimeStep } from "./controls.js";
import { fillTable } from "./table.js";

/** @type {Lesson<PrintedLesson>} */
export const printed = {
  kinds: { lines: names, t: whole },

  ask: (ask, setting, { lines = {}, t }) => ask("printed", setting, lines, t),

  mount({ change }) {
    const time = new TimeStep((t) => change({ t }));
    const faults = make("div", { className: "faults" });
    /** @type {ReturnType<typeof menu>[]} */
    let menus = [];
    const said = make("p", { role: "status", ariaLabel: "Result" });
    const table = make("table");

    /** @param {Fault[]} all */
    function mountMenus(all) {
      menus = all.map(({ name, question }) =>
        menu(question, (option) => {
          chosen = { ...chosen, [name]: option };
          change({ lines: chosen });
        }),
      );
      for (const { control } of menus) control.classList.add("reading");
      faults.replaceChildren(...menus.map(({ root }) => root));
    }

    /** @type {Record<string, string>} */
    let chosen = {};

    return {
      controls: [faults, time.root],
      seen: [said, table],
      show(answer, { lines = {}, t }) {
        time.show(answer.scene, t);
        chosen = lines;
        if (menus.length !== answer.faults.length) mountMenus(answer.faults);
        faults.hidden = menus.length === 0;
        answer.faults.forEach((fault, place) => {
          const written = fault.options.map(
            ({ name, source }) =>
              /** @type {[string, string]} */ ([name, source || "(no such line)"]),
          );
          offer(menus[place].control, written, lines[fault.name] ?? fault.chosen);
        });
        setText(said, inWords(answer));
        said.classList.toggle("problem", answer.stopped !== undefined);
        const head = ["Gradient of", "Returned", "Measured", "Relative error", "Verdict"];
        // Where it ended with an error, that is the reason of all.
        const reasons = answer.stopped === undefined ? answer.checked.map(({ why }) => why) : [];
        fillTable(table, CAPTION, head, answer.checked.map(row), undefined, reasons);
      },
      marked: ({ faults: all }) => all.map(({ number }) => number),
    };
  },
};

/** @param {PrintedLesson} answer */
function inWords({ stopped, same, checked, faults }) {
  if (stopped !== undefined) return `It ends with ${stopped}.`;
  const those = (/** @type {string} */ verdict) =>
    checked.filter((each) => verdictOn(each) === verdict).map(({ parameter }) => `d${parameter}`);
  const [right, wrong] = [those(RIGHT), those(WRONG)];
  if (wrong.length)
    return `It runs to its end. Right: ${right.join(", ") || "none"}. Wrong: ${wrong.join(", ")}.`;
  if (faults.length === 0) return `All ${checked.length} gradients are right.`;
  return same ? "All are right, and to the last bit those of RNN.backward." : "All are right.";
}

const CAPTION = "Gradients beside central differences, each at the weight where they differ most";

const [RIGHT, WRONG, NONE] = ["✓ right", "✗ wrong", "none"];

/** What wasn't returned is neither right nor wrong. @param {CheckedGradient} checked */
function verdictOn({ right, error }) {
  if (error === undefined) return NONE;
  return right ? RIGHT : WRONG;
}

/** @param {CheckedGradient} checked */
function row(checked) {
  const verdict = verdictOn(checked);
  const { parameter, weight, returned, measured, error } = checked;
  const place = weight && make("small", {}, ` ${weight}`);
  return [
    make("span", {}, parameter, place),
    slope(returned),
    slope(measured),
    scientific(error),
    make("span", { className: verdict === WRONG ? "verdict wrong" : "verdict" }, verdict),
  ];
}

/** @param {number | undefined} number */
const slope = (number) => (number === undefined ? "–" : inArray(number, false));
