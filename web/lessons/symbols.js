/** The symbols of a lesson: whichever one points at is lit wherever it stands. */

/** @import { Symbol as KnownSymbol } from "../types" */

import { make, setText } from "../dom.js";

/** Milliseconds for which one points at a symbol before the others are brought into view. */
const REST_MS = 200;

/** @type {Record<string, (place: number, last: number) => number>} */
const MOVES = {
  ArrowRight: (place, last) => Math.min(place + 1, last),
  ArrowDown: (place, last) => Math.min(place + 1, last),
  ArrowLeft: (place) => Math.max(place - 1, 0),
  ArrowUp: (place) => Math.max(place - 1, 0),
  Home: () => 0,
  End: (_, last) => last,
};

/** @typedef {HTMLElement | MathMLElement} Spot where a symbol stands */

export class Symbols {
  /** @type {Map<string, string>} */
  #meanings = new Map();
  /** The symbol that was clicked or came to the keyboard. */
  #chosen = "";
  /** The one that is pointed at. */
  #pointed = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** How far regions were scrolled before one pointed at a symbol, and how far they are for it. @type {Map<HTMLElement, { before: number, now: number }>} */
  #glances = new Map();

  /**
   * @param {HTMLElement[]} regions in each of which the symbols are one stop of the Tab key
   * @param {HTMLElement} meaning says what the lit symbol means
   */
  constructor(regions, meaning) {
    this.regions = regions;
    this.meaning = meaning;
    for (const region of regions) {
      region.addEventListener("pointerover", ({ target }) => this.#point(symbolAt(target)));
      region.addEventListener("pointerleave", () => this.#point(null));
      region.addEventListener("focusin", ({ target }) => this.#choose(symbolAt(target)));
      region.addEventListener("click", ({ target }) => symbolAt(target)?.focus());
      region.addEventListener("keydown", (event) => this.#move(event, region));
    }
  }

  /** @param {KnownSymbol[]} symbols */
  know(symbols) {
    this.#meanings = new Map(symbols.map(({ name, meaning }) => [name, meaning]));
  }

  /**
   * Make an element one that stands for a symbol.
   * @template {Spot} Each
   * @param {Each} spot
   * @param {string} symbol
   * @param {string} [name] what the symbol is called there: h_2
   * @param {string} [meaning]
   * @returns {Each}
   */
  mark(spot, symbol, name = symbol, meaning = this.#meanings.get(symbol)) {
    spot.dataset.symbol = symbol;
    // Whoever reads the page aloud hears its name and goes on with what is in it, other symbols too.
    spot.setAttribute("role", "group");
    if (!spot.hasAttribute("tabindex")) spot.setAttribute("tabindex", "-1");
    spot.setAttribute("aria-label", meaning ? `${name}: ${meaning}` : name);
    return spot;
  }

  /** The regions have changed: light what is lit, and leave each a stop of the Tab key. */
  settle() {
    if (!this.#meanings.has(this.#chosen)) this.#begin();
    for (const region of this.regions) {
      const spots = spotsIn(region);
      const stop = spots.find((spot) => spot.getAttribute("tabindex") === "0") ?? spots[0];
      stop?.setAttribute("tabindex", "0");
    }
    this.#light();
  }

  /** Light a symbol that stands everywhere, so that one sees what belongs together. */
  #begin() {
    const [first, ...others] = this.regions.map(spotsIn);
    const isThere = (/** @type {Spot} */ spot) =>
      others.every((spots) => spots.some(({ dataset }) => dataset.symbol === spot.dataset.symbol));
    const there = first.filter(isThere);
    const spot = there.find((each) => this.#isSeen(each)) ?? there[0];
    this.#chosen = spot?.dataset.symbol ?? "";
    // What the lesson shows above the values is not scrolled away before anybody has seen it.
    if (spot) this.#bringIntoView(spot, this.regions.slice(0, 2));
  }

  /** Are its values in view, so that they need not be scrolled to? @param {Spot} spot */
  #isSeen(spot) {
    const values = this.regions[2];
    return spotsIn(values).some(
      (each) => each.dataset.symbol === spot.dataset.symbol && isInView(values, each),
    );
  }

  /** @param {Spot | null} spot */
  #point(spot) {
    const symbol = spot?.dataset.symbol ?? "";
    if (symbol === this.#pointed) return;
    this.#pointed = symbol;
    this.#light();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (spot ? this.#glanceAt(spot) : this.#lookBack()), REST_MS);
  }

  /** Show what is pointed at, until that is over. @param {Spot} spot */
  #glanceAt(spot) {
    const before = this.regions.map((region) => region.scrollTop);
    this.#bringIntoView(spot);
    this.regions.forEach((region, place) => {
      const now = region.scrollTop;
      const glance = this.#glances.get(region);
      const isGlance = glance?.now === before[place];
      if (now !== before[place])
        this.#glances.set(region, { before: isGlance ? glance.before : before[place], now });
    });
  }

  /** Nothing is pointed at: scroll back, but not what was scrolled by hand meanwhile. */
  #lookBack() {
    for (const [region, { before, now }] of this.#glances) {
      if (region.scrollTop === now) region.scrollTop = before;
    }
    this.#glances.clear();
  }

  /** @param {Spot | null} spot */
  #choose(spot) {
    if (!spot) return;
    for (const region of this.regions) {
      if (!region.contains(spot)) continue;
      for (const each of spotsIn(region)) each.setAttribute("tabindex", each === spot ? "0" : "-1");
    }
    this.#chosen = spot.dataset.symbol ?? "";
    this.#pointed = ""; // a pointer that only rests somewhere doesn't matter any more
    this.#light();
    this.#glances.clear(); // what is chosen stays in view
    this.#bringIntoView(spot);
  }

  /** @param {KeyboardEvent} event @param {HTMLElement} region */
  #move(event, region) {
    const { key, altKey, ctrlKey, metaKey, shiftKey } = event;
    const spot = symbolAt(event.target);
    if (!spot || altKey || ctrlKey || metaKey || shiftKey) return;
    const move = MOVES[key];
    if (!move) return;
    event.preventDefault();
    const spots = spotsIn(region);
    const next = spots[move(spots.indexOf(spot), spots.length - 1)];
    scrollWithin(region, next);
    next.focus({ preventScroll: true });
  }

