/** The panel of kept runs: the one on the page, the list, and what can be done with each. */

/** @import { Field, ListedRun, State, View } from "../../types" */

import { element, make, setText, showProblem } from "../../dom.js";
import { count, date, loss } from "../../format.js";
import { freeName, networkName, titleOf } from "../../naming.js";
import { hasLearned, permissions } from "../../store.js";
import { mountCompared } from "./compared.js";

/**
 * @typedef {{
 *   toggleRuns(open: boolean): void,
 *   keepRun(name: string): void,
 *   openRun(id: string): void,
 *   renameRun(id: string, name: string): Promise<string | undefined>,
 *   deleteRun(id: string): Promise<void>,
 *   compareRun(id: string, wanted: boolean): void,
 * }} Actions
 */

/** @param {Actions} actions @returns {View} */
export function mountShelf(actions) {
  const panel = element("runs-panel", HTMLDetailsElement);
  const problem = element("runs-problem", HTMLElement);
  panel.ontoggle = () => actions.toggleRuns(panel.open);
  const keeping = mountKeeping(actions);
  const list = mountList(actions);
  const compared = mountCompared();
  return (state) => {
    compared(state);
    if (!panel.open) return;
    showProblem(problem, state.problems.runs ?? state.problems.shelf);
    keeping(state);
    list(state);
  };
}

/** The run on the page: whether it is saved, and a name to keep it under. @param {Actions} actions */
function mountKeeping(actions) {
  const form = element("keep-form", HTMLFormElement);
  const name = element("keep-name", HTMLInputElement);
  const keep = element("keep", HTMLButtonElement);
  const saved = element("saved", HTMLOutputElement);
  const kept = element("kept-as", HTMLElement);
  let suggested = "";
  form.onsubmit = () => {
    if (!keep.disabled) actions.keepRun(name.value);
  };

  /** @type {View} */
  return (state) => {
    const { run } = state;
    const isKept = state.name !== null;
    setText(saved, savedWords(state));
    setText(kept, isKept ? `It is kept as “${state.name}”, and goes on being saved there.` : "");
    // Hidden while it has the focus, it would leave the keyboard nowhere.
    if (isKept && form.contains(document.activeElement)) panelHeading().focus();
    form.hidden = isKept;
    keep.disabled = name.disabled = !permissions(state).keep;
    const taken = new Set(state.shelf?.map((each) => each.name));
    const suggestion = run && hasLearned(state) ? freeName(titleOf(run, state.fields), taken) : "";
    if (suggestion === suggested) return;
    if (name.value === suggested || !suggestion) name.value = suggestion;
    suggested = suggestion;
  };
}

const panelHeading = () =>
  /** @type {HTMLElement} */ (element("runs-panel", HTMLDetailsElement).querySelector("summary"));

/** @param {State} state */
function savedWords(state) {
  if (!hasLearned(state)) return "There is no run on the page yet: press Train.";
  if (state.savedStep === null) return "The run on the page is not saved yet.";
  return `The run on the page is saved as it was at step ${count(state.savedStep)}.`;
}

/** @param {Actions} actions @returns {View} */
function mountList(actions) {
  const root = element("runs", HTMLUListElement);
  const empty = element("no-runs", HTMLElement);
  const rename = mountRename(actions);
  /** @type {Map<string, Row>} */
  let rows = new Map();
  /** @type {State | null} */
  let shown = null;

  return (state) => {
    const { shelf, compared, runState } = state;
    if (shelf === shown?.shelf && compared === shown.compared && runState === shown.runState) return;
    shown = state;
    const before = rows;
    rows = new Map();
    for (const run of shelf ?? []) {
      rows.set(run.id, before.get(run.id) ?? new Row(run.id, actions, rename));
    }
    const roots = [...rows.values()].map((row) => row.root);
    place(root, roots);
    for (const run of shelf ?? []) {
      rows.get(run.id)?.show(run, compared.has(run.id), permissions(state).load, state.fields);
    }
    setText(empty, shelf?.length === 0 ? "No run is kept in this browser yet." : "");
  };
}

