/** What can be done with the text to learn: type it, choose an example, open a file. */

/** @import { Description } from "../types" */
/** @import { App } from "../main.js" */

import { examples } from "../examples/index.js";
import { readTextFile } from "../files.js";
import { count, countCharacters } from "../format.js";
import { asTyped } from "../settings.js";
import { hasLearned } from "../store.js";

const DESCRIBE_AFTER_MS = 300;
/** As rnn_pkg/limits.py has it. */
const MOST_CHARACTERS = 5_000_000;

/** @param {App} app */
export function textActions(app) {
  const { store } = app;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  /** What Python said last: a large text is sent to it no oftener than need be.
   * @type {{ text: string, description: Description } | null} */
  let described = null;

  /** May this be the text? If not, the person is told, each time. @param {string} text */
  function takesText(text) {
    const characters = text.length > MOST_CHARACTERS ? countCharacters(text) : text.length;
    if (characters <= MOST_CHARACTERS) return true;
    store.problem("text");
    store.problem(
      "text",
      `that makes a text of ${count(characters)} characters, and this page takes up to ` +
        `${count(MOST_CHARACTERS)}: what was here is kept`,
    );
    return false;
  }

  /** @param {string} text @param {string} example the key of an example, or "own" */
  function setText(text, example = "own") {
    if (!takesText(text)) return;
    store.update({ text, example, ...(example === "own" && { ownText: text }) });
    store.problem("example");
    store.problem("file");
    clearTimeout(waiting);
    waiting = setTimeout(() => describe(), DESCRIBE_AFTER_MS);
  }

  /** @param {string} key */
  async function chooseExample(key) {
    store.update({ example: key });
    if (key === "own") return setText(store.state.ownText);
    const { file, label } = examples.find((example) => example.key === key) ?? examples[0];
    try {
      const response = await fetch(new URL(`../examples/${file}`, import.meta.url));
      if (!response.ok) throw new Error(`the server answered ${response.status}`);
      const text = await response.text();
      // Something else may have been chosen or typed while it came.
      if (store.state.example === key) setText(text, key);
    } catch (error) {
      const reason = /** @type {Error} */ (error).message;
      store.problem("example", `Could not load “${label}”: ${reason}.`);
    }
    return undefined;
  }

  /** @param {File} file */
  async function openTextFile(file) {
    try {
      setText(await readTextFile(file));
    } catch (error) {
      store.problem("file", /** @type {Error} */ (error).message);
    }
  }

  /**
   * Have Python count the text and choose settings for it.
   * @returns {Promise<Description | null>} null before Python is there, or if the text has changed
   */
  async function describe() {
    clearTimeout(waiting);
    const { text, about } = store.state;
    if (!about) return null;
    if (described?.text !== text) {
      described = { text, description: await app.engine.call("describe", text) };
    }
    const { description } = described;
    if (store.state.text !== text) return null;
    store.update({ description });
    store.problem("text", description.problem);
    if (!hasLearned(store.state)) fillUntouched(description);
    return description;
  }

  /** Give every field that nobody has set what suits the text. @param {Description} description */
  function fillUntouched({ config }) {
    const { settings, touched } = store.state;
    const chosen = Object.entries(asTyped(config ?? {})).filter(([name]) => !touched.has(name));
    store.update({ settings: { ...settings, ...Object.fromEntries(chosen) } });
  }

  return { takesText, setText, chooseExample, openTextFile, describe, fillUntouched };
}
