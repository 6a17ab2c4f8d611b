/** A canvas of numbers as colours, in a box that scrolls: rows are units, columns characters. */

/** @import { Scale } from "./scale.js" */

import { make } from "./dom.js";

const ROOM = 384;
const ROW = { least: 3, most: 14 };
const COLUMN = { least: 7, most: 14 };
const LETTERS = 18;

export class Heatmap {
  /**
   * @param {HTMLElement} box
   * @param {(row: number, column: number) => void} onPoint
   * @param {(row: number) => void} onChoose
   */
  constructor(box, onPoint, onChoose) {
    this.box = box;
    this.letters = make("canvas", { className: "heat-letters" });
    this.cells = make("canvas", { className: "heat-cells" });
    this.row = make("div", { className: "heat-row" });
    this.column = make("div", { className: "heat-column" });
    this.root = make("div", { className: "heat-root" });
    this.root.ariaHidden = "true";
    this.root.append(this.letters, this.cells, this.column, this.row);
    box.append(this.root);
    this.size = { rows: 1, columns: 1, row: ROW.least, column: COLUMN.least };
    /** @type {string[]} */
    this.characters = [];
    this.cells.onpointermove = (event) => onPoint(...this.#at(event));
    this.cells.onclick = (event) => {
      const [row, column] = this.#at(event);
      onPoint(row, column);
      onChoose(row);
    };
    new ResizeObserver(() => this.#fit()).observe(box);
  }

  /**
   * @param {number[]} order which row of the values stands where, from the top
   * @param {string[]} characters one for each column
   * @param {Float32Array} values a row after another
   * @param {Scale} scale
   */
  draw(order, characters, values, scale) {
    const columns = characters.length;
    this.characters = characters;
    this.size.rows = order.length;
    this.size.columns = columns;
    // A pixel a cell; the browser makes them as large as they are shown, with sharp edges.
    Object.assign(this.cells, { width: columns, height: order.length });
    const image = new ImageData(columns, order.length);
    const pixels = new Uint32Array(image.data.buffer);
    let pixel = 0;
    for (const row of order) {
      for (let column = 0; column < columns; column++) {
        pixels[pixel++] = scale.pixel(values[row * columns + column]);
      }
    }
    this.cells.getContext("2d")?.putImageData(image, 0, 0);
    this.#fit();
  }

  /** Mark a row and a column. @param {number} row @param {number} column */
  mark(row, column) {
    const { style: across } = this.row;
    const { style: down } = this.column;
    across.top = `${LETTERS + row * this.size.row}px`;
    across.height = `${this.size.row}px`;
    down.left = `${column * this.size.column}px`;
    down.width = `${this.size.column}px`;
    this.marked = { row, column };
  }

  /** @param {MouseEvent} event @returns {[number, number]} */
  #at({ offsetX, offsetY }) {
    const { rows, columns, row, column } = this.size;
    const within = (/** @type {number} */ place, /** @type {number} */ count) =>
      Math.max(0, Math.min(count - 1, Math.floor(place)));
    return [within(offsetY / row, rows), within(offsetX / column, columns)];
  }

  /** As large as there is room for, in whole pixels; what has none is scrolled to. */
  #fit() {
    const { rows, columns } = this.size;
    const between = (/** @type {number} */ size, /** @type {typeof ROW} */ { least, most }) =>
      Math.max(least, Math.min(most, Math.floor(size)));
    this.size.row = between(ROOM / rows, ROW);
    this.size.column = between(this.box.clientWidth / columns, COLUMN);
    const width = columns * this.size.column;
    this.root.style.width = this.cells.style.width = `${width}px`;
    this.cells.style.height = `${rows * this.size.row}px`;
    this.#drawLetters(width);
    if (this.marked) this.mark(this.marked.row, this.marked.column);
  }

  /** @param {number} width */
  #drawLetters(width) {
    const canvas = this.letters;
    const { color, fontFamily } = getComputedStyle(canvas);
    const scale = devicePixelRatio;
    Object.assign(canvas, { width: width * scale, height: LETTERS * scale });
    Object.assign(canvas.style, { width: `${width}px`, height: `${LETTERS}px` });
    const context = canvas.getContext("2d");
    if (!context) return;
    context.scale(scale, scale);
    context.fillStyle = color;
    context.font = `${Math.min(12, this.size.column * 1.5)}px ${fontFamily}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    this.characters.forEach((character, column) => {
      const letter = character === "\n" ? "↵" : character;
      context.fillText(letter, (column + 0.5) * this.size.column, LETTERS / 2 - 1);
    });
  }
}
