/** What can be done with a network: have it write, and write on from another character. */

/** @import { NumberField, Prediction, State, Writing, WritingNumber } from "../../types" */
/** @import { Means } from "../../work.js" */
/** @import { App } from "../../main.js" */
/** @import { runActions } from "../run/actions.js" */

import { count, countCharacters } from "../../format.js";
import { readNumber } from "../../numbers.js";
import { writersStep, writesBest } from "../../store.js";
import { Work } from "../../work.js";

const SLICE_MS = 20;

/**
 * @param {App} app
 * @param {ReturnType<typeof runActions>} runs
 */
export function writingActions(app, runs) {
  const { store } = app;
  const work = new Work(app, "writing", {
    show: (fraction) => fraction === null && change({ active: false }),
  });
  const searching = new Work(app, "writing", { show: showSearch });

  /** Write a new text, a slice at a time, beside whatever else is going on. */
  async function generate() {
    const { prompt } = store.state;
    const problem = promptProblem(prompt);
    store.problem("prompt", problem);
    store.problem("unseen");
    const how = readHow();
    if (!how || problem) return app.pointOut();
    if (!(await runs.ensureRun())) return undefined;
    const { asked, options } = how;
    const empty = { opening: "", prompt, text: "", characters: [], begins: 0, memory: null };
    return write({ ...empty, asked, ...writer(), active: true }, async (ask) => {
      const begun = await ask("start_writing", prompt, asked, ...options);
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
    const changed = { ...writing, prompt, text, characters, begins, ...writer() };
    const stands = writing.opening + prompt + text;
    await write({ ...changed, active: true, memory: null }, (ask) =>
      ask("continue_writing", stands, left, ...how.options),
    );
  }

  /** What is told of the network that writes. */
  function writer() {
    const { state } = store;
    return { step: writersStep(state), best: writesBest(state), silenced: state.inside.silenced };
  }

  /** Read the boxes: how much is asked for, and in what way; nothing, if one of them is wrong. */
  function readHow() {
    const { state } = store;
    if (!state.about) return null;
    const fields = /** @type {[WritingNumber, NumberField][]} */ (Object.entries(state.about.writing));
    /** @type {Partial<Record<WritingNumber, number>>} */
    const values = {};
    let right = true;
    for (const [name, field] of fields) {
      const read = readNumber(field, state[name]);
      store.problem(name, read.problem);
      if (read.problem === undefined) values[name] = read.value;
      else right = false;
    }
    const { length: asked = 0, topK = 0, topP = 1, writingSeed } = values;
    /** @type {[number, number, number | undefined, boolean]} */
    const options = [topK, topP, writingSeed, state.oneLine];
    return right ? { asked, options } : null;
  }

  /**
   * Write a text to its end, and then look how much of it is memory.
   * @param {Writing} writing as it begins
   * @param {(ask: Means["ask"]) => Promise<unknown>} begin
   */
  async function write(writing, begin) {
    store.problem("writing");
    searching.stop();
    store.update({ writing });
    const isWhole = await work.begin(async ({ ask }) => {
      await begin(ask);
      while (await writeSlice(ask));
    });
    if (isWhole) await searchMemory();
  }

  /** @param {Means["ask"]} ask @returns {Promise<boolean>} whether there is more to come */
  async function writeSlice(ask) {
    const { characters, done } = await ask("write", SLICE_MS, store.state.temperature);
    const { writing } = store.state;
    if (!writing) return false;
    const text = writing.text + textOf(characters);
    change({ text, characters: [...writing.characters, ...characters] });
    return !done;
  }

  /** Find the longest stretch of the text that stands in the training text. */
  async function searchMemory() {
    const { writing } = store.state;
    if (!writing?.text) return;
    await searching.begin(async ({ job }) => {
      const stretch = await job("memory", [writing.text]);
      change({ memory: { fraction: 1, stretch } });
    });
  }

  /** @param {string} prompt @returns {string | undefined} what is wrong with it */
  function promptProblem(prompt) {
    const most = store.state.about?.numbers.prompt ?? Infinity;
    const characters = countCharacters(prompt);
    if (characters <= most) return undefined;
    return `Prompt can have at most ${count(most)} characters, not ${count(characters)}`;
  }

  /** @param {number | null} fraction */
  function showSearch(fraction) {
    const isFound = Boolean(store.state.writing?.memory?.stretch);
    if (!isFound) change({ memory: fraction === null ? null : { fraction } });
  }

  /** @param {Partial<Writing>} changes */
  function change(changes) {
    const { writing } = store.state;
    if (writing) store.update({ writing: { ...writing, ...changes } });
  }

  function stopWriting() {
    work.stop();
    app.engine.call("stop_writing");
    searchMemory();
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
    const field = store.state.about?.writing[name];
    if (!field) return;
    const { problem } = readNumber(field, typed);
    // A half-typed number is no mistake yet.
    if (finished || !problem) store.problem(name, problem);
  }

  /** @param {boolean} oneLine */
  const setOneLine = (oneLine) => store.update({ oneLine });

  /** @param {State["writesWith"]} writesWith */
  function setWritesWith(writesWith) {
    store.update({ writesWith });
    app.panels.refresh();
  }

  /** @param {number} temperature */
  const setTemperature = (temperature) => store.update({ temperature });

  // Every run begins with its best network as the one that reads and writes.
  let told = { run: store.state.run, writesWith: "best" };
  store.subscribe(({ run, writesWith }) => {
    const before = run === told.run ? told.writesWith : "best";
    told = { run, writesWith };
    if (run && writesWith !== before) app.engine.call("write_with", writesWith === "best");
  });

  const settings = { setPrompt, setWritingNumber, setOneLine, setWritesWith, setTemperature };
  return { generate, writeOnFrom, stopWriting, ...settings };
}

/** @param {Prediction[]} characters */
const textOf = (characters) => characters.map(({ character }) => character).join("");
