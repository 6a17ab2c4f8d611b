/** One character of the written text: how it was expected, and what else could have come. */

/** @import { Prediction } from "../../types" */

import { element, make, setText } from "../../dom.js";
import { percent, spoken, surprise, visible } from "../../format.js";

/** Characters shown before the one that is looked at. */
const CONTEXT = 16;

/**
 * One character of the text, and the likeliest in its place.
 * @param {{
 *   choose(alternative: number): void,
 *   move(by: 1 | -1): void,
 *   leave(): void,
 * }} actions
 */
export function mountInspector(actions) {
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
    const look = { type: "button", className: "alternative away" }; // until there is one to offer
    const button = make("button", look, words, name, share);
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
