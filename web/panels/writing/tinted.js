/** A text of which each character is tinted by how surprising it was. */

/** @import { Prediction, Stretch } from "../../types" */

/** Characters less likely than these are tinted, each time more: 1, 2, 4 and 6 bits of surprise. */
const TINTS = [1 / 2, 1 / 4, 1 / 16, 1 / 64];
/** Characters. */
const LONG_BLOCK = 500;

/**
 * A text of one element a character, in an element that scrolls. A browser sets a block of text
 * anew whenever something in it changes, so a long text is many blocks: one for each of its lines,
 * and several for a line that is very long.
 */
export class TintedText {
  /** @type {HTMLElement[]} */
  #elements = [];
  /** @type {Prediction[]} */
  #characters = [];
  /** @type {HTMLElement[]} */
  #marked = [];
  /** @type {HTMLElement[]} */
  #underlined = [];
  /** @type {object | undefined} */
  #stretch;
  /** Where the end last was in sight: who is further up has scrolled back to read. */
  #end = 0;

  /** @param {HTMLElement} output */
  constructor(output) {
    this.output = output;
  }

  /**
   * Show these characters; those that stand there already are left alone.
   * @param {Prediction[]} characters
   * @param {number} begins how many of them are the prompt's
   * @param {boolean} follow keep the end in sight, if it is
   * @returns {number} how many were left alone
   */
  update(characters, begins, follow) {
    const { output } = this;
    let kept = 0;
    while (kept < characters.length && characters[kept] === this.#characters[kept]) kept += 1;
    this.#cut(kept);
    const atEnd = output.scrollTop >= this.#end - 4;
    for (const [k, character] of characters.slice(kept).entries()) {
      const element = makeCharacter(character, kept + k < begins);
      this.#elements.push(element);
      this.#openBlock().append(element);
    }
    this.#characters = characters;
    if (follow && atEnd) {
      output.scrollTop = output.scrollHeight;
      this.#end = output.scrollTop;
    }
    return kept;
  }

  /** Leave only so many characters. @param {number} kept */
  #cut(kept) {
    const [first] = this.#elements.splice(kept);
    if (!first) return;
    this.#end = 0;
    const range = document.createRange();
    range.setStartBefore(first);
    range.setEnd(this.output, this.output.childNodes.length);
    range.deleteContents();
  }

  /** The block that the next character comes into. */
  #openBlock() {
    const last = this.output.lastElementChild;
    if (last && !isFull(last)) return last;
    const block = document.createElement("div");
    this.output.append(block);
    return block;
  }

  /** @param {EventTarget | null} target @returns {number | null} */
  placeOf(target) {
    const place = this.#elements.indexOf(/** @type {HTMLElement} */ (target));
    return place < 0 ? null : place;
  }

  /** @param {number | null} place that is looked at @param {number | null} pinned */
  mark(place, pinned) {
    for (const element of this.#marked) element.classList.remove("looked-at", "pinned");
    this.#marked = [];
    this.#mark(place, "looked-at");
    this.#mark(pinned, "pinned");
  }

  /** @param {number | null} place @param {string} how */
  #mark(place, how) {
    if (place === null) return;
    this.#elements[place].classList.add(how);
    this.#marked.push(this.#elements[place]);
  }

  /** @param {number} place */
  scrollTo(place) {
    this.#elements[place].scrollIntoView({ block: "nearest" });
  }

  /**
   * The character nearest above or below, or none.
   * @param {number} place
   * @param {1 | -1} direction
   * @returns {number | null}
   */
  lineAway(place, direction) {
    const from = this.#box(place);
    let nearest = null;
    let distance = Infinity;
    let line = from.top;
    for (let k = place + direction; k >= 0 && k < this.#elements.length; k += direction) {
      const { top, left } = this.#box(k);
      if (Math.abs(top - line) > from.height / 2) {
        if (nearest !== null) break;
        line = top;
      }
      if (line !== from.top && Math.abs(left - from.left) < distance) {
        distance = Math.abs(left - from.left);
        nearest = k;
      }
    }
    return nearest;
  }

  /** @param {number} place */
  #box(place) {
    return this.#elements[place].getClientRects()[0] ?? new DOMRect();
  }

  /**
   * @param {number} begins where the written text begins
   * @param {Stretch} [stretch] of it
   */
  underline(begins, stretch) {
    if (stretch === this.#stretch) return;
    this.#stretch = stretch;
    for (const element of this.#underlined) element.classList.remove("verbatim");
    const start = begins + (stretch?.start ?? 0);
    this.#underlined = this.#elements.slice(start, start + (stretch?.length ?? 0));
    for (const element of this.#underlined) element.classList.add("verbatim");
  }
}

/** @param {Element} block is it long enough, as far as possible to the end of a word? */
function isFull({ childElementCount: length, lastElementChild: last }) {
  if (last?.textContent === "\n") return true;
  return length >= LONG_BLOCK && (last?.textContent === " " || length >= 2 * LONG_BLOCK);
}

/** @param {Prediction} prediction @param {boolean} ofPrompt */
function makeCharacter({ character, probability = 1, skipped }, ofPrompt) {
  const made = document.createElement("span");
  made.textContent = character;
  const tint = TINTS.filter((least) => probability < least).length;
  made.className = [
    ...(tint ? [`surprise-${tint}`] : []),
    ...(ofPrompt ? ["prompt"] : []),
    ...(skipped ? ["skipped"] : []),
    ...(character === "\n" ? ["break"] : []),
  ].join(" ");
  return made;
}
