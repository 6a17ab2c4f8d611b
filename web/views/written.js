/** The written text: each character tinted by how surprising it was, and what else could have come. */

/** @import { Prediction, View } from "../types" */

import { element, make, setText } from "../dom.js";
import { percent, spoken, surprise, visible } from "../format.js";

/** Characters less likely than these are tinted, each time more: 1, 2, 4 and 6 bits of surprise. */
const TINTS = [1 / 2, 1 / 4, 1 / 16, 1 / 64];
/** Characters shown before the one that is looked at. */
const CONTEXT = 16;
/** Characters. */
const LONG_BLOCK = 500;

/**
 * @param {{ writeOnFrom(place: number, character: string, probability: number): void }} actions
 * @returns {View}
 */
export function mountWritten(actions) {
  const output = element("generated", HTMLOutputElement);
  const text = new TintedText(output);
  /** @type {Prediction[]} */
  let characters = [];
  let begins = 0;
  /** The place that was chosen, and the one the mouse is or was last at. @type {number | null} */
  let pinned = null;
  /** @type {number | null} */
  let pointed = null;

  const inspector = mountInspector({
    choose(alternative) {
      const place = pointed ?? pinned;
      if (place === null) return;
      const [character, probability] = characters[place].alternatives[alternative];
      actions.writeOnFrom(place, character, probability);
      pin(place);
    },
    move: (by) => move(by),
    leave: () => output.focus(),
  });

  function show() {
    const place = pointed ?? pinned;
    text.mark(place, pinned);
    inspector.show(characters, place);
  }

  /** @param {number | null} place */
  function point(place) {
    if (place === pointed) return;
    pointed = place;
    show();
  }

  /** @param {number | null} place */
  function pin(place) {
    pinned = place;
    pointed = null;
    show();
    inspector.speak(place === null ? undefined : characters[place]);
    if (place !== null) text.scrollTo(place);
  }

  /** One character on or back; at first, to where the network begins to write, or to the end. */
  function move(/** @type {number} */ by) {
    const last = characters.length - 1;
    if (last < 0) return;
    const first = by > 0 ? Math.min(begins, last) : last;
    pin(pinned === null ? first : Math.min(Math.max(pinned + by, 0), last));
  }

  /** @type {Record<string, () => unknown>} each answers false if the key is none of its business */
  const keys = {
    ArrowRight: () => move(1),
    ArrowLeft: () => move(-1),
    ArrowDown: () => moveLine(1),
    ArrowUp: () => moveLine(-1),
    Home: () => pin(0),
    End: () => pin(characters.length - 1),
    Enter: () => pinned !== null && inspector.focus(),
    Escape: () => pinned !== null && pin(null),
  };

  /** Without a chosen character, and beyond the first and last line, the arrows scroll. */
  function moveLine(/** @type {1 | -1} */ direction) {
    const place = pinned === null ? null : text.lineAway(pinned, direction);
    return place !== null && pin(place);
  }

  output.onkeydown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (characters.length && event.key in keys && keys[event.key]() !== false) {
      event.preventDefault();
    }
  };
  output.onpointerover = (event) => {
    const place = text.placeOf(event.target);
    if (event.pointerType === "mouse" && place !== null) point(place);
  };
  // What was pointed at last stays, so that the way to the alternatives is open.
  output.onpointerleave = () => pinned !== null && point(null);
  // Of blocks, a browser would copy line breaks that are not in the text.
  output.oncopy = (event) => {
    event.clipboardData?.setData("text/plain", copied());
    event.preventDefault();
  };
  output.onclick = (event) => {
    const place = text.placeOf(event.target);
    if (place !== null) pin(place);
  };

  return ({ about, writing }) => {
    if (about) inspector.offer(about.numbers.alternatives);
    output.toggleAttribute("data-empty", !writing);
    output.setAttribute("aria-busy", String(writing?.active ?? false));
    text.underline(writing?.begins ?? 0, writing?.memory?.stretch);
    if (characters === (writing?.characters ?? NOTHING)) return;
    characters = writing?.characters ?? NOTHING;
    begins = writing?.begins ?? 0;
    const kept = text.update(characters, begins, pinned === null);
    if (pinned !== null && pinned >= kept) pinned = null;
    if (pointed !== null && pointed >= kept) pointed = null;
    show();
  };
}