/**
 * Make these the children of an element; one that stays where it is keeps the focus.
 * @param {Element} root
 * @param {Element[]} children
 */
function place(root, children) {
  for (const child of [...root.children]) if (!children.includes(child)) child.remove();
  children.forEach((child, index) => {
    if (root.children[index] !== child) root.insertBefore(child, root.children[index] ?? null);
  });
}

/** A run: its name, how it stands, and what can be done with it. */
class Row {
  /**
   * @param {string} id
   * @param {Actions} actions
   * @param {(run: ListedRun) => void} rename
   */
  constructor(id, actions, rename) {
    /** @type {ListedRun | null} */
    this.run = null;
    this.name = make("strong");
    this.state = make("span", { className: "badge" });
    this.numbers = make("p", { className: "hint" });
    this.compare = make("input", { type: "checkbox" });
    this.open = make("button", { type: "button" }, "Open");
    this.rename = make("button", { type: "button", className: "quiet" }, "Rename");
    this.delete = make("button", { type: "button", className: "quiet" }, "Delete");
    this.compare.onchange = () => actions.compareRun(id, this.compare.checked);
    this.open.onclick = () => actions.openRun(id);
    this.rename.onclick = () => this.run && rename(this.run);
    this.delete.onclick = async () => {
      await actions.deleteRun(id);
      if (!this.root.isConnected) panelHeading().focus();
    };
    this.root = make(
      "li",
      {},
      make("p", { className: "run-name" }, this.name, " ", this.state),
      this.numbers,
      make(
        "div",
        { className: "row" },
        make("label", { className: "check-box" }, this.compare, "Compare"),
        this.open,
        this.rename,
        this.delete,
      ),
    );
  }

  /** @param {ListedRun} run @param {boolean} compared @param {boolean} mayOpen @param {Field[]} fields */
  show(run, compared, mayOpen, fields) {
    this.run = run;
    const { label } = run;
    setText(this.name, label);
    setText(this.state, stateOf(run));
    setText(this.numbers, numbersOf(run, fields));
    this.compare.checked = compared;
    this.compare.ariaLabel = `Compare ${label}`;
    for (const button of [this.open, this.rename, this.delete]) {
      button.ariaLabel = `${button.textContent} ${label}`;
    }
    this.open.disabled = !mayOpen || run.current || run.elsewhere;
    this.delete.disabled = run.elsewhere;
    this.root.ariaCurrent = run.current ? "true" : null;
  }
}

/** @param {ListedRun} run */
function stateOf({ current, elsewhere, name, previous }) {
  const where = current ? "on this page" : elsewhere ? "open in another tab" : "";
  const kept = name || previous ? "" : "not kept";
  return [where, kept].filter(Boolean).join(", ");
}

/** @param {ListedRun} run @param {Field[]} fields */
function numbersOf({ summary: { config, progress }, saved }, fields) {
  return [
    networkName(config, fields),
    `step ${count(progress.step)}`,
    `training loss ${loss(progress.train_loss)}`,
    `validation loss ${loss(progress.validation_loss)}`,
    `saved ${date(saved)}`,
  ].join(" · ");
}

/** The dialog that asks for a new name. @param {Actions} actions */
function mountRename(actions) {
  const dialog = element("rename", HTMLDialogElement);
  const form = /** @type {HTMLFormElement} */ (dialog.querySelector("form"));
  const heading = element("rename-heading", HTMLElement);
  const name = element("new-name", HTMLInputElement);
  const problem = element("rename-problem", HTMLElement);
  let id = "";
  form.onsubmit = async (event) => {
    event.preventDefault();
    const wrong = await actions.renameRun(id, name.value);
    showProblem(problem, wrong, name);
    if (wrong) name.focus();
    else dialog.close();
  };
  element("rename-cancel", HTMLButtonElement).onclick = () => dialog.close();
  return (/** @type {ListedRun} */ run) => {
    id = run.id;
    setText(heading, `Rename “${run.label}”`);
    name.value = run.label;
    showProblem(problem, undefined, name);
    dialog.showModal();
    name.select();
  };
}
