/** Arrays as tables of numbers, each on its colour. */

/** @import { Value } from "../types" */
/** @import { Symbols } from "./symbols.js" */

import { make, setText } from "../dom.js";
import { inArray, visible } from "../format.js";
import { Scale } from "../scale.js";
import { drawMath } from "./equation.js";

/** From the lowest of an array, −1, to the highest, +1. @type {Scale | undefined} */
let scale;
const dark = matchMedia("(prefers-color-scheme: dark)");
dark.addEventListener("change", () => {
  scale = undefined;
  for (const cell of /** @type {NodeListOf<HTMLElement>} */ (
    document.querySelectorAll("td[data-shade]")
  )) {
    shade(cell, Number(cell.dataset.shade));
  }
});

/** @param {HTMLElement} cell @param {number} share of the largest, with its sign */
function shade(cell, share) {
  scale ??= new Scale(-1, 1);
  cell.dataset.shade = String(share);
  cell.style.backgroundColor = scale.style(share);
}

/** A table for one array, which can be filled anew as long as its rows and columns are the same. */
class ValueTable {
  /** @param {Value} value @param {Symbols} symbols */
  constructor(value, symbols) {
    this.symbols = symbols;
    this.name = make("span");
    this.shape = make("span", { className: "shape" });
    this.words = make("span", { ariaHidden: "true" }); // the name has them already
    this.cells = value.numbers.map((row) => row.map(() => make("td")));
    const rows = this.cells.map((cells, row) =>
      make("tr", {}, make("th", { scope: "row" }, labelOf(value.rows[row] ?? "")), ...cells),
    );
    const columns = value.columns.map((column) => make("th", { scope: "col" }, labelOf(column)));
    const caption = make("caption", {}, this.name, " ", this.shape, " ", this.words);
    this.table = make("table", { className: "value-table" }, caption);
    if (value.columns.some(Boolean)) {
      this.table.append(make("thead", {}, make("tr", {}, make("td"), ...columns)));
    }
    this.table.append(make("tbody", {}, ...rows));
    this.root = make("div", { className: "value-box" }, this.table);
    this.root.dataset.of = value.symbol;
    this.layout = layoutOf(value);
  }

  /** @param {Value} value of the same layout @param {string} words what it is */
  show({ symbol, name, math, shape, numbers }, words) {
    this.symbols.mark(this.name, symbol, name, words);
    this.name.replaceChildren(drawMath(math));
    setText(this.shape, shape.join(" × "));
    setText(this.words, words);
    const all = numbers.flat();
    const largest = Math.max(...all.map(Math.abs).filter(Number.isFinite), 0);
    const areWhole = all.every(Number.isInteger);
    numbers.forEach((row, i) =>
      row.forEach((number, j) => {
        const cell = this.cells[i][j];
        setText(cell, inArray(number, areWhole));
        shade(cell, largest && Number.isFinite(number) ? number / largest : 0);
      }),
    );
  }
}

/** Some tables side by side. */
export class Tables {
  root = make("div", { className: "values" });
  /** @type {ValueTable[]} */
  #tables = [];

  /**
   * @param {Value[]} values
   * @param {Symbols} symbols
   * @param {(place: number) => string} [wordsOf] what they are, if not what their symbols mean
   * @param {(place: number) => boolean} [isFaint] is this one there, but of no effect?
   */
  show(values, symbols, wordsOf = (place) => values[place].meaning, isFaint = () => false) {
    const old = this.#tables;
    this.#tables = values.map((value, place) => {
      const isSame = old[place]?.layout === layoutOf(value);
      const table = isSame ? old[place] : new ValueTable(value, symbols);
      table.show(value, wordsOf(place));
      return table;
    });
    const isSame = old.length === values.length && this.#tables.every((each, i) => each === old[i]);
    if (!isSame) this.root.replaceChildren(...this.#tables.map(({ root }) => root));
    this.#tables.forEach(({ root }, place) => root.classList.toggle("faint", isFaint(place)));
  }
}

/** What has to be the same for a table to be filled anew. @param {Value} value */
const layoutOf = ({ symbol, rows, columns }) => JSON.stringify([symbol, rows, columns]);

/** @param {string} label a character, mostly */
const labelOf = (label) => ([...label].length === 1 ? visible(label) : label);
