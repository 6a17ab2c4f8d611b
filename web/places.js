/**
 * The places of the page: each has an address of its own behind the #. At the first two there is
 * something to learn, and a run; the lessons are shown in place of these, and leave the run going.
 */

/** @import { Place, View } from "./types" */

import { element } from "./dom.js";

/** @type {readonly Place[]} */
export const PLACES = ["text", "numbers"];

/** @param {Place} place */
export const addressOf = (place) => `#${place}`;

const LESSONS = "#lessons";

/** Does an address lead to the lessons, or into one? @param {string} hash */
export const isLessons = (hash) => hash === LESSONS || /^#lessons[/?]/.test(hash);

/**
 * Which place an address means; nothing, if it means something else on the page.
 * @param {string} hash
 */
export const placeAt = (hash) =>
  hash === "" ? PLACES[0] : PLACES.find((place) => addressOf(place) === hash);

/** What is learned at each, in words. */
export const TERMS = /** @type {const} */ ({
  text: { whole: "text", unit: "character", units: "characters" },
  numbers: { whole: "series", unit: "value", units: "values" },
});

/** The place whose run is on the page, behind the lessons too. */
export const placeShown = () =>
  /** @type {Place} */ (document.documentElement.dataset.place ?? PLACES[0]);

/** The terms of this place. */
export const terms = () => TERMS[placeShown()];

/** Show a place: what belongs to another is hidden, and its terms are put into all that is for both. @param {Place} place */
export function showPlace(place) {
  document.documentElement.dataset.place = place;
  markLinks();
  for (const each of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-word]"))) {
    each.textContent = TERMS[place][/** @type {keyof typeof TERMS.text} */ (each.dataset.word)];
  }
}

/** Show the lessons in place of the panels, or the panels again. @param {boolean} shown */
export function showLessons(shown) {
  element("panels", HTMLElement).hidden = shown;
  element("lessons", HTMLElement).hidden = !shown;
  markLinks();
}

/** Are the lessons shown? */
export const lessonsAreShown = () => !element("lessons", HTMLElement).hidden;

/** Mark the links to where one is. */
function markLinks() {
  const here = lessonsAreShown() ? LESSONS : addressOf(placeShown());
  for (const link of document.querySelectorAll("[href^='#']")) {
    if (link.getAttribute("href") === here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

/** A view of what is at one place only. @param {Place} place @param {View} view @returns {View} */
export const onlyAt = (place, view) => (state) => {
  if (state.place === place) view(state);
};
