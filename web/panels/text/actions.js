/** What can be done with the text to learn: type it, choose an example, forget it. */

/** @import { Description, Texts } from "../../types" */
/** @import { App } from "../../main.js" */

import { examples } from "../../examples/index.js";
import { count, countCharacters } from "../../format.js";
import { firstWords } from "../../naming.js";
import { asTyped } from "../../settings.js";
import { hasLearned } from "../../store.js";
import { areTooMany, keyOf, MOST_KEPT, withoutText, withText } from "./texts.js";

const DESCRIBE_AFTER_MS = 300;

/**
 * What there was before an edit that began another text; the earlier texts are none of its business.
 * @typedef {{ example: string, text: string, ownText: string, before: Turn | null }} Turn
 */

/** @param {App} app */
export function textActions(app) {
  const { store } = app;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  /** The key of the example that was chosen and is still coming. */
  let coming = "";
  /** Of such edits since the text was put there, the last: when it is undone, all is as it was.
   * @type {Turn | null} */
  let turn = null;
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
   * @returns {boolean} whether it is there
   */
  function setText(text, example = "own") {
    if (!takesText(text)) return false;
    turn = null;
    if (example === "own") {
      place({ text, ownText: text, earlierTexts: withoutText(withOwnText(), text) }, example);
    } else {
      exampleTexts.add(text);
      place({ text }, example);
    }
    return true;
  }

  /** Put another text in the place of the own one, which is not to be kept. @param {string} text */
  function correctText(text) {
    if (!takesText(text)) return false;
    turn = null;
    place({ text, ownText: text }, "own");
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
    if (text === turn?.text && !anew) {
      const { example, ownText } = turn;
      turn = turn.before;
      // What has come to the earlier texts since, or was forgotten, stays so.
      const earlierTexts = withoutText(store.state.earlierTexts, ownText);
      place({ text, ownText, earlierTexts }, example);
    } else if (anew || store.state.example !== "own") {
      const { state } = store;
      turn = { example: state.example, text: state.text, ownText: state.ownText, before: turn };
      place({ text, ownText: text, earlierTexts: withOwnText() }, "own");
    } else {
      place({ text, ownText: text }, "own");
    }
  }

  /** @param {Partial<Texts>} texts @param {string} example */
  function place(texts, example) {
    coming = "";
    store.update({ ...texts, example, opened: null });
    store.problem("example");
    store.problem("file");
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
    setText(text, text === ownText ? "own" : example);
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
        question: "Forget your oldest text?",
        words:
          `${what} brings another text, and the page keeps up to ${count(MOST_KEPT)} characters ` +
          `of earlier ones. To make room, “${firstWords(oldest.text)}” must go, for good.`,
        no: "Keep it",
        yes: "Forget it",
      });
      if (!may) return false;
      turn = null;
      store.update({ earlierTexts: withoutText(store.state.earlierTexts, oldest.text) });
    }
    return true;
  }

  /** Forget the own text in the box for good, if that is really meant. */
  async function forgetText() {
    const { ownText } = store.state;
    const sure = await app.ask({
      question: "Forget this text?",
      words:
        `“${firstWords(ownText)}” is then gone from the page and from this browser’s storage, for ` +
        "good. A run that has learned from it still carries it.",
      no: "Keep it",
      yes: "Forget it",
    });
    if (!sure || store.state.text !== ownText) return;
    const [latest, ...earlierTexts] = withoutText(store.state.earlierTexts, ownText);
    turn = null;
    const text = latest?.text ?? "";
    place({ text, ownText: text, earlierTexts }, "own");
    app.autosave.save();
    if (!latest) await chooseExample(examples[0].key);
  }

  /** @param {string} key of an example, "own", or that of an earlier text */
  async function chooseExample(key) {
    const earlier = store.state.earlierTexts.find((each) => keyOf(each) === key);
    if (earlier) return void setText(earlier.text);
    if (key === "own") return void setText(store.state.ownText);
    coming = key;
    store.problem("example");
    const { file, label } = examples.find((example) => example.key === key) ?? examples[0];
    try {
      const response = await fetch(new URL(`../../examples/${file}`, import.meta.url));
      if (!response.ok) throw new Error(`the server answered ${response.status}`);
      const text = await response.text();
      // Something else may have been chosen or typed while it came.
      if (coming === key) setText(text, key);
    } catch (error) {
      const reason = /** @type {Error} */ (error).message;
      // With that, the list shows again what is in the box.
      store.problem("example", `Could not load “${label}”: ${reason}.`);
    }
    return undefined;
  }

  /**
   * Have Python count the text and choose settings for it.
   * @returns {Promise<Description | null>} null before Python is there, or if the text has changed
   */
  async function describe() {
    clearTimeout(waiting);
    const { text, about } = store.state;
    if (!about) return null;
    const description = await app.engine.describe(text);
    if (store.state.text !== text) return null;
    store.update({ description });
    // That another text can't take its place has to be read first.
    if (text !== refusedFor) store.problem("text", description.problem);
    if (!hasLearned(store.state)) fillUntouched(description);
    return description;
  }

  /** Give every field that nobody has set what suits the text. @param {Description} description */
  function fillUntouched({ config }) {
    const { settings, touched } = store.state;
    const chosen = Object.entries(asTyped(config ?? {})).filter(([name]) => !touched.has(name));
    store.update({ settings: { ...settings, ...Object.fromEntries(chosen) } });
  }

  const changes = { setText, typeText, correctText, restoreTexts, adoptTexts, makeRoom };
  return { takesText, ...changes, forgetText, chooseExample, describe, fillUntouched };
}
