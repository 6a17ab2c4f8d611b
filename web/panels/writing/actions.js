/** What can be done with a network: have it write, and write on from another character. */

/** @import { NumberField, Prediction, Stretch, Writing, WritingNumber } from "../../types" */
/** @import { App } from "../../main.js" */
/** @import { runActions } from "../run/actions.js" */

import { count } from "../../format.js";
import { LONGEST_PROMPT } from "../../link.js";
import { readNumber } from "../../numbers.js";
import { writingFields } from "../../settings.js";
import { workOn } from "../../openpanels.js";

const SLICE_MS = 20;

const writingNumbers = /** @type {[WritingNumber, NumberField][]} */ (Object.entries(writingFields));

/**
 * @param {App} app
 * @param {ReturnType<typeof runActions>} runs
 */
export function writingActions(app, runs) {
  const { store } = app;
  /** Counts the texts begun, so that an older one knows it is over. */
  let texts = 0;

  /** Write a new text, a slice at a time, beside whatever else is going on. */
  async function generate() {
    const { prompt } = store.state;
    store.problem("prompt", promptProblem(prompt));
    store.problem("unseen");
    const how = readHow();
    if (!how || promptProblem(prompt)) return app.pointOut();
    if (!(await runs.ensureRun())) return undefined;
    const { progress, inside } = store.state;
    const { asked, options } = how;
    const step = progress?.step ?? 0;
    const { silenced } = inside;
    const empty = { opening: "", prompt, text: "", characters: [], begins: 0, memory: null };
    return write({ ...empty, asked, step, silenced, active: true }, async (current) => {
      const begun = await app.engine.call("start_writing", prompt, asked, ...options);
      if (!current()) return;
      const { warning, opening, characters } = begun;
      store.problem("unseen", warning);
      change({ opening, characters, begins: characters.length });
    });
  }

  /**
   * Cut the text at a place, put an alternative there, and have the network write on from it, up to
   * the length once asked for, but at least one character.
   * @param {number} place among the characters of prompt and text
   * @param {string} character
   * @param {number} probability
   */
  async function writeOnFrom(place, character, probability) {
    const { writing } = store.state;
    if (!writing) return;
    const how = readHow();
    if (!how) return app.pointOut();
    const chosen = { ...writing.characters[place], character, probability };
    const characters = [...writing.characters.slice(0, place), chosen];
    const begins = Math.min(place, writing.begins);
    const prompt = textOf(characters.slice(0, begins));
    const text = textOf(characters.slice(begins));
    const left = Math.max(1, writing.asked - (characters.length - begins));
    const { silenced } = store.state.inside;
    const changed = { ...writing, prompt, text, characters, begins, silenced };
    const stands = writing.opening + prompt + text;
    await write({ ...changed, active: true, memory: null }, () =>
      app.engine.call("continue_writing", stands, left, ...how.options),
    );
  }

  /** Read the boxes: how much is asked for, and in what way; nothing, if one of them is wrong. */
  function readHow() {
    const { state } = store;
    /** @type {Partial<Record<WritingNumber, number>>} */
    const values = {};
    let right = true;
    for (const [name, field] of writingNumbers) {
      const read = readNumber(field, state[name]);
      store.problem(name, read.problem);
      if (read.problem === undefined) values[name] = read.value;
      else right = false;
    }
    const { length, topK, topP, writingSeed } = values;
    return right ? { asked: Number(length), options: [topK, topP, writingSeed, state.oneLine] } : null;
  }

  /**
   * Write a text to its end, and then look how much of it is memory.
   * @param {Writing} writing as it begins
   * @param {(current: () => boolean) => Promise<unknown>} begin
   */
  async function write(writing, begin) {
    const mine = ++texts;
    const { run } = store.state;
    const current = () => mine === texts && store.state.run === run;
    const wanted = () => current() && Boolean(store.state.writing?.active);
    store.problem("writing");
    store.update({ writing });
    try {
      await begin(current);
      while (wanted() && (await writeSlice()));
      if (wanted()) change({ active: false });
      if (current()) await searchMemory(current);
    } catch (error) {
      // A run that has ended takes its unfinished text with it; that is no fault.
      if (!current()) return;
      store.problem("writing", /** @type {Error} */ (error).message);
      change({ active: false, memory: null });
    }
  }

  /** @returns {Promise<boolean>} whether there is more to come */
  async function writeSlice() {
    const before = store.state.writing;
    /** @type {{ characters: Prediction[], done: boolean }} */
    const { characters, done } = await app.engine.call("write", SLICE_MS, store.state.temperature);
    const { writing } = store.state;
    // Stopped or begun anew in the meantime: these characters are nobody's.
    if (!writing?.active || writing !== before) return Boolean(writing?.active);
    const text = writing.text + textOf(characters);
    change({ text, characters: [...writing.characters, ...characters] });
    return !done;
  }

  /**
   * Find the longest stretch of the text that stands in the training text.
   * @param {() => boolean} current is this still the text that is shown?
   */
  async function searchMemory(current) {
    const { writing } = store.state;
    if (!writing?.text) return;
    change({ memory: { fraction: 0 } });
    const report = (/** @type {Stretch} */ stretch, /** @type {number} */ fraction) =>
      change({ memory: fraction === 1 ? { fraction, stretch } : { fraction } });
    await workOn(app, "memory", [writing.text], report, current);
  }

  /** @param {Partial<Writing>} changes */
  function change(changes) {
    const { writing } = store.state;
    if (writing) store.update({ writing: { ...writing, ...changes } });
  }

  function stopWriting() {
    change({ active: false });
    app.engine.call("stop_writing");
  }

  /** @param {string} prompt */
  function setPrompt(prompt) {
    store.update({ prompt });
    if (!promptProblem(prompt)) store.problem("prompt");
  }

  /**
   * @param {WritingNumber} name
   * @param {string} typed
   * @param {boolean} finished left the box, rather than still typing
   */
  function setWritingNumber(name, typed, finished) {
    store.update({ [name]: typed });
    const { problem } = readNumber(writingFields[name], typed);
    // A half-typed number is no mistake yet.
    if (finished || !problem) store.problem(name, problem);
  }

  /** @param {boolean} oneLine */
  const setOneLine = (oneLine) => store.update({ oneLine });

  /** @param {number} temperature */
  const setTemperature = (temperature) => store.update({ temperature });

  const settings = { setPrompt, setWritingNumber, setOneLine, setTemperature };
  return { generate, writeOnFrom, stopWriting, ...settings };
}

/** @param {Prediction[]} characters */
const textOf = (characters) => characters.map(({ character }) => character).join("");

/** @param {string} prompt @returns {string | undefined} what is wrong with it */
function promptProblem(prompt) {
  const { length } = [...prompt];
  if (length <= LONGEST_PROMPT) return undefined;
  return `Prompt can have at most ${count(LONGEST_PROMPT)} characters, not ${count(length)}`;
}
