/** The panel of numbers: what the network is to forecast, and how it was understood. */

/** @import { Field, Table, View } from "../../types" */

import { boxAt, mountDataBox } from "../../databox.js";
import { element, make, setText, showProblem } from "../../dom.js";
import { exampleOf } from "../../examples/index.js";
import { capitalized, count } from "../../format.js";
import { NumberBox } from "../../numberbox.js";
import { mountFiles } from "../../opened.js";
import { onlyAt } from "../../places.js";
import { permissions } from "../../store.js";

const OWN =
  "One number a line, or a table with a column of dates: sales, temperatures, steps, anything that " +
  "is counted again and again.";

/**
 * @param {{
 *   settle(name: string, value: string | number | boolean): Promise<unknown>,
 *   unsettle(): Promise<unknown>,
 *   typeSetting(name: string, typed: string, finished: boolean): void,
 *   takeTo(place: "text"): void,
 * } & Parameters<typeof mountDataBox>[1] & Parameters<typeof mountFiles>[1]} actions
 * @returns {View}
 */
export function mountNumbers(actions) {
  const watch = element("series-watch", HTMLElement);
  const words = element("series-words", HTMLElement);
  const isText = element("is-text", HTMLElement);
  const more = element("numbers-more", HTMLElement);
  const box = boxAt("numbers");
  const linkProblem = element("numbers-link-problem", HTMLElement);
  element("take-to-text", HTMLButtonElement).onclick = () => actions.takeTo("text");
  const again = element("ask-again", HTMLButtonElement);
  again.onclick = async () => {
    await actions.unsettle();
    box.focus();
  };
  const parts = [
    mountDataBox("numbers", actions),
    mountFiles("numbers", actions),
    mountQuestion(actions),
    mountColumn(actions),
    mountSeason(actions),
    mountUnderstood(),
  ];

  return onlyAt("numbers", (state) => {
    for (const part of parts) part(state);
    const { description, choices } = state;
    const example = exampleOf(state.example);
    setText(watch, example ? `${example.watch} Source: ${example.source}.` : OWN);
    setText(words, seriesWords(description?.table));
    isText.hidden = !description?.elsewhere;
    more.hidden = !box.readOnly;
    again.hidden = Object.keys(choices).length === 0;
    showProblem(linkProblem, state.problems.link);
  });
}

/** @param {Table | undefined} table */
function seriesWords(table) {
  if (!table || table.question) return "Nothing you type leaves your machine.";
  const missing = table.missing ? `, ${count(table.missing)} of them missing` : "";
  return `${count(table.values)} values${missing}. ${table.season_words}`;
}

/**
 * What can be read in several ways is asked.
 * @param {{ settle(name: string, value: string | number | boolean): Promise<unknown> }} actions
 * @returns {View}
 */
function mountQuestion(actions) {
  const root = element("question", HTMLElement);
  const words = element("question-words", HTMLElement);
  const options = element("question-options", HTMLUListElement);
  const problem = element("question-problem", HTMLElement);
  /** @type {Table["question"]} */
  let shown;

  return ({ description, problems }) => {
    const question = description?.table?.question;
    showProblem(problem, question && problems.question);
    root.toggleAttribute("data-unsettled", Boolean(question && problems.question));
    if (question === shown) return;
    shown = question;
    root.hidden = !question;
    setText(words, question?.sentence ?? "");
    options.replaceChildren(
      ...(question?.options ?? []).map(({ value, words: meaning, example }) => {
        const onclick = () => settle(/** @type {string} */ (question?.name), value);
        const button = make("button", { type: "button", onclick }, capitalized(meaning));
        return make("li", {}, button, make("span", { className: "hint" }, example));
      }),
    );
  };

  function first() {
    return options.querySelector("button") ?? undefined;
  }

  /** The keyboard goes on with the next question, or from what was understood. @param {string} name @param {string | number | boolean} value */
  async function settle(name, value) {
    await actions.settle(name, value);
    const next = first() ?? element("understood", HTMLDetailsElement).querySelector("summary");
    next?.focus();
  }
}

/**
 * Which of several columns is the series.
 * @param {{ settle(name: string, value: string): Promise<unknown> }} actions
 * @returns {View}
 */
function mountColumn(actions) {
  const label = element("column-label", HTMLElement);
  const column = element("column", HTMLSelectElement);
  column.onchange = () => actions.settle("column", column.value);
  /** @type {Table | undefined} */
  let shown;

  return ({ description }) => {
    const table = description?.table;
    if (table === shown) return;
    shown = table;
    const names = (table?.columns ?? [])
      .filter(({ kind }) => kind === "numbers")
      .map(({ name }) => name);
    label.hidden = names.length < 2;
    column.replaceChildren(...names.map((name) => new Option(name)));
    // Nothing is chosen yet where that is the question.
    column.value = table && table.question?.name !== "column" ? table.column : "";
  };
}

/**
 * After how many values it repeats itself: proposed, and to be changed.
 * @param {{ typeSetting(name: string, typed: string, finished: boolean): void }} actions
 * @returns {View}
 */
function mountSeason(actions) {
  const row = element("season-row", HTMLElement);
  const problem = element("season-problem", HTMLElement);
  /** @type {NumberBox | null} */
  let box = null;

  /** @param {Field} field */
  function build(field) {
    const take = (/** @type {string} */ typed, /** @type {boolean} */ finished) =>
      actions.typeSetting(field.name, typed, finished);
    const made = new NumberBox(field, take);
    made.control.id = "season";
    made.control.setAttribute("aria-describedby", "series-words season-problem");
    row.replaceChildren(make("label", { htmlFor: "season" }, field.label), made.root);
    return made;
  }

  return (state) => {
    const field = state.fields.find(({ name }) => name === "season");
    if (!box && field) box = build(field);
    if (!box) return;
    box.show(state.settings.season ?? "");
    box.control.disabled = !permissions(state).settings;
    showProblem(problem, state.problems.season, box.control);
  };
}

/** What was found and done, and the rows as they were read. @returns {View} */
function mountUnderstood() {
  const notes = element("series-notes", HTMLUListElement);
  const root = element("understood", HTMLDetailsElement);
  const plan = element("plan", HTMLElement);
  const date = element("preview-date", HTMLElement);
  const value = element("preview-value", HTMLElement);
  const body = element("preview", HTMLTableSectionElement);
  /** @type {Table | undefined} */
  let shown;

  return ({ description }) => {
    const table = description?.table;
    if (table === shown) return;
    shown = table;
    notes.replaceChildren(...(table?.notes ?? []).map((note) => make("li", {}, note)));
    root.hidden = !table;
    if (!table) return;
    setText(plan, table.plan);
    setText(date, table.dated ? "Date" : "Place");
    setText(value, table.column || "Value");
    const rows = table.preview.map((row) =>
      make(
        "tr",
        {},
        make("th", { scope: "row" }, row.date),
        make("td", {}, row.value === undefined ? "missing" : String(row.value)),
      ),
    );
    if (table.left_out) {
      const words = `… ${count(table.left_out)} more rows …`;
      rows.splice(rows.length / 2, 0, make("tr", {}, make("td", { colSpan: 2 }, words)));
    }
    body.replaceChildren(...rows);
  };
}