/** @type {Prediction[]} */
const NOTHING = [];

/** The selected text as it is. */
const copied = () => String(document.getSelection()?.getRangeAt(0) ?? "");

/**
 * A text of one element a character, in an element that scrolls. A browser sets a block of text
 * anew whenever something in it changes, so a long text is many blocks: one for each of its lines,
 * and several for a line that is very long.
 */
class TintedText {
  /** @type {HTMLElement[]} */
  #elements = [];
  /** @type {Prediction[]} */
  #characters = NOTHING;
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
   * @param {import("../types").Stretch} [stretch] of it
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

/**
 * One character of the text, and the likeliest in its place.
 * @param {{
 *   choose(alternative: number): void,
 *   move(by: 1 | -1): void,
 *   leave(): void,
 * }} actions
 */
function mountInspector(actions) {
  const hint = element("character-hint", HTMLElement);
  const place = element("character-place", HTMLElement);
  const measure = element("character-measure", HTMLElement);
  const announcement = element("character-spoken", HTMLElement);
  const before = element("character-before", HTMLButtonElement);
  const after = element("character-after", HTMLButtonElement);
  const list = element("alternatives", HTMLElement);
  const context = make("span", { className: "context" });
  const chosen = make("span", { className: "chosen" });
  place.append(context, chosen);
  place.ariaHidden = "true"; // marks instead of spaces; the announcement says it in words

  /** @param {number} k which it is */
  function makeAlternative(k) {
    const words = make("span", { className: "sr-only" });
    const name = make("span", { className: "name", ariaHidden: "true" });
    const share = make("span", { className: "value", ariaHidden: "true" });
    const button = make("button", { type: "button", className: "alternative" }, words, name, share);
    button.onclick = () => actions.choose(k);
    return { button, words, name, share };
  }

  /** @type {ReturnType<typeof makeAlternative>[]} */
  const alternatives = [];

  /** Have room for so many alternatives. @param {number} most */
  function offer(most) {
    while (alternatives.length < most) {
      const alternative = makeAlternative(alternatives.length);
      alternatives.push(alternative);
      list.append(alternative.button);
    }
  }

  list.onkeydown = (event) => {
    if (event.key === "Escape") actions.leave();
  };
  before.onclick = () => actions.move(-1);
  after.onclick = () => actions.move(1);

  /** @param {Prediction[]} characters @param {number | null} at */
  function show(characters, at) {
    const nothing = characters.length === 0;
    before.disabled = after.disabled = nothing;
    hint.classList.toggle("away", at !== null);
    const prediction = at === null ? undefined : characters[at];
    const start = Math.max(0, (at ?? 0) - CONTEXT);
    const shown = characters.slice(start, at ?? 0).map(({ character }) => visible(character));
    setText(context, (start > 0 ? "…" : "") + shown.join(""));
    setText(chosen, prediction ? visible(prediction.character) : "");
    setText(measure, prediction ? describe(prediction) : "");
    for (const [k, { button, words, name, share }] of alternatives.entries()) {
      const alternative = prediction?.alternatives[k];
      button.classList.toggle("away", !alternative);
      if (!alternative) continue;
      const [character, probability] = alternative;
      setText(name, visible(character));
      setText(share, percent(probability));
      button.style.setProperty("--share", String(probability));
      setText(words, `continue with ${spoken(character)}, ${percent(probability)}`);
      button.ariaCurrent = String(character === prediction.character);
    }
  }

  /** Say aloud which character was chosen. @param {Prediction} [prediction] */
  function speak(prediction) {
    setText(
      announcement,
      prediction ? `${spoken(prediction.character)}: ${describe(prediction)}` : "",
    );
  }

  /** Go to the first alternative, if there is one. @returns {boolean} */
  function focus() {
    const button = alternatives.at(0)?.button;
    button?.focus();
    return document.activeElement === button;
  }

  return { offer, show, speak, focus };
}

/** @param {Prediction} prediction */
function describe({ probability, skipped }) {
  if (skipped) return "skipped: the training text has no such character";
  if (probability === undefined) return "the beginning: nothing came before it";
  return `expected with ${percent(probability)}, surprise ${surprise(probability)}`;
}
