/**
 * What can be done with what is to be learned, a text or, as text too, a table: type it, choose an
 * example, forget it.
 */

/** @import { Config, Description, Example, Place, State, Texts } from "../../types" */
/** @import { Subject } from "../../engine.js" */
/** @import { App } from "../../main.js" */

import { exampleOf, examples } from "../../examples/index.js";
import { count, countCharacters } from "../../format.js";
import { firstWords } from "../../naming.js";
import { plain } from "../../numbers.js";
import { terms } from "../../places.js";
import { asTyped, readSetting } from "../../settings.js";
import { hasLearned, noChoices } from "../../store.js";
import { areTooMany, keyOf, MOST_KEPT, withoutText, withText } from "../../texts.js";

const DESCRIBE_AFTER_MS = 300;

/**
 * What there was before an edit that began another text; the earlier texts are none of its business.
 * @typedef {Pick<State, "example" | "text" | "ownText" | "choices"> & { before: Turn | null }} Turn
 */

/** @param {App} app */
export function textActions(app) {
  const { store } = app;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  /** At each place, the key of the example that was chosen and is still coming. */
  const coming = { text: "", numbers: "" };
  /** At each place, of such edits since the text was put there, the last: when it is undone, all is
   * as it was. @type {Record<Place, Turn | null>} */
  const turns = { text: null, numbers: null };
  /** Those that have been in the box: nobody's own. @type {Set<string>} */
  const exampleTexts = new Set();

  /** The text in whose place another was refused last. @type {string | null} */
  let refusedFor = null;

  /**
   * May this be the text? If not, the person is told, each time.
   * @param {string} text
   */
  function takesText(text) {
    const most = (store.state.about ?? store.state.boot).numbers?.text ?? Infinity;
    const characters = text.length > most ? countCharacters(text) : text.length;
    const isShortened = text.length < store.state.text.length;
    if (characters <= most || isShortened) {
      refusedFor = null;
      return true;
    }
    refusedFor = store.state.text;
    store.problem("text");
    store.problem(
      "text",
      `that makes a text of ${count(characters)} characters, and this page takes up to ` +
        `${count(most)}: what was here is kept`,
    );
    return false;
  }

  /**
   * Put a text into the box that comes from elsewhere; the own text there is stays within reach.
   * @param {string} text
   * @param {string} example the key of an example, or "own"
   * @param {Partial<State>} about what is known of a table
   * @returns {boolean} whether it is there
   */
  function setText(text, example = "own", about = unknown(exampleOf(example))) {
    if (!takesText(text)) return false;
    turns[store.state.place] = null;
    if (example === "own") {
      const earlierTexts = withoutText(withOwnText(), text);
      put({ text, ownText: text, earlierTexts, ...about }, example);
    } else {
      exampleTexts.add(text);
      put({ text, ...about }, example);
    }
    return true;
  }

  /**
   * Nothing is known yet of a new table, unless it is an example.
   * @param {Example} [example]
   * @returns {Partial<State>}
   */
  function unknown({ season, horizon } = /** @type {Example} */ ({})) {
    const touched = new Set(store.state.touched);
    touched.delete("season");
    if (season === undefined || horizon === undefined) return { choices: noChoices, touched };
    const settings = { ...store.state.settings, season: plain(season) };
    return { choices: noChoices, touched, settings, horizon: plain(horizon) };
  }

  /** Put another text in the place of the own one, which is not to be kept. @param {string} text */
  function correctText(text) {
    if (!takesText(text)) return false;
    turns[store.state.place] = null;
    put({ text, ownText: text, ...unknown() }, "own");
    return true;
  }

  /**
   * Take over what somebody has made of the text in the box. An edit of an example begins an own
   * text; so does one that leaves nothing of the own text there was.
   * @param {string} text
   * @param {boolean} anew has all of it been replaced at once?
   */
  function typeText(text, anew) {
    if (!takesText(text)) return;
    const { state } = store;
    const turn = turns[state.place];
    if (text === turn?.text && !anew) {
      const { example, ownText, choices } = turn;
      turns[state.place] = turn.before;
      // What has come to the earlier texts since, or was forgotten, stays so.
      const earlierTexts = withoutText(state.earlierTexts, ownText);
      put({ text, ownText, earlierTexts, choices }, example);
    } else if (anew || state.example !== "own") {
      const { example, text: before, ownText, choices } = state;
      turns[state.place] = { example, text: before, ownText, choices, before: turn };
      const about = anew ? unknown() : {};
      put({ text, ownText: text, earlierTexts: withOwnText(), ...about }, "own");
    } else {
      put({ text, ownText: text }, "own");
    }
  }

  /** @param {Partial<State>} texts @param {string} example */
  function put(texts, example) {
    coming[store.state.place] = "";
    store.update({ ...texts, example, opened: null });
    for (const about of ["example", "file", "link", "model"]) store.problem(about);
    clearTimeout(waiting);
    waiting = setTimeout(() => describe(), DESCRIBE_AFTER_MS);
  }

  /** The earlier texts, the present own one among them. */
  function withOwnText() {
    const { ownText, earlierTexts } = store.state;
    return exampleTexts.has(ownText) ? earlierTexts : withText(earlierTexts, ownText);
  }

  /** Put back the texts of this page. @param {Texts} texts @param {string} example */
  function restoreTexts({ text, ownText, earlierTexts }, example) {
    store.update({ ownText, earlierTexts });
    // An example that had been chosen may not have come any more.
    setText(text, text === ownText ? "own" : example, {});
  }

  /** Keep the own texts of another page, whose place this one takes. @param {Texts} texts */
  function adoptTexts({ ownText, earlierTexts }) {
    const adopted = [ownText, ...earlierTexts.map(({ text }) => text)].reverse();
    const others = adopted.filter((text) => text !== store.state.ownText);
    store.update({ earlierTexts: others.reduce(withText, store.state.earlierTexts) });
  }

  /**
   * See to it that there is room for the present own text among the earlier ones.
   * @param {string} what brings another
   * @returns {Promise<boolean>} whether there is; else somebody would rather keep what is there
   */
  async function makeRoom(what) {
    while (areTooMany(withOwnText())) {
      const oldest = withOwnText()[withOwnText().length - 1];
      const may = await app.ask({
        question: `Forget your oldest ${terms().whole}?`,
        words:
          `${what} brings another ${terms().whole}, and the page keeps up to ${count(MOST_KEPT)} characters ` +
          `of earlier ones. To make room, “${firstWords(oldest.text)}” must go, for good.`,
        no: "Keep it",
        yes: "Forget it",
      });
      if (!may) return false;
      turns[store.state.place] = null;
      store.update({ earlierTexts: withoutText(store.state.earlierTexts, oldest.text) });
    }
    return true;
  }

  /** Forget the own text in the box for good, if that is really meant. */
  async function forgetText() {
    const { ownText } = store.state;
    const sure = await app.ask({
      question: `Forget this ${terms().whole}?`,
      words:
        `“${firstWords(ownText)}” is then gone from the page and from this browser’s storage, for ` +
        "good. A run that has learned from it still carries it.",
      no: "Keep it",
      yes: "Forget it",
    });
    if (!sure || store.state.text !== ownText) return;
    const [latest, ...earlierTexts] = withoutText(store.state.earlierTexts, ownText);
    turns[store.state.place] = null;
    const text = latest?.text ?? "";
    put({ text, ownText: text, earlierTexts, ...unknown() }, "own");
    app.autosave.save();
    if (!latest) await chooseExample(examples[store.state.place][0].key);
  }

  /** @param {string} key of an example, "own", or that of an earlier text */
  async function chooseExample(key) {
    const earlier = store.state.earlierTexts.find((each) => keyOf(each) === key);
    if (earlier) return void setText(earlier.text);
    if (key === "own") return void setText(store.state.ownText);
    const { place } = store.state;
    coming[place] = key;
    store.problem("example");
    const example = exampleOf(key) ?? examples[place][0];
    try {
      const text = await textOf(example);
      await store.until((state) => state.place === place);
      // Something else may have been chosen or typed while it came.
      if (coming[place] === key) setText(text, key);
    } catch (error) {
      await store.until((state) => state.place === place);
      const reason = /** @type {Error} */ (error).message;
      // With that, the list shows again what is in the box.
      store.problem("example", `Could not load “${example.label}”: ${reason}.`);
    }
    return undefined;
  }

  /** @param {Example} example @returns {Promise<string>} */
  async function textOf({ key, file }) {
    if (file === undefined) {
      await store.until(({ about }) => about !== null);
      return app.engine.call("made_series", key);
    }
    const response = await fetch(new URL(`../../examples/${file}`, import.meta.url));
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    return response.text();
  }

  /**
   * Have Python look at what is to be learned, and choose settings for it.
   * @returns {Promise<Description | null>} null before Python is there, or if it has changed
   */
  async function describe() {
    clearTimeout(waiting);
    const { state } = store;
    if (!state.about) return null;
    const description = await app.engine.describe(subjectOf(state));
    const { place, text, choices } = store.state;
    if (place !== state.place || text !== state.text || choices !== state.choices) return null;
    store.update({ description, described: { text, choices } });
    // That another text can't take its place has to be read first.
    if (text !== refusedFor) store.problem("text", description.problem);
    if (!hasLearned(store.state)) fillUntouched(description);
    return description;
  }

  /** What is to be learned. @param {State} state @returns {Subject} */
  function subjectOf({ place, text, example, choices, fields, settings, touched }) {
    const typed = (/** @type {string} */ wanted) => {
      const field = fields.find(({ name }) => name === wanted && touched.has(name));
      const read = field && readSetting(field, settings[wanted]);
      return read && read.problem === undefined ? Number(read.value) : undefined;
    };
    const season = typed("season") ?? exampleOf(example)?.season;
    return { place, text, choices, workers: typed("workers"), season };
  }

  /** Settle a question about the table. @param {string} name @param {string | number | boolean} value */
  function settle(name, value) {
    store.update({ choices: { ...store.state.choices, [name]: value } });
    return describe();
  }

  /** Settle nothing about it: what was asked is asked again. */
  function unsettle() {
    store.update({ choices: noChoices });
    return describe();
  }

  /**
   * Give every field that nobody has set what suits the text.
   * @param {Description} description
   * @param {Config} [kept] what has to be so, whatever would suit
   */
  function fillUntouched({ config }, kept = {}) {
    const { settings, touched } = store.state;
    const suited = asTyped({ ...config, ...kept });
    const chosen = Object.entries(suited).filter(([name]) => !touched.has(name));
    store.update({ settings: { ...settings, ...Object.fromEntries(chosen) } });
  }

  const changes = { setText, typeText, correctText, restoreTexts, adoptTexts, makeRoom };
  const table = { settle, unsettle };
  return { takesText, ...changes, ...table, forgetText, chooseExample, describe, subjectOf, fillUntouched };
}
