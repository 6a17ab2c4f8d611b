/** What can be done with a training run: begin, train, pause, step, reset, replace. */

/** @import { Progress, Rescue, ShelvedRun, Status } from "../types" */
/** @import { App } from "../main.js" */
/** @import { Engine } from "../engine.js" */
/** @import { textActions } from "./text.js" */
/** @import { Release } from "../shelf.js" */

import { asTyped, readSettings } from "../settings.js";
import { changesSinceRun, extrasOf, hasLearned, noRun } from "../store.js";
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
  /** The engine that trains just now. @type {Engine | null} */
  let trainingOn = null;

  /** Is there a run to go on with? If not, begin one. @returns {Promise<boolean>} */
  async function ensureRun() {
    for (const place of ["run", "model", "rescue"]) store.problem(place);
    const { state } = store;
    if (state.run && (hasLearned(state) || !changesSinceRun(state))) return true;
    const mine = (beginning ??= begin());
    const begun = await mine;
    if (beginning === mine) beginning = null;
    return begun;
  }

  /** Begin a run from the text and the settings; the one there is ends only when that succeeds. */
  async function begin() {
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
      status = await app.engine.call("begin", text, values);
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

  /** Ask for one slice of training after another, as long as training is what is wanted. */
  async function trainOn() {
    const { engine } = app;
    if (trainingOn === engine) return;
    trainingOn = engine;
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
    trainingOn = null;
    if (!store.state.pausing) return;
    store.update({ phase: "paused", pausing: false });
    app.autosave.save();
    await watch.lookAtAll();
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
    const { phase, settings } = store.state;
    store.update({
      settings: { ...settings, ...asTyped({ learning_rate }) },
      pausing: pause && phase === "training",
    });
  }

  /** Exactly one step, of a run that is paused before and after. */
  async function step() {
    if (!(await ensureRun())) return;
    try {
      await advance("step");
      if (store.state.phase === "ready" && store.state.run) store.update({ phase: "paused" });
      await watch.lookAtAll();
      app.autosave.saveSoon();
    } catch (error) {
      app.blame(error);
    }
  }

  /** Leave the run; the text and the settings stay. */
  function reset() {
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
  }

  /** Begin a new run from the changed text and settings. */
  async function startOver() {
    if (!(await begin())) return;
    store.update({ phase: "training" });
    trainOn();
  }

  /**
   * Make a run that Python has loaded the page's, with its text and settings; unless it is the one
   * that was on this page before, whose boxes may have been changed since.
   * @param {Status} status
   * @param {object} [from]
   * @param {Promise<boolean> | null} [from.keeping] what lastSave has returned for the run before
   * @param {ShelvedRun} [from.shelved]
   * @param {Release} [from.release] lets go of its page, if it was not this one
   */
  async function adopt(status, { keeping = null, shelved, release } = {}) {
    const { example, touched } = shelved ?? { example: "own", touched: await chosen(status) };
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
    }
    if (!shelved || release) {
      store.update({ settings: asTyped(status.config), touched });
      texts.setText(status.text, example);
    }
    await watch.lookAtAll();
  }

  /** The settings that a text would not have suggested, somebody has chosen. @param {Status} status */
  async function chosen({ text, config }) {
    const { config: suited } = await app.engine.call("describe", text);
    return new Set(Object.keys(config).filter((name) => config[name] !== suited?.[name]));
  }

  /** What it writes has changed without a step: look again. */
  const lookAtSample = () => watch.lookAtSample();

  return { ensureRun, train, step, reset, drop, forget, startOver, adopt, lookAtSample };
}
