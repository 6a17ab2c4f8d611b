/**
 * The places of the page: each has an address of its own behind the #, and at each there is
 * something of its own to learn, and a run.
 */

/** @import { Place, View } from "./types" */

/** @type {readonly Place[]} */
export const PLACES = ["text", "numbers"];

/** @param {Place} place */
export const addressOf = (place) => `#${place}`;

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

/** The place that is shown. */
export const placeShown = () =>
  /** @type {Place} */ (document.documentElement.dataset.place ?? PLACES[0]);

/** The terms of the place that is shown. */
export const terms = () => TERMS[placeShown()];

/** Show a place: what belongs to another is hidden, and its terms are put into all that is for both. @param {Place} place */
export function showPlace(place) {
  document.documentElement.dataset.place = place;
  for (const link of document.querySelectorAll("[href^='#']")) {
    if (placeAt(link.getAttribute("href") ?? "-") === place) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  for (const each of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-word]"))) {
    each.textContent = TERMS[place][/** @type {keyof typeof TERMS.text} */ (each.dataset.word)];
  }
}

/** A view of what is at one place only. @param {Place} place @param {View} view @returns {View} */
export const onlyAt = (place, view) => (state) => {
  if (state.place === place) view(state);
};
