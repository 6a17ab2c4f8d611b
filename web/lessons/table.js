/** Tables of words and numbers that a lesson has beside its arrays. */

import { make } from "../dom.js";
import { withIndices } from "./indices.js";

/**
 * Fill a table.
 * @param {HTMLTableElement} table
 * @param {string} caption
 * @param {(Node | string)[]} head
 * @param {(Node | string)[][]} rows the first of each is its header
 * @param {(row: number) => boolean} [isHere] is this the row that is looked at?
 * @param {string[]} [notes] one below each row, or none
 */
export function fillTable(table, caption, head, rows, isHere = () => false, notes = []) {
  table.className = "numbers-table lesson-table";
  table.replaceChildren(
    make("caption", {}, caption),
    make("thead", {}, make("tr", {}, ...head.map((each) => make("th", { scope: "col" }, each)))),
    make(
      "tbody",
      {},
      ...rows.flatMap(([first, ...cells], place) => {
        const header = make("th", { scope: "row" }, first);
        const row = make("tr", {}, header, ...cells.map((each) => make("td", {}, each)));
        if (isHere(place)) row.ariaCurrent = "true";
        if (!notes[place]) return [row];
        const note = make("td", { colSpan: head.length }, ...withIndices(notes[place]));
        return [row, make("tr", { className: "note" }, note)];
      }),
    ),
  );
}
