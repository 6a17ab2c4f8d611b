/** What can be shared or taken home: a link to what is set up, and a program that repeats the run. */

/** @import { App } from "../../main.js" */
/** @import { Carried } from "../../types" */
/** @import { Foreign, Going } from "../run/model.js" */
/** @import { runActions } from "../run/actions.js" */
/** @import { textActions } from "../text/actions.js" */

import { examples } from "../../examples/index.js";
import { download } from "../../files.js";
import { count, countCharacters } from "../../format.js";
import { isCarried, isLink, LONGEST_SOURCE, LONGEST_TEXT, pack, unpack } from "../../link.js";
import { addressOf, terms } from "../../places.js";
import { modelName } from "../../naming.js";
import { OWN } from "../../settings.js";
import { isUntouched, noChoices, writingBoxesOf } from "../../store.js";
import { plain } from "../../textfiles.js";

/**
 * @param {App} app
 * @param {ReturnType<typeof textActions> & ReturnType<typeof runActions> & Going & Foreign} others
 */
export function shareActions(app, others) {
  const { store } = app;

  /** Put what stands in the boxes into a link. An example's text is known to the page by its name. */
  async function makeLink() {
    store.problem("share");
    store.update({ link: "" });
    const { place, text, example, choices, horizon } = store.state;
    const { cell_source, ...others } = store.state.settings;
    const settings = others.cell === OWN && cell_source ? { ...others, cell_source } : others;
    const own = example === "own";
    const writing = writingBoxesOf(store.state);
    const ofTable = place === "numbers" && { place, choices, horizon };
    const carried = { ...ofTable, ...(own && { text }), example, settings, ...writing };
    if (!isCarried(carried)) return store.problem("share", tooMuch(carried));
    const link = new URL(location.href);
    link.hash = await pack(carried);
    return store.update({ link: link.href });
  }

  /** Why a link can't carry this. @param {Carried} carried */
  function tooMuch({ text = "", prompt, settings }) {
    if (countCharacters(settings.cell_source ?? "") > LONGEST_SOURCE) {
      return `The source of the cell is longer than a link can carry: ${count(LONGEST_SOURCE)} characters.`;
    }
    const [ofText, ofPrompt] = [text, prompt].map(countCharacters);
    if (ofText > LONGEST_TEXT) {
      return (
        `The ${terms().whole} has ${count(ofText)} characters, and a link carries up to ` +
        `${count(LONGEST_TEXT)}. Shorten it, or save the model and send that file.`
      );
    }
    return ofPrompt > LONGEST_TEXT
      ? `The prompt has ${count(ofPrompt)} characters, and a link carries up to ${count(LONGEST_TEXT)}.`
      : "What stands in one of the boxes is too long for a link.";
  }

  /**
   * Set the page up as the link says that it was opened with; the visitor's own work isn't replaced
   * unasked.
   * @param {Promise<unknown>} ready when that work is there
   */
  async function openLink(ready) {
    const { hash } = location;
    if (!isLink(hash)) return;
    await ready;
    if (location.hash !== hash) return;
    // A reload shall not set it up again.
    const here = store.state.place === "text" ? "" : addressOf(store.state.place);
    history.replaceState(null, "", location.pathname + location.search + here);
    try {
      const carried = await unpack(hash);
      const { place = "text" } = carried;
      if (!(await others.goTo(place))) return;
      // What the visitor had there comes first.
      await others.whenPutBack(place);
      if (!isUntouched(store.state) && !(await mayReplace())) return;
      if (carried.text !== undefined && !(await others.makeRoom("The link"))) return;
      if (store.state.run) others.leave();
      const { settings, example, text, choices = noChoices, horizon } = carried;
      const touched = new Set(Object.keys(settings));
      store.update({ ...writingBoxesOf(carried), prompt: plain(carried.prompt) });
      if (text !== undefined) others.setText(plain(text));
      else if (examples[place].some(({ key }) => key === example)) await others.chooseExample(example);
      const set = { settings: { ...store.state.settings, ...settings }, touched, choices };
      store.update({ ...set, ...(horizon && { horizon }) });
      if (settings.cell_source) others.showForeignCell(settings.cell_source);
      store.problem("link");
    } catch (error) {
      const { message } = /** @type {Error} */ (error);
      store.problem("link", `The link could not be used: ${message}. What was here is kept.`);
    }
  }

  async function mayReplace() {
    await app.autosave.save();
    const kept = store.state.ownText && " Your own text stays in the list of examples.";
    const question = {
      question: `Use the ${terms().whole} and settings of this link?`,
      words: `They take the place of yours.${kept}`,
      no: "Keep mine",
      yes: "Use the link’s",
    };
    return app.mayLeaveRun(question, true);
  }

  async function saveScript() {
    store.problem("share");
    try {
      const script = await app.engine.call("script", modelName(store.state));
      download(new TextEncoder().encode(script), "repeat_run.py");
    } catch (error) {
      store.problem("share", /** @type {Error} */ (error).message);
    }
  }

  return { makeLink, openLink, saveScript };
}
