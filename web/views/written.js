/** The written text: each character tinted by how surprising it was, and what else could have come. */

/** @import { Prediction, View } from "../types" */

import { element, make, setText } from "../dom.js";
import { percent, spoken, surprise, visible } from "../format.js";
import { NOTHING, TintedText } from "../tinted.js";

/** Characters shown before the one that is looked at. */
const CONTEXT = 16;
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

/** The selected text as it is. */
const copied = () => String(document.getSelection()?.getRangeAt(0) ?? "");

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
