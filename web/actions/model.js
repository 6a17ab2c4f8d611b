/** What can be done with a model file: save the run, load another. */

/** @import { App } from "../main.js" */
/** @import { Status } from "../types" */
/** @import { runActions } from "./run.js" */

import { download, readBytes } from "../files.js";
import { modelName } from "../naming.js";
import { hasLearned } from "../store.js";

/**
 * @param {App} app
 * @param {ReturnType<typeof runActions>} runs
 */
export function modelActions(app, runs) {
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
    if (hasLearned(store.state) && !(await app.askToReplace(file.name))) return;
    try {
      const bytes = await readBytes(file);
      const keeping = app.autosave.lastSave();
      /** @type {Status} */
      const status = await app.engine.call("load", bytes);
      await runs.adopt(status, { keeping });
    } catch (error) {
      store.problem("model", /** @type {Error} */ (error).message);
    }
  }

  return { saveModel, loadModel };
}
