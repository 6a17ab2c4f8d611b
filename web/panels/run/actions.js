/** What can be done with a training run: begin, train, pause, step, reset, replace. */

/** @import { Origin, Progress, Rescue, Status } from "../../types" */
/** @import { App } from "../../main.js" */
/** @import { Engine } from "../../engine.js" */
/** @import { textActions } from "../text/actions.js" */

import { asTyped, readSettings } from "../../settings.js";
import { changesSinceRun, extrasOf, hasLearned, noRun } from "../../store.js";
import { Watch } from "./watch.js";

const SLICE_MS = 40;

/**
 * @param {App} app
 * @param {ReturnType<typeof textActions>} texts
 */
export function runActions(app, texts) {
  const { store } = app;
  const watch = new Watch(app);

  /** The run being begun, so that nobody begins it twice. @type {Promise<boolean> | null} */
  let beginning = null;
  /** Counts what makes a beginning run unwanted: Reset, or a model loaded meanwhile. */
  let changesOfMind = 0;
  /** The training that goes on just now. @type {{ engine: Engine, ended: Promise<void> } | null} */
  let training = null;
  /** Resolves when another run has taken the present one's place, or has failed to. @type {Promise<void> | null} */
  let replacing = null;

  /** Is there a run to go on with? If not, begin one. @returns {Promise<boolean>} */
  async function ensureRun() {
    await replacing;
    for (const place of ["run", "model", "rescue"]) store.problem(place);
    const { state } = store;
    if (state.run && (hasLearned(state) || !changesSinceRun(state))) return true;
    return beginOne();
  }

  /**
   * Begin a run, unless one is being begun.
   * @param {boolean} [goOn] with the network of the present run?
   * @returns {Promise<boolean>}
   */
  async function beginOne(goOn = false) {
    const mine = (beginning ??= begin(goOn));
    const begun = await mine;
    if (beginning === mine) beginning = null;
    return begun;
  }

  /**
   * Begin a run from the text and the settings; the one there is ends only when that succeeds.
   * @param {boolean} goOn with its network?
   */
  async function begin(goOn) {
    const minds = changesOfMind;
    const description = await texts.describe();
    if (description) texts.fillUntouched(description);
    const { text, fields, settings, example, touched } = store.state;
    const { values, problems } = readSettings(fields, settings);
    for (const { name } of fields) store.problem(name, problems[name]);
    if (!description || description.problem || Object.keys(problems).length) return refuse();
    const keeping = app.autosave.lastSave();
    /** @type {Status} */
    let status;
    try {
      status = await app.engine.call("begin", text, values, goOn);
    } catch (error) {
      app.blame(error);
      return refuse();
    }
    if (minds !== changesOfMind) return false;
    app.autosave.moveOn(keeping);
    store.update({
      ...noRun,
      run: { ...status, text, example, touched },
      progress: status.progress,
    });
    watch.startAfresh();
    return true;
  }

  function refuse() {
    app.pointOut();
    return false;
  }

  /** The Train button: train, pause, resume. */
  async function train() {
    if (replacing) return undefined;
    const { phase, pausing, run } = store.state;
    if (phase === "training") {
      // A run that is still being begun has no slice to wait for.
      return store.update(run ? { pausing: !pausing } : { phase: "ready" });
    }
    store.update({ phase: "training" });
    if (await ensureRun()) return trainOn();
    if (store.state.phase === "training" && !store.state.run) store.update({ phase: "ready" });
    return undefined;
  }

  /** Train as long as that is what is wanted; a run that is paused is saved and looked at. */
  async function trainOn() {
    const { engine } = app;
    if (training?.engine === engine) return;
    training = { engine, ended: trainInSlices() };
    await training.ended;
    training = null;
    if (!store.state.pausing) return;
    store.update({ phase: "paused", pausing: false });
    app.autosave.save();
    await watch.lookAtAll();
  }

  /** Ask for one slice of training after another. */
  async function trainInSlices() {
    const wanted = () =>
      store.state.phase === "training" && store.state.run && !store.state.pausing;
    try {
      while (wanted()) {
        await advance("train", SLICE_MS);
        await watch.look();
      }
    } catch (error) {
      app.blame(error);
      if (store.state.phase === "training") store.update({ pausing: true });
    }
  }

  /** Pause, and wait until Python has done all the training that it was asked for. */
  async function halt() {
    await beginning;
    const { phase, run } = store.state;
    if (phase === "training") store.update(run ? { pausing: true } : { phase: "ready" });
    if (training?.engine === app.engine) await training.ended;
  }

  /**
   * Train, and take the news unless the run is another by then.
   * @param {string} method
   * @param {...number} budget
   */
  async function advance(method, ...budget) {
    const { run } = store.state;
    /** @type {Progress & { rescue?: Rescue }} */
    const { rescue, ...progress } = await app.engine.call(method, ...budget);
    if (store.state.run !== run) return;
    store.update({ progress });
    if (rescue) tellRescue(rescue, progress);
  }

  /** The run has gone back, and its rate is another. @param {Rescue} rescue @param {Progress} progress */
  function tellRescue({ message, pause }, { learning_rate }) {
    store.problem("rescue", message);
    const { phase, settings, pausing } = store.state;
    store.update({
      settings: { ...settings, ...asTyped({ learning_rate }) },
      pausing: pausing || (pause && phase === "training"),
    });
  }

  /** Exactly one step, of a run that is paused before and after. */
  async function step() {
    if (!(await ensureRun())) return;
    try {
      await advance("step");
      if (store.state.phase === "ready" && store.state.run) store.update({ phase: "paused" });
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
    forget();
    store.update({ ...noRun, phase: "ready", problems: {} });
    app.engine.call("discard");
    texts.describe();
  }

  /** Whatever run is being begun, nobody waits for it any more. */
  function forget() {
    changesOfMind += 1;
    beginning = null;
    replacing = null;
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
    if (!may || !(await beginOne(goOn)) || replacing) return;
    store.update({ phase: "training" });
    trainOn();
  }

  /**
   * Put another run in place of the present one, which is paused and saved first.
   * @param {() => Promise<[Status, Origin]>} bring has Python load it
   * @returns {Promise<boolean>} whether it is there: a Reset meanwhile makes it unwanted
   */
  async function replace(bring) {
    while (replacing) await replacing;
    let came = false;
    const coming = (async () => {
      await halt();
      const minds = changesOfMind;
      const keeping = app.autosave.lastSave();
      const [status, origin] = await bring();
      came = minds === changesOfMind;
      if (came) adopt(status, origin, keeping);
    })();
    const settled = coming.catch(() => {});
    replacing = settled;
    try {
      await coming;
    } finally {
      if (replacing === settled) replacing = null;
    }
    return came;
  }

  /**
   * Make a run that Python has loaded the page's, with its text and settings; unless it is the one
   * that was on this page before, whose boxes may have been changed since.
   * @param {Status} status
   * @param {Origin} origin
   * @param {Promise<boolean> | null} [keeping] what lastSave has returned for the run before
   */
  function adopt(status, { example, touched, shelved, release }, keeping = null) {
    forget();
    app.autosave.moveOn(keeping, shelved && release && { id: shelved.id, release });
    store.update({
      ...noRun,
      phase: "paused",
      run: { ...status, example, touched },
      progress: status.progress,
      problems: {},
    });
    if (shelved) {
      const { name = null, extras } = shelved;
      store.update({ ...extrasOf(extras), name, savedStep: status.progress.step });
      app.autosave.settleRun();
    }
    if (!shelved || release) {
      store.update({ settings: asTyped(status.config), touched });
      texts.setText(status.text, example);
    }
    watch.lookAtAll();
  }

  /** What it writes has changed without a step: look again. */
  async function lookAtSample() {
    await watch.lookAtSample();
    await app.panels.refresh();
  }

  const changes = { reset, leave, drop, forget, startOver, goOn, replace, adopt };
  return { ensureRun, train, step, ...changes, lookAtSample };
}
