/** A cell of one's own: the editor, what was found of the cell, and the race. */

/** @import { CellJudgement, MeasuredGradient, State, View } from "../../types" */
/** @import { Editor } from "./editor.js" */

import { element, make, offer, setText, showProblem } from "../../dom.js";
import { capitalized, count, ended, rough, scientific } from "../../format.js";
import { terms } from "../../places.js";
import { permissions, sourceOf } from "../../store.js";
import { mountRace } from "./race.js";

/** What is checked, in this order, and what each means. @type {[string, string][]} */
const STAGES = [
  ["syntax", "It is Python"],
  ["names", "It names only what is there"],
  ["shapes", "Each step makes a state of the right shape"],
  ["numbers", "The state stays finite"],
  ["purity", "A step depends on nothing but what it is given"],
  ["gradients", "Going back agrees with what is measured"],
  ["speed", "How fast it is"],
];

const SIGNS = { right: "✓", fault: "✗", open: "·" };

const USED = "The run on this page has this cell: see “Training” at the top.";
const USE = "“Use the cell” begins a new run with it: what is learned, settings and seed stay the same.";
const CHECK_FIRST = `Only a cell that was checked can be used, or race. ${USE}`;

/** What a message may begin with that is Python, and has no capital. */
const CODE = /^(d[xW]|dstate|dh|step|step_backward|start|gates|states|parameters|h|x)\b/;

const BUSY = {
  starting: "Starting a Python for cells …",
  checking: "Checking …",
  racing: "",
};

/**
 * @param {{
 *   toggleOwnCell(open: boolean): void,
 *   typeCell(typed: string): void,
 *   chooseCell(name: string): void,
 *   checkCell(): Promise<void>,
 *   useCell(): void,
 *   stopAtBench(): void,
 * } & Parameters<typeof mountRace>[0]} actions
 * @returns {View}
 */
export function mountOwnCell(actions) {
  const panel = element("owncell-panel", HTMLDetailsElement);
  const examples = element("cell-example", HTMLSelectElement);
  const foreign = element("cell-foreign", HTMLElement);
  const host = element("cell-editor", HTMLElement);
  const check = element("check-cell", HTMLButtonElement);
  const use = element("use-cell", HTMLButtonElement);
  const stop = element("stop-bench", HTMLButtonElement);
  const useWords = element("use-cell-words", HTMLElement);
  const problem = element("owncell-problem", HTMLElement);
  const result = element("cell-result", HTMLElement);
  const stages = element("cell-stages", HTMLElement);
  const gradients = element("cell-gradients", HTMLDetailsElement);
  const race = mountRace(actions);
  /** @type {Editor | null} */
  let editor = null;
  /** @type {State | null} */
  let last = null;
  /** @type {CellJudgement | null | undefined} */
  let shown;
  /** Of what stands in the editor: where it belongs, and whether somebody else wrote it. */
  let shownPlace = "";
  let wasForeign = false;

  panel.ontoggle = () => {
    actions.toggleOwnCell(panel.open);
    if (panel.open) mountEditor();
  };
  examples.onchange = () => actions.chooseCell(examples.value);
  check.onclick = actions.checkCell;
  // What is to be seen of it stands under Training, where the keyboard goes on, too.
  use.onclick = () => (actions.useCell(), element("train", HTMLButtonElement).focus());
  // It disappears by its own work; the keyboard goes on from the button before it.
  stop.onclick = () => (actions.stopAtBench(), check.focus());

  async function mountEditor() {
    if (host.shadowRoot) return;
    try {
      const module = await import("./editor.js");
      editor ??= new module.Editor(host, "Cell source", "cell-keys", actions.typeCell);
      if (last) show(last);
    } catch (error) {
      const { message } = /** @type {Error} */ (error);
      showProblem(problem, `The editor could not be loaded (${message}): close and open this panel to try again`);
    }
  }

  /** @param {State} state */
  function show(state) {
    last = state;
    if (!panel.open) return;
    const { place, cellExamples, cellIsForeign, judgement, atBench } = state;
    const source = sourceOf(state);
    const known = judgement?.source === source ? judgement.result : null;
    const example = cellExamples.find((each) => each.source === source);
    offer(examples, [["", "…"], ...cellExamples.map(toChoice)], example?.name ?? "");
    foreign.hidden = !cellIsForeign;
    // An undo must not bring back a cell from elsewhere as if it had been written here.
    const isReplaced = editor !== null && editor.text !== source;
    const isOther = place !== shownPlace || (isReplaced && (cellIsForeign || wasForeign));
    if (isOther || isReplaced) editor?.show(source, isOther);
    if (editor) [shownPlace, wasForeign] = [place, cellIsForeign];
    check.disabled = !source || atBench !== null;
    use.disabled = !known?.right || !permissions(state).train;
    stop.hidden = atBench === null || atBench === "racing";
    const isUsed = state.run?.config.cell_source === source;
    setText(useWords, isUsed ? USED : known?.right ? USE : CHECK_FIRST);
    showProblem(problem, state.problems.owncell);
    setText(result, atBench && atBench !== "racing" ? BUSY[atBench] : known ? inWords(known, source) : "");
    race(state, known?.right ?? false);
    if (known === shown) return;
    shown = known;
    if (known) requestAnimationFrame(() => stages.scrollIntoView({ block: "nearest" }));
    editor?.mark(known?.line ?? null);
    stages.hidden = !known;
    stages.replaceChildren(...(known ? STAGES.map((stage) => stageOf(known, stage)) : []));
    gradients.hidden = !known?.gradients.length;
    gradients.open = known ? !known.right : false;
    gradients.querySelector("tbody")?.replaceChildren(...(known?.gradients ?? []).map(row));
  }

  return show;
}

/** @param {{ name: string, label: string }} example @returns {[string, string]} */
const toChoice = ({ name, label }) => [name, label];

/** @param {CellJudgement} judged @param {string} source */
function inWords({ right, label, message, line, automatic, milliseconds, speed }, source) {
  if (!right) {
    const place = line == null ? "" : `Line ${line}, “${source.split("\n")[line - 1]?.trim()}”: `;
    const words = ended(message);
    return `✗ ${place}${place || CODE.test(words) ? words : capitalized(words)}`;
  }
  const how = automatic ? "found by autograd" : "of your own step_backward";
  return (
    `✓ ${label}: nothing is wrong with it. Gradients ${how}. At a usual size (128 hidden units, 16 ` +
    `places, 32 steps) a training step takes ${rough(milliseconds)} ms: about ` +
    `${count(Number(speed?.toPrecision(2)))} ${terms().units} per second.`
  );
}

/** @param {CellJudgement} judged @param {[string, string]} stage */
function stageOf({ stages, fault }, [name, meaning]) {
  const state = stages.includes(name) ? "right" : fault === name ? "fault" : "open";
  const item = make("li", { title: meaning }, `${SIGNS[state]} ${name}`);
  item.dataset.state = state;
  return item;
}

/** @param {MeasuredGradient} gradient */
const row = ({ name, error, right }) =>
  make(
    "tr",
    {},
    make("th", { scope: "row" }, name),
    make("td", {}, error == null ? "no number" : scientific(error)),
    right
      ? make("td", { className: "verdict" }, "✓ right")
      : make("td", { className: "verdict wrong" }, "✗ wrong"),
  );
