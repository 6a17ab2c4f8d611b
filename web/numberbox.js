/** A box for a number: a text box, which keeps whatever is typed, and yet steps up and down. */

/** @import { NumberField } from "./types" */

import { make } from "./dom.js";
import { ANY, numberIn, plain, readNumber, stepped } from "./numbers.js";

/** Milliseconds after the last key, when what stands in a box is likely to be all. */
export const TYPED_AFTER_MS = 600;

/**
 * Home and End are missing: who can type needs them to move in the text, and there the ARIA
 * Authoring Practices leave the editing keys alone.
 * @type {Record<string, number>}
 */
const STEPS = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

export class NumberBox {
  #field = ANY;
  #type;
  #typed = "";
  #typing = false;

  /**
   * An <input type=number> would not do: it hides from the page what isn't a number to the browser,
   * and drops the comma of 0,005.
   * @param {NumberField | null} field null if it is not known yet
   * @param {(typed: string, finished: boolean) => void} type finished when the box is left or stepped
   * @param {HTMLInputElement} [control] if there is one already, the box takes its place
   */
  constructor(field, type, control = make("input")) {
    this.#type = type;
    this.control = Object.assign(control, {
      type: "text",
      role: "spinbutton",
      autocomplete: "off",
      spellcheck: false,
      oninput: () => this.#take(true),
      onchange: () => this.#take(false),
      onblur: () => this.#rest(),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.#press(event),
    });
    this.root = make("span", { className: "number-box" });
    control.replaceWith(this.root);
    this.root.append(control, this.#steppers());
    if (field) this.is(field);
  }

  /** Say what the box is for. @param {NumberField} field */
  is(field) {
    if (field === this.#field) return;
    this.#field = field;
    const { kind, minimum, maximum } = field;
    Object.assign(this.control, {
      inputMode: kind === "integer" ? "numeric" : "decimal",
      ariaValueMin: minimum === undefined ? null : String(minimum),
      ariaValueMax: maximum === undefined ? null : String(maximum),
    });
    this.#draw();
  }

  /** For the mouse; the keyboard has its keys, and a screen reader the spin button itself. */
  #steppers() {
    const stepper = (/** @type {string} */ sign, /** @type {number} */ steps) => {
      const onmousedown = (/** @type {MouseEvent} */ event) => {
        event.preventDefault(); // or the box would lose the focus
        if (event.button !== 0) return;
        this.control.focus();
        this.#step(steps);
      };
      return make("span", { onmousedown }, sign);
    };
    const both = [stepper("▲", 1), stepper("▼", -1)];
    return make("span", { className: "steppers", ariaHidden: "true" }, ...both);
  }

  /** @param {boolean} typing rather than having finished */
  #take(typing) {
    this.#typing = typing;
    this.#typed = this.control.value;
    this.#draw();
    this.#type(this.#typed, !typing);
  }

  #rest() {
    this.#typing = false;
    this.#draw();
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const { key, altKey, ctrlKey, metaKey, shiftKey, isComposing } = event;
    const steps = STEPS[key];
    if (!steps || altKey || ctrlKey || metaKey || shiftKey || isComposing) return;
    event.preventDefault();
    this.#step(steps);
  }

  /** @param {number} steps */
  #step(steps) {
    if (this.#field === ANY) return;
    const next = stepped(this.#field, this.control.value, steps);
    if (next === undefined) return;
    this.control.value = next;
    this.#take(false);
  }

  /** @param {string} typed */
  show(typed) {
    if (typed === this.#typed) return;
    this.#typed = typed;
    this.#draw();
  }

  /** Nothing is rewritten under somebody's hands; afterwards the box shows what was understood. */
  #draw() {
    const read = readNumber(this.#field, this.#typed);
    const value = this.#typing || read.problem !== undefined ? undefined : read.value;
    const shown = value === undefined ? this.#typed : plain(value, this.#field);
    if (this.control.value !== shown) this.control.value = shown;
    const number = numberIn(this.#field, this.#typed);
    this.control.ariaValueNow = number === undefined ? null : String(number);
  }
}
