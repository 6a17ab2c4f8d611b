/** Source as it runs, line by line. */

/** @import { Source, SourceLine } from "../types" */
/** @import { Symbols } from "./symbols.js" */

import { make } from "../dom.js";

/**
 * @param {Source} source
 * @param {Symbols} symbols
 * @param {number[]} marked lines to mark, by their numbers
 */
export function drawSource({ file, function: name, lines }, symbols, marked) {
  const margin = Math.min(...lines.filter(({ pieces }) => pieces.length).map(indent));
  const drawn = lines.map((line) => {
    const number = make(
      "span",
      { className: "line-number", ariaHidden: "true" },
      String(line.number),
    );
    const code = make("code", {}, ...piecesOf(line, margin, symbols));
    const isMarked = marked.includes(line.number);
    return make("div", { className: isMarked ? "line marked" : "line" }, number, code);
  });
  const title = `${name}, in ${file}`;
  const box = make("div", { className: "source", role: "group", ariaLabel: title }, ...drawn);
  return make("div", {}, make("p", { className: "hint source-title" }, title), box);
}

/** How far a line is indented, if it isn't empty. @param {SourceLine} line */
function indent({ pieces }) {
  const text = pieces.map((piece) => piece.text).join("");
  const trimmed = text.trimStart();
  return trimmed ? text.length - trimmed.length : Infinity;
}

/** @param {SourceLine} line @param {number} margin to leave out @param {Symbols} symbols */
function piecesOf({ pieces }, margin, symbols) {
  return pieces.map(({ text, symbol }, place) => {
    const shown = place === 0 && Number.isFinite(margin) ? text.slice(margin) : text;
    return symbol ? symbols.mark(make("span", {}, shown), symbol) : shown;
  });
}
