/** What can be done with a network: have it write. */

/** @import { App } from "../main.js" */
/** @import { runActions } from "./run.js" */

import { readSetting } from "../settings.js";

const SLICE_MS = 20;

/** @type {import("../types").Field} */
export const lengthField = {
  name: "length",
  label: "Length",
  kind: "integer",
  default: 300,
  minimum: 1,
  maximum: 10_000,
  help: "",
  live: true,
};

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
    const length = readSetting(lengthField, store.state.length);
    store.problem("length", length.problem);
    if (length.problem !== undefined) return app.pointOut();
    if (!(await runs.ensureRun())) return undefined;
    const mine = ++texts;
    const { prompt, progress, run, inside } = store.state;
    const { silenced } = inside;
    store.problem("prompt");
    store.problem("writing");
    const step = progress?.step ?? 0;
    store.update({ writing: { prompt, text: "", step, silenced, active: true } });
    const wanted = () => mine === texts && store.state.run === run && store.state.writing?.active;
    try {
      const { warning } = await app.engine.call("start_writing", prompt, length.value, 0, 1);
      store.problem("prompt", warning);
      while (wanted() && (await writeOn()));
    } catch (error) {
      // A run that has ended takes its unfinished text with it; that is no fault.
      if (wanted()) store.problem("writing", /** @type {Error} */ (error).message);
    }
    if (mine === texts) finish();
    return undefined;
  }

  /** Write one slice. @returns {Promise<boolean>} whether there is more to come */
  async function writeOn() {
    const before = store.state.writing;
    const { text, done } = await app.engine.call("write", SLICE_MS, store.state.temperature);
    const { writing } = store.state;
    // Stopped or begun anew in the meantime: these characters are nobody's.
    if (!writing?.active || writing !== before) return Boolean(writing?.active);
    store.update({ writing: { ...writing, text: writing.text + text } });
    return !done;
  }

  function finish() {
    const { writing } = store.state;
    if (writing?.active) store.update({ writing: { ...writing, active: false } });
  }

  function stopWriting() {
    finish();
    app.engine.call("stop_writing");
  }

  /** @param {string} prompt */
  const setPrompt = (prompt) => store.update({ prompt });

  /** @param {string} length */
  function setLength(length) {
    store.update({ length });
    if (!readSetting(lengthField, length).problem) store.problem("length");
  }

  /** @param {number} temperature */
  const setTemperature = (temperature) => store.update({ temperature });

  return { generate, stopWriting, setPrompt, setLength, setTemperature };
}
