/** The lessons: shown in place of the panels, and loaded when they are first opened. */

/** @import { App } from "./main.js" */
/** @import { Place } from "./types" */

import { element, make } from "./dom.js";
import { lessonsAreShown, PLACES, showLessons } from "./places.js";

const STYLE = "lessons/lessons.css";
const WORDS = "lessons/lessons.html";

export class Lessons {
  #root = element("lessons", HTMLElement);
  /** What shows them, once it is loaded. @type {Promise<import("./lessons/place.js").LessonsPlace> | null} */
  #place = null;
  /** How far the panels were scrolled. */
  #scrolled = 0;
  #title = document.title;

  /** @param {App} app */
  constructor(app) {
    this.app = app;
  }

  /** Which place one has come from, if a page with lessons is reloaded. @returns {Place | undefined} */
  get placeBehind() {
    return PLACES.find((place) => place === history.state?.behind);
  }

  /** Show what the address says. What is going on at the place behind them goes on. */
  async open() {
    const { place } = this.app.store.state;
    history.replaceState({ ...history.state, behind: place }, "");
    if (!lessonsAreShown()) {
      this.#scrolled = scrollY;
      showLessons(true);
      scrollTo(0, 0);
    }
    this.#place ??= this.#load();
    try {
      const lessons = await this.#place;
      if (lessonsAreShown()) lessons.follow(location.hash);
    } catch (error) {
      this.#place = null;
      this.#explain(/** @type {Error} */ (error).message);
    }
  }

  /** Show the panels again, as they were. */
  close() {
    if (!lessonsAreShown()) return;
    this.#place?.then(
      (lessons) => lessons.leave(),
      () => {}, // which whoever has opened them was told
    );
    showLessons(false);
    document.title = this.#title;
    scrollTo(0, this.#scrolled);
  }

  async #load() {
    this.#root.replaceChildren(
      make("p", { className: "panel", role: "status" }, "Loading the lessons …"),
    );
    // One after another: many browsers don't ask again for a script that they could not have once, so
    // these are asked for when all else has come.
    await loadStyle();
    const words = await loadWords();
    const { LessonsPlace } = await import("./lessons/place.js");
    this.#root.replaceChildren();
    return new LessonsPlace(this.app, this.#root, words);
  }

  /** @param {string} why the lessons can't be shown */
  #explain(why) {
    const message =
      `The lessons could not be loaded: ${why}. Check the connection, then try again. Should that ` +
      "not help, reload the page: your text is still there then, and so is your run.";
    const retry = { type: "button", className: "primary", onclick: () => this.open() };
    const banner = make("div", { className: "banner", role: "alert" });
    this.#root.replaceChildren(banner);
    banner.append(make("p", {}, message), make("button", retry, "Try again"));
  }
}

/** Is the style there? */
let isStyled = false;

/** @returns {Promise<unknown>} */
function loadStyle() {
  if (isStyled) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const link = make("link", { rel: "stylesheet", href: STYLE });
    link.onload = () => resolve((isStyled = true));
    link.onerror = () => {
      link.remove();
      reject(new Error(`${STYLE} did not arrive`));
    };
    document.head.append(link);
  });
}

/** The words, as a document: to make elements of a string is forbidden here. @returns {Promise<Document>} */
function loadWords() {
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error(`${WORDS} did not arrive`));
    const request = new XMLHttpRequest();
    request.responseType = "document";
    request.onload = () =>
      request.status === 200 && request.response ? resolve(request.response) : fail();
    request.onerror = fail;
    request.open("GET", WORDS);
    request.send();
  });
}
