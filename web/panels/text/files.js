/** What can be done with files, chosen or dropped: text files are read, a model is loaded. */

/** @import { App } from "../../main.js" */
/** @import { modelActions } from "../run/model.js" */
/** @import { textActions } from "./actions.js" */

import { permissions } from "../../store.js";
import { readTextFiles, UnknownEncoding } from "../../textfiles.js";

/**
 * @param {App} app
 * @param {ReturnType<typeof textActions> & ReturnType<typeof modelActions>} others
 */
export function fileActions(app, others) {
  const { store } = app;
  /** Counts what has been opened, so that of two files the later one stays. */
  let openings = 0;

  /** Open files by what they are. @param {File[]} files */
  function openFiles(files) {
    const model = files.find(({ name }) => name.toLowerCase().endsWith(".npz"));
    if (!model) return openTexts(files);
    if (files.length > 1) {
      return store.problem("file", `“${model.name}” is a model: open it by itself`);
    }
    if (permissions(store.state).load) return others.loadModel(model);
    return store.problem(
      "model",
      `“${model.name}” can be loaded as soon as Python is there: open it again then`,
    );
  }

  /** @param {File[]} files */
  async function openTexts(files) {
    const mine = ++openings;
    const { place } = store.state;
    store.problem("file");
    try {
      const read = await readTextFiles(files);
      await store.until((state) => state.place === place);
      const what = files.length > 1 ? `${files.length} files` : `“${files[0].name}”`;
      if (mine !== openings || !(await others.makeRoom(what)) || !others.setText(read.text)) return;
      store.update({ opened: { files, ...read } });
    } catch (error) {
      if (mine !== openings) return;
      const unknown = error instanceof UnknownEncoding;
      if (unknown) store.update({ opened: { files, encoding: "", note: "" } });
      store.problem("file", /** @type {Error} */ (error).message);
    }
  }

  /** Read the files that were opened as something else. @param {string} encoding */
  async function readAs(encoding) {
    const { opened } = store.state;
    if (!opened) return;
    try {
      const read = await readTextFiles(opened.files, encoding);
      if (store.state.opened !== opened) return;
      // What they were read as before was wrong, so nobody will miss it.
      const taken = opened.encoding || opened.note ? others.correctText : others.setText;
      if (taken(read.text)) store.update({ opened: { files: opened.files, ...read } });
    } catch (error) {
      store.problem("file", /** @type {Error} */ (error).message);
    }
  }

  return { openFiles, readAs };
}
