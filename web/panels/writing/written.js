/** The written text: each character tinted by how surprising it was, and what else could have come. */

/** @import { Prediction, View } from "../../types" */

import { element } from "../../dom.js";
import { mountInspector } from "./inspector.js";
import { TintedText } from "./tinted.js";

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