  #light() {
    const lit = this.#pointed || this.#chosen;
    for (const region of this.regions) {
      for (const each of /** @type {NodeListOf<Spot>} */ (
        region.querySelectorAll("[data-symbol], [data-of]")
      )) {
        const { symbol, of } = each.dataset;
        each.classList.toggle("lit", lit !== "" && (symbol ?? of) === lit);
      }
    }
    const known = this.#meanings.get(lit);
    if (known === undefined) setText(this.meaning, lit);
    else if (this.meaning.textContent !== `${lit}: ${known}`) {
      this.meaning.replaceChildren(make("code", {}, lit), `: ${known}`);
    }
  }

  /**
   * Of the symbol that stands there, show one in each of the other regions.
   * @param {Spot} spot
   * @param {HTMLElement[]} [regions]
   */
  #bringIntoView(spot, regions = this.regions) {
    for (const region of regions) {
      if (region.contains(spot)) continue;
      const others = spotsIn(region).filter(
        ({ dataset }) => dataset.symbol === spot.dataset.symbol,
      );
      const telling = others.map((each) => this.#kin(each));
      const best = others[telling.indexOf(Math.max(...telling))];
      if (best) scrollWithin(region, best.closest("[data-of]") ?? best); // all of its numbers
    }
  }

  /**
   * How many symbols of the same equations stand beside this one: a line that computes it tells more
   * than one that only makes room for it.
   * @param {Spot} spot
   */
  #kin(spot) {
    const { symbol } = spot.dataset;
    const equations = [...this.regions[0].querySelectorAll(".equation")].map(symbolsIn);
    const kin = new Set(equations.filter((each) => each.includes(symbol)).flat());
    const beside = new Set(symbolsIn(spot.closest(".line") ?? spot));
    return [...beside].filter((each) => kin.has(each)).length;
  }
}

/** @param {EventTarget | null} target @returns {Spot | null} */
const symbolAt = (target) => (target instanceof Element ? target.closest("[data-symbol]") : null);

/** @param {Element} part */
const symbolsIn = (part) => spotsIn(part).map(({ dataset }) => dataset.symbol);

/** @param {Element} region @returns {Spot[]} */
const spotsIn = (region) => [
  .../** @type {NodeListOf<Spot>} */ (region.querySelectorAll("[data-symbol]")),
];

/** @param {HTMLElement} region @param {Element} element */
function isInView(region, element) {
  const [box, view] = [element.getBoundingClientRect(), region.getBoundingClientRect()];
  const covered = parseFloat(getComputedStyle(region).scrollPaddingTop) || 0;
  return box.top >= view.top + covered && box.bottom <= view.bottom;
}

/**
 * Scroll a region, and never the page, so that something in it can be seen.
 * @param {HTMLElement} region
 * @param {Element} element
 */
function scrollWithin(region, element) {
  const [box, view] = [element.getBoundingClientRect(), region.getBoundingClientRect()];
  if (!isInView(region, element)) {
    region.scrollTop += box.top - view.top - (region.clientHeight - box.height) / 2;
  }
  if (box.left < view.left || box.right > view.right) {
    region.scrollLeft += box.left - view.left - (region.clientWidth - box.width) / 2;
  }
}
