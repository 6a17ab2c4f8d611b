/** What can be done with a cell of one's own: write it, have it judged, use it, race it. */

/** @import { Engine } from "../../engine.js" */
/** @import { App } from "../../main.js" */
/** @import { runActions } from "../run/actions.js" */
/** @import { textActions } from "../text/actions.js" */

import { agreeTo, isAgreed } from "../../agreed.js";
import { readNumber } from "../../numbers.js";
import { phaseOf } from "../../run-machine.js";
import { OWN, readSettings } from "../../settings.js";
import { sourceOf } from "../../store.js";
import { Bench } from "./bench.js";
import { stepsField } from "./steps.js";

export const DONT = "Don’t run it";

const STOPPED =
  "the check was stopped. If it would never have ended, something in a single call takes too long: " +
  "loops that don’t end are found by themselves";

const DANGER =
  "To run a cell is to run a program. It is kept from files, from the network and from what this " +
  "browser keeps, as far as Python can; but read it first.";

/**
 * @param {App} app
 * @param {ReturnType<typeof textActions> & ReturnType<typeof runActions> & { retry(): unknown }} others
 */
export function cellActions(app, others) {
  const { store } = app;
  const bench = new Bench((message) => {
    stop();
    store.problem("owncell", `${message}. Your run is not touched by that`);
  });
  /** Counts what is done at the bench, so that what has been stopped knows it. */
  let count = 0;
  app.works.add({ stop });

  /** Open the panel, and bring it into view. */
  function openOwnCell() {
    const panel = /** @type {HTMLDetailsElement} */ (document.getElementById("owncell-panel"));
    panel.open = true;
    panel.scrollIntoView({ block: "nearest" });
  }

  /** @param {boolean} open */
  async function toggleOwnCell(open) {
    app.panels.toggle("owncell", open);
    if (open) await findExamples();
  }

  /** Have the cells to begin with, unless they are there. */
  async function findExamples() {
    if (store.state.cellExamples.length) return;
    try {
      store.update({ cellExamples: await bench.examples() });
    } catch (error) {
      store.problem("owncell", /** @type {Error} */ (error).message);
    }
  }

  /** The source in the editor. */
  const source = () => sourceOf(store.state);

  /** Take over what is typed. @param {string} typed */
  function typeCell(typed) {
    if (typed === source()) return;
    store.update({ cellSource: typed });
    store.problem("owncell");
  }

  /** Begin with one of the examples. @param {string} name */
  function chooseCell(name) {
    const example = store.state.cellExamples.find((each) => each.name === name);
    if (example) store.update({ cellSource: example.source, cellIsForeign: false });
  }

  /** Show a cell that somebody else wrote, which is not run. @param {string} foreign */
  function showForeignCell(foreign) {
    store.update({ cellSource: foreign, cellIsForeign: true });
    openOwnCell();
  }

  /**
   * May a cell be run that somebody else wrote? Unless this browser has agreed to it, that is asked.
   * @param {string} foreign its source
   * @param {string} from where it comes from
   * @param {string} no what is done otherwise
   * @param {Engine} [engine] tells the hash
   * @param {() => boolean} [isWanted] still, so that one may ask?
   * @returns {Promise<boolean | null>} null if there was no answer
   */
  async function mayRunSource(foreign, from, no, engine = app.engine, isWanted = () => true) {
    const hash = await engine.callAt("text", "source_hash", foreign);
    if (isAgreed(hash)) return true;
    if (!isWanted()) return null;
    const words = `Somebody wrote the cell that comes with ${from}. ${DANGER}`;
    const agrees = await app.ask({ question: "Run this cell?", words, no, yes: "Run it", source: foreign });
    if (agrees) agreeTo(hash);
    return agrees;
  }

  /**
   * Do something at the bench, in place of what is done there.
   * @param {"checking" | "racing"} kind
   * @param {(source: string, isWanted: () => boolean) => Promise<void>} what
   */
  async function atBench(kind, what) {
    if (store.state.atBench) stop();
    const mine = ++count;
    const isWanted = () => mine === count;
    store.problem("owncell");
    store.update({ atBench: "starting" });
    try {
      const engine = await bench.ready();
      if (!isWanted()) return;
      const asked = source();
      if (store.state.cellIsForeign) {
        const from = "the link or the file";
        const may = await mayRunSource(asked, from, DONT, engine, isWanted);
        if (!may || !isWanted() || source() !== asked) return;
        store.update({ cellIsForeign: false });
      }
      store.update({ atBench: kind });
      await what(asked, isWanted);
    } catch (error) {
      if (isWanted()) store.problem("owncell", /** @type {Error} */ (error).message);
    } finally {
      if (isWanted()) store.update({ atBench: null });
    }
  }

  /** Stop what is done at the bench, whatever it is; what is known by then stays. */
  function stop() {
    if (!store.state.atBench) return;
    if (store.state.atBench === "checking") store.problem("owncell", STOPPED);
    count++;
    bench.end();
    store.update({ atBench: null });
    if (store.state.open.has("owncell")) findExamples();
  }

  const checkCell = () =>
    atBench("checking", async (judged, isWanted) => {
      store.update({ judgement: null });
      const result = await bench.check(judged);
      if (!isWanted()) return;
      store.update({ judgement: { source: judged, result } });
      if (!result.right) return;
      app.judgedCells.add(judged);
      agreeTo(result.hash); // it was written here, or somebody has just agreed to it
    });

  /** Begin a run with the cell, which has been judged right, and train it. */
  function useCell() {
    const { settings, touched } = store.state;
    const set = { ...settings, cell: OWN, cell_source: source() };
    store.update({ settings: set, touched: new Set([...touched, "cell"]) });
    store.problem("cell");
    // Where a run is being trained, “train” would pause it.
    if (phaseOf(store.state) === "ready") others.train();
    else others.startOver();
  }

  /** Race the cell against others. */
  async function race() {
    const { fields, settings, raceAgainst, raceSteps } = store.state;
    const { values, problems } = readSettings(fields, { ...settings, cell: "" }); // it has its own
    for (const [name, problem] of Object.entries(problems)) store.problem(name, problem);
    const steps = readNumber(stepsField(store.state), raceSteps);
    store.problem("raceSteps", steps.problem);
    if (Object.keys(problems).length || steps.problem !== undefined) return app.pointOut();
    const description = await others.describe();
    if (!description || description.problem) return app.pointOut();
    const subject = others.subjectOf(store.state);
    const order = { values, others: [...raceAgainst], steps: Number(steps.value) };
    return atBench("racing", async (raced, isWanted) => {
      store.update({ race: null, racedSource: raced });
      await bench.race(subject, { ...order, source: raced }, (race) => isWanted() && store.update({ race }));
    });
  }

  /** @param {string} typed */
  const typeRaceSteps = (typed) => {
    store.update({ raceSteps: typed });
    store.problem("raceSteps", readNumber(stepsField(store.state), typed).problem);
  };

  /** @param {string} name of a cell @param {boolean} isWanted */
  function raceAgainst(name, isWanted) {
    const against = new Set(store.state.raceAgainst);
    if (isWanted) against.add(name);
    else against.delete(name);
    store.update({ raceAgainst: against });
  }

  /** End the Python that trains, for it doesn't come back, and start another. */
  function stopPython() {
    app.engine.first.end("You have stopped Python");
    others.retry();
  }

  const atTheBench = { checkCell, useCell, race, stopAtBench: stop, raceAgainst, typeRaceSteps };
  const foreign = { showForeignCell, mayRunSource };
  return { openOwnCell, toggleOwnCell, typeCell, chooseCell, ...atTheBench, ...foreign, stopPython };
}
