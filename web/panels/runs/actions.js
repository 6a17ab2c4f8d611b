/** What can be done with the runs that this browser keeps: open, keep, rename, delete, compare. */

/** @import { App } from "../../main.js" */
/** @import { Engine } from "../../engine.js" */
/** @import { ListedRun } from "../../types" */
/** @import { runActions } from "../run/actions.js" */
/** @import { textActions } from "../text/actions.js" */

import { count } from "../../format.js";
import { PLACES } from "../../places.js";
import { labelled, nameProblem } from "../../naming.js";
import * as shelf from "../../shelf.js";
import { isUntouched } from "../../store.js";
import { DONT } from "../owncell/actions.js";

/**
 * @param {App} app
 * @param {ReturnType<typeof textActions> & ReturnType<typeof runActions> & {
 *   mayRunSource(source: string, from: string, no: string): Promise<boolean | null>,
 * }} others
 */
export function shelfActions(app, others) {
  const { store } = app;
  const isOpen = () => store.state.open.has("runs");
  /** The engine that is taking a run from the list. @type {Engine | null} */
  let openingOn = null;
  /** The runs of other tabs whose end is waited for, by their ids. @type {Set<string>} */
  const awaited = new Set();
  /** The latest reading of the shelf: whatever an earlier one finds is outdated. */
  let reading = {};
  for (const place of PLACES) app.autosaves[place].whenSaved = () => listRuns();
  document.addEventListener("visibilitychange", () => listRuns());

  /**
   * Put back what stood in the boxes when this page was closed.
   * @returns {Promise<boolean>} whether there was such a page
   */
  async function restorePage() {
    const page = await app.autosave.takeUp();
    if (!page) return false;
    let stored;
    try {
      stored = await shelf.readTexts(page.id);
    } catch (error) {
      // Perhaps they can be read another time: nothing shall be written in their place.
      await app.autosave.stepAside();
      store.problem("page", `The texts that were here can’t be read: ${shelf.reason(error)}.`);
      return false;
    }
    // Whoever has begun to type meanwhile goes on.
    if (!isUntouched(store.state) || store.state.text) {
      if (stored) others.adoptTexts(stored);
      return true;
    }
    store.update(page.boxes);
    if (stored) others.restoreTexts(stored, page.boxes.example);
    app.autosave.settlePage();
    return true;
  }

  /** Take up this page's run from the shelf, paused. @returns {Promise<boolean>} if there was one */
  async function restoreRun() {
    const shelved = await shelf.readRun(app.autosave.id).catch(() => undefined);
    if (!shelved) return false;
    store.send("open");
    try {
      const loaded = await app.engine.open(shelved.id);
      const { example, touched } = shelved;
      others.adopt(loaded, { example, touched, shelved });
      return true;
    } catch (error) {
      await app.autosave.setAside();
      store.problem(
        "run",
        `The run that was here can’t be read: ${inWords(error)}. ` +
          "Its text and settings are back in their boxes; the run stays under “Kept runs” " +
          "until you delete it.",
      );
      return false;
    }
  }

  /** @param {boolean} open */
  function toggleRuns(open) {
    app.panels.toggle("runs", open);
    if (open) list();
  }

  /** If somebody looks, read the shelf again. */
  const listRuns = () => isOpen() && list();

  /** Read the shelf again. */
  async function list() {
    const { place } = store.state;
    const mine = (reading = {});
    try {
      const [all, isElsewhere] = await Promise.all([shelf.allRuns(), shelf.heldElsewhere()]);
      const here = all.filter((run) => shelf.placeOf(run) === place);
      here.sort((one, other) => other.saved - one.saved);
      const found = labelled(here).map((run) => ({
        ...run,
        current: run.id === app.autosave.id,
        elsewhere: isElsewhere(run.id),
      }));
      found.sort((one, other) => rank(one) - rank(other));
      if (store.state.place !== place || reading !== mine) return;
      const ids = found.map((run) => run.id);
      const compared = new Set([...store.state.compared].filter((id) => ids.includes(id)));
      store.update({ shelf: found, compared });
      store.problem("shelf");
      for (const run of found) if (run.elsewhere) awaitRelease(run.id);
    } catch (error) {
      if (reading !== mine) return;
      store.problem("shelf", `The kept runs can’t be read: ${shelf.reason(error)}.`);
    }
  }

  /** Once the other tab is closed, its run can be opened here. @param {string} id */
  async function awaitRelease(id) {
    if (awaited.has(id)) return;
    awaited.add(id);
    await shelf.whenReleased(id);
    awaited.delete(id);
    listRuns();
  }

  /**
   * Open a run of the shelf in place of the present one, which is saved first.
   * @param {string} id
   */
  async function openRun(id) {
    const { engine } = app;
    if (openingOn === engine) return undefined;
    const { label } = find(id);
    const { place } = store.state;
    openingOn = engine;
    store.problem("runs");
    await app.autosave.moved;
    const release = await shelf.hold(id);
    let opened = false;
    try {
      if (!release) throw new Error("it is open in another tab");
      if (!(await mayLeaveRun(label)) || store.state.place !== place) return undefined;
      const shelved = await shelf.readRun(id);
      if (!shelved) throw new Error("it has been deleted");
      const { example, touched } = shelved;
      const { cell_source } = shelved.summary.config;
      if (cell_source && !(await others.mayRunSource(String(cell_source), `“${label}”`, DONT))) {
        return undefined;
      }
      if (store.state.place !== place) return undefined;
      // A text of one's own stays beside that of an example.
      if (example === "own" && !(await others.makeRoom(`“${label}”`))) return undefined;
      await adoptTexts(id);
      const origin = { example, touched, shelved, release };
      opened = await others.replace(async () => [await engine.open(id), origin]);
    } catch (error) {
      store.problem("runs", `“${label}” can’t be opened: ${inWords(error)}.`);
    } finally {
      openingOn = null;
      if (!opened) await release?.();
    }
    return list();
  }

  /** Keep the own texts of a page that is about to go: its tab is closed. @param {string} id */
  async function adoptTexts(id) {
    const left = await shelf.readTexts(id);
    if (left) others.adoptTexts(left);
  }

  /** @param {string} label of the run to be opened */
  async function mayLeaveRun(label) {
    await app.autosave.save();
    return app.mayLeaveRun({
      question: "Lose the present run?",
      words: `“${label}” takes its place.`,
      no: "Keep it",
      yes: `Open “${label}”`,
    });
  }

  /** Keep the present run under a name. @param {string} name */
  async function keepRun(name) {
    store.problem("runs");
    const { autosave } = app;
    const problem = (await autosave.save())
      ? await renameRun(autosave.id, name)
      : "The run could not be saved.";
    store.problem("runs", problem);
    if (problem) return;
    try {
      // A browser that is short of room shall rather clear something else.
      await navigator.storage?.persist?.();
    } catch {
      // Asked for nothing, lost nothing.
    }
  }

  /**
   * Give a run a name, under which it is kept.
   * @param {string} id
   * @param {string} typed
   * @returns {Promise<string | undefined>} what is wrong with it
   */
  async function renameRun(id, typed) {
    const name = typed.trim().replace(/\s+/g, " ");
    await app.autosave.moved;
    try {
      const all = await shelf.allRuns();
      const problem = nameProblem(name, id, all);
      if (problem) return problem;
      if (!all.some((each) => each.id === id)) return "This run has been deleted.";
      await shelf.writeRun(id, { name, previous: false });
    } catch (error) {
      return `The name could not be saved: ${shelf.reason(error)}.`;
    }
    if (id === app.autosave.id) store.update({ name });
    await list();
    return undefined;
  }

  /** Delete a run, if that is really meant. @param {string} id */
  async function deleteRun(id) {
    const { label, current, summary } = find(id);
    store.problem("runs");
    const sure = await app.ask({
      question: `Delete “${label}”?`,
      words:
        `What it has learned in ${count(summary.progress.step)} steps can’t be brought back.` +
        (current ? " It is the run on this page, and ends with it." : ""),
      no: "Keep it",
      yes: "Delete it",
    });
    if (!sure) return;
    await app.autosave.moved;
    try {
      if (id === app.autosave.id) {
        const removing = app.autosave.remove();
        others.drop();
        await removing;
      } else {
        const release = await shelf.hold(id);
        if (!release) throw new Error("it is open in another tab");
        await adoptTexts(id)
          .then(() => shelf.remove(id))
          .finally(release);
      }
    } catch (error) {
      store.problem("runs", `“${label}” can’t be deleted: ${inWords(error)}.`);
    }
    await list();
  }

  /** @param {string} id @param {boolean} wanted */
  function compareRun(id, wanted) {
    const compared = new Set(store.state.compared);
    if (wanted) compared.add(id);
    else compared.delete(id);
    store.update({ compared });
  }

  /** @param {string} id @returns {ListedRun} */
  function find(id) {
    const found = store.state.shelf?.find((each) => each.id === id);
    if (!found) throw new Error(`no run ${id} in the list`);
    return found;
  }

  const actions = { toggleRuns, listRuns, openRun, keepRun, renameRun, deleteRun, compareRun };
  return { ...actions, restorePage, restoreRun };
}

/** @param {unknown} error */
function inWords(error) {
  return error instanceof DOMException
    ? shelf.reason(error)
    : /** @type {Error} */ (error).message.replace(/\.$/, "");
}

/** The run on the page first, then the one before it. @param {ListedRun} run */
const rank = ({ current, previous }) => (current ? 0 : previous ? 1 : 2);
