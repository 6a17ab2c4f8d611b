/** What can be done with a model file: save the run, load another. */

/** @import { App } from "../../main.js" */
/** @import { Config, Place } from "../../types" */
/** @import { runActions } from "./actions.js" */
/** @import { textActions } from "../text/actions.js" */
/** @import { cellActions } from "../owncell/actions.js" */

import { download, readModelFile } from "../../files.js";
import { modelName } from "../../naming.js";
import { asTyped } from "../../settings.js";
import { hasLearned } from "../../store.js";

/** @typedef {{ goTo(place: Place): Promise<boolean>, whenPutBack(place: Place): Promise<void> }} Going */
/**
 * What is to be done about a cell that somebody else wrote.
 * @typedef {ReturnType<typeof cellActions>} Foreign
 */

/**
 * @param {App} app
 * @param {ReturnType<typeof textActions> & ReturnType<typeof runActions> & Going & Foreign} others
 */
export function modelActions(app, others) {
  const { store } = app;

  async function saveModel() {
    try {
      const bytes = await app.engine.call("save");
      download(bytes, modelName(store.state));
    } catch (error) {
      store.problem("model", /** @type {Error} */ (error).message);
    }
  }

  /** @param {File} file */
  async function loadModel(file) {
    store.problem("model");
    store.problem("file"); // of the one before
    try {
      const reading = readModelFile(file);
      if (!(await others.goTo(await placeOf(reading)))) return;
      if (!(await mayReplace(file.name))) return;
      const bytes = await reading;
      const source = await app.engine.call("cell_source", bytes);
      const { place } = store.state;
      if (source) {
        const may = await others.mayRunSource(source, `“${file.name}”`, "Open without running");
        if (may === null || store.state.place !== place) return;
        if (!may) return await openWithoutRunning(bytes);
      }
      await others.replace(async () => {
        const loaded = await app.engine.load(bytes);
        const { status, description } = loaded;
        const touched = chosen(status.config, description.config ?? {});
        return [loaded, { example: "own", touched }];
      });
    } catch (error) {
      store.problem("model", /** @type {Error} */ (error).message);
    }
  }

  /**
   * Take over the text and the settings of a file, and show its cell, which is not run.
   * @param {Uint8Array<ArrayBuffer>} bytes
   */
  async function openWithoutRunning(bytes) {
    const { place } = store.state;
    const { config, text, choices, description } = await app.engine.call("set_up", bytes);
    if (store.state.place !== place) return;
    if (store.state.run) others.leave();
    store.update({
      settings: { ...store.state.settings, ...asTyped(config) },
      touched: chosen(config, description.config ?? {}),
    });
    others.setText(text, "own", { choices });
    others.showForeignCell(String(config.cell_source));
  }

  /** Where a file belongs; one that can't be read is refused here. @param {Promise<Uint8Array<ArrayBuffer>>} reading */
  async function placeOf(reading) {
    try {
      return await app.engine.call("task_in", await reading);
    } catch {
      return store.state.place;
    }
  }

  /** @param {string} name of the file */
  async function mayReplace(name) {
    await app.autosave.save();
    const question = {
      question: "Replace the present run?",
      words: `“${name}” brings its own text, settings and weights.`,
      no: "Keep it",
      yes: "Replace it",
    };
    const leave = await app.mayLeaveRun(question, hasLearned(store.state));
    return leave && others.makeRoom(`“${name}”`);
  }

  return { saveModel, loadModel };
}

/** The settings that a text would not have suggested, somebody has chosen. @param {Config} config @param {Config} suited */
const chosen = (config, suited) =>
  new Set(Object.keys(config).filter((name) => config[name] !== suited[name]));
