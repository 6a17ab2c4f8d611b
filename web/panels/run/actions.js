/** What can be done with a training run: begin, train, pause, step, reset, replace. */

/** @import { Loaded, Methods, Origin, Progress, Rescue, Run, Status } from "../../types" */
/** @import { App } from "../../main.js" */
/** @import { textActions } from "../text/actions.js" */

import { isBeginning, isPausing, isReplacing, isTraining } from "../../run-machine.js";
import { asTyped, OWN, readSettings } from "../../settings.js";
import { changesSinceRun, extrasOf, hasLearned, noRun, sourceOf } from "../../store.js";
import { Watch } from "./watch.js";

const SLICE_MS = 40;

const NOT_JUDGED = "your own cell hasn’t been checked here yet: press “Check the cell” below";
const NOT_USED =
  "the cell in the editor below isn’t used yet: press “Check the cell” there, then “Use the cell”";

/**
 * @param {App} app
 * @param {ReturnType<typeof textActions> & ConstructorParameters<typeof Watch>[1]} texts
 */
export function runActions(app, texts) {
  const { store } = app;
  const watch = new Watch(app, texts);

  /** Whether the run has come that is being begun or loaded, or was last; once that is known. */
  let coming = Promise.resolve(false);
  /** Counts these, so that one that nobody waits for any more knows it. */
  let comings = 0;
  /** Resolves when Python has done all the training that it was asked for. */
  let trained = Promise.resolve();

  const isComing = () => isBeginning(store.state) || isReplacing(store.state);

  /**
   * Have a run come. One that is not wanted any more, for the page has been reset or waits for
   * another, changes nothing; one that does not come, whatever the reason, leaves the present one.
   * @param {(isWanted: () => boolean) => Promise<boolean>} bring answers whether it has come
   */
  function expect(bring) {
    const mine = ++comings;
    const isWanted = () => mine === comings && isComing();
    const came = bring(isWanted).finally(() => {
      if (isWanted()) store.send(isReplacing(store.state) ? "miss" : "refuse");
    });
    coming = came.catch(() => false);
    return came;
  }

  /** Is there a run to go on with? If not, begin one. @returns {Promise<boolean>} */
  async function ensureRun() {
    while (isReplacing(store.state)) await coming;
    for (const place of ["run", "model", "rescue", "helpers"]) store.problem(place);
    const { state } = store;
    if (state.run && (hasLearned(state) || !changesSinceRun(state))) return true;
    return beginOne("begin");
  }

  /**
   * Begin a run, unless one is being begun.
   * @param {"begin" | "renew"} event
   * @param {boolean} [goOn] with the network of the present run?
   */
  function beginOne(event, goOn = false) {
    if (store.send(event)) {
      return expect((isWanted) =>
        begin(goOn, isWanted).catch((error) => {
          if (!isWanted()) return false;
          app.blame(error);
          return refuse();
        }),
      );
    }
    // A run that is being trained already is taken as it is.
    return isComing() ? coming : Promise.resolve(store.state.run !== null);
  }

  /**
   * Begin a run from the text and the settings; the one there is ends only when that succeeds.
   * @param {boolean} goOn with its network?
   * @param {() => boolean} isWanted
   */
  async function begin(goOn, isWanted) {
    const description = await texts.describe();
    if (!isWanted()) return false;
    // A network that goes on keeps its cell and its size, unless somebody has chosen others.
    const { cell, hidden_size, layers } = store.state.run?.config ?? {};
    if (description) texts.fillUntouched(description, goOn ? { cell, hidden_size, layers } : {});
    const { text, choices, fields, settings, example, touched } = store.state;
    const { values, problems } = readSettings(fields, settings);
    if (values.cell === OWN) {
      if (values.cell_source !== sourceOf(store.state)) problems.cell = NOT_USED;
      else if (!app.judgedCells.has(String(values.cell_source))) problems.cell = NOT_JUDGED;
    }
    for (const { name } of fields) store.problem(name, problems[name]);
    const isOpen = Boolean(description?.table?.question);
    store.problem("question", isOpen ? "This has to be settled first" : undefined);
    if (!description || description.problem || isOpen || Object.keys(problems).length) {
      return refuse();
    }
    const keeping = app.autosave.lastSave();
    /** @type {Status} */
    const status = await app.engine.begin(texts.subjectOf(store.state), values, goOn);
    if (!isWanted()) return false;
    app.autosave.moveOn(keeping);
    const run = { ...status, text, choices, example, touched };
    store.send("begun", { ...noRun, run, progress: status.progress });
    watch.startAfresh();
    trainOn();
    return true;
  }

  function refuse() {
    store.send("refuse");
    app.pointOut();
    return false;
  }

  /** The Train button: train, pause, resume. */
  function train() {
    if (store.send("pause") || isReplacing(store.state)) return;
    // A run whose last slice is not back yet simply goes on after it.
    if (isPausing(store.state)) return void store.send("train");
    // Where a run must be begun first, that begins at once, and leads to training by itself.
    ensureRun();
    store.send("train");
    trainOn();
  }

  /** Train as long as that is what is wanted; a run that is paused is saved and looked at. */
  async function trainOn() {
    const { run } = store.state;
    if (!run || !isTraining(store.state)) return;
    trained = trainInSlices(run);
    await trained;
    if (store.state.run !== run || !store.send("halt")) return;
    app.autosave.save();
    await watch.lookAtAll();
  }

  /** Ask for one slice of training after another. @param {Run} run */
  async function trainInSlices(run) {
    try {
      app.engine.muster(run.helpers, run.config.cell === OWN);
      while (store.state.run === run && isTraining(store.state)) {
        await advance("train", SLICE_MS);
        await watch.look();
      }
    } catch (error) {
      // A run that has ended takes its training with it; that is no fault.
      if (store.state.run !== run) return;
      app.blame(error);
      store.send("pause");
    }
  }

  /**
   * Train, and take the news unless the run is another by then.
   * @param {"train" | "step"} method
   * @param {Methods["train" | "step"]["parameters"]} budget
   * @returns {Promise<boolean>} whether it is still the same
   */
  async function advance(method, ...budget) {
    const { run } = store.state;
    const { rescue, notice, ...progress } = await app.engine.call(method, ...budget);
    if (store.state.run !== run) return false;
    store.update({ progress });
    if (notice) store.problem("helpers", notice);
    if (rescue) tellRescue(rescue, progress);
    return true;
  }

  /** The run has gone back, and its rate is another. @param {Rescue} rescue @param {Progress} progress */
  function tellRescue({ message, pause }, { learning_rate }) {
    store.problem("rescue", message);
    store.update({ settings: { ...store.state.settings, ...asTyped({ learning_rate }) } });
    if (pause && isTraining(store.state)) store.send("pause");
  }

  /** Exactly one step, of a run that is paused before and after. */
  async function step() {
    if (!(await ensureRun())) return;
    try {
      const stepped = advance("step");
      trained = stepped.then(() => {}, () => {});
      if (await stepped) store.send("step");
      app.autosave.saveSoon();
      await watch.lookAtAll();
    } catch (error) {
      app.blame(error);
    }
  }

  /** The Reset button. */
  async function reset() {
    const may = await app.mayLeaveRun({
      question: "Lose the present run?",
      words: "Reset ends it.",
      no: "Keep it",
      yes: "Reset",
    });
    if (may) leave();
  }

  /** Leave the run; the text and the settings stay. */
  function leave() {
    app.autosave.moveOn(app.autosave.lastSave());
    drop();
  }

  /** Drop the run, wherever it is kept. */
  function drop() {
    if (!store.send("leave", { ...noRun, problems: {} })) return;
    app.engine.call("discard");
    texts.describe();
  }

  /** Begin a new run from the changed text and settings. */
  const startOver = () => beginAnother("Start over", false);

  /** Begin a new run on the changed text with what the present network has learned. */
  const goOn = () => beginAnother("Go on", true);

  /** @param {string} yes @param {boolean} goOn */
  async function beginAnother(yes, goOn) {
    const may = await app.mayLeaveRun({
      question: "Lose the present run?",
      words: "A new one takes its place.",
      no: "Keep it",
      yes,
    });
    if (may) await beginOne("renew", goOn);
  }

  /**
   * Put another run in place of the present one, which is paused and saved first.
   * @param {() => Promise<[Loaded, Origin]>} bring has Python load it
   * @returns {Promise<boolean>} whether it is there: a Reset meanwhile makes it unwanted
   */
  async function replace(bring) {
    while (isComing()) await coming;
    if (!store.send("replace")) return false;
    return expect(async (isWanted) => {
      if (isPausing(store.state)) await trained;
      if (!isWanted()) return false;
      const keeping = app.autosave.lastSave();
      const [loaded, origin] = await bring();
      if (!isWanted()) return false;
      adopt(loaded, origin, keeping);
      return true;
    });
  }

  /**
   * Make a run that Python has loaded the page's, with its text and settings; unless it is the one
   * that was on this page before, whose boxes may have been changed since.
   * @param {Loaded} loaded
   * @param {Origin} origin
   * @param {Promise<boolean> | null} [keeping] what lastSave has returned for the run before
   */
  function adopt({ status, text, choices }, { example, touched, shelved, release }, keeping = null) {
    const { cell_source } = status.config;
    if (cell_source) app.judgedCells.add(String(cell_source)); // it has run, or it would not be here
    app.autosave.moveOn(keeping, shelved && release && { id: shelved.id, release });
    store.send("adopt", {
      ...noRun,
      run: { ...status, text, choices, example, touched },
      progress: status.progress,
      problems: {},
    });
    if (shelved) {
      const { name = null, extras } = shelved;
      store.update({ ...extrasOf(extras), name, savedStep: status.progress.step });
      app.autosave.settleRun();
    }
    if (!shelved || release) {
      const settings = asTyped(status.config);
      const cell = cell_source ? { cellSource: String(cell_source), cellIsForeign: false } : {};
      store.update({ settings, touched, ...cell });
      texts.setText(text, example, { choices });
    }
    watch.lookAtAll();
  }

  /** What it writes has changed without a step: look again. */
  async function lookAtSample() {
    await watch.lookAtSample();
    await app.panels.refresh();
  }

  /** Look at all there is, of a run that one has come back to. */
  const lookAtAll = async () => (store.state.run ? watch.lookAtAll() : undefined);

  /** Resolves when Python has done all the training that it was asked for. */
  const idle = () => trained;

  const changes = { reset, leave, drop, startOver, goOn, replace, adopt };
  return { ensureRun, train, step, ...changes, lookAtSample, lookAtAll, idle };
}
