/** The controller: wires store, engine and views; the only file that knows all three. */

/** @import { Actions } from "./panels/actions" */
/** @import { Place, Question, State } from "./types" */
/** @import { Work } from "./work.js" */

import { Autosave } from "./autosave.js";
import { boxAt } from "./databox.js";
import { firstEngine, startEngine } from "./early.js";
import { count } from "./format.js";
import * as frame from "./frame/panel.js";
import { mountQuestion } from "./frame/question.js";
import { Lessons } from "./lessons.js";
import { Panels } from "./openpanels.js";
import * as panels from "./panels/index.js";
import { addressOf, isLessons, placeAt, PLACES, showPlace } from "./places.js";
import { isAtRest, phaseOf } from "./run-machine.js";
import { asTyped, OWN } from "./settings.js";
import { fateOfRun, hasLearned, isUntouched, noRun, Store } from "./store.js";

/** What the actions work with. */
export class App {
  store = new Store();
  engine = firstEngine;
  ask = mountQuestion();
  panels = new Panels(this);
  /** All that takes long. @type {Set<Pick<Work, "stop">>} */
  works = new Set();
  /** The sources of cells that were judged right, or have run, since the page was opened. @type {Set<string>} */
  judgedCells = new Set();
  /** By their places. */
  autosaves = { text: new Autosave(this, "text"), numbers: new Autosave(this, "numbers") };

  /** What saves the page where one is. */
  get autosave() {
    return this.autosaves[this.store.state.place];
  }

  /**
   * Ask before the run is left, if it would be lost, or if there is another reason to ask.
   * @param {Question} question the fate of the run is added to its words
   * @param {boolean} [reason]
   */
  async mayLeaveRun(question, reason = false) {
    const { state } = this.store;
    if (!reason && !(hasLearned(state) && state.unsaved)) return true;
    return this.ask({ ...question, words: `${question.words} ${fateOfRun(state)}`.trim() });
  }

  /** Lead to the first control that something is wrong with. */
  pointOut() {
    const { place } = this.store.state;
    const wrong = /** @type {NodeListOf<HTMLElement>} */ (
      document.querySelectorAll("[data-unsettled] button, [aria-invalid=true]:not([type=file])")
    );
    const control = [...wrong].find((each) => {
      const there = each.closest("section")?.dataset.place ?? place;
      return there === place;
    });
    if (!control) return;
    const folded = control.closest("details");
    if (folded) folded.open = true;
    control.focus();
  }

  /** Show an error beside the setting that it names, else beside Train. @param {unknown} error */
  blame(error) {
    const { message } = /** @type {Error} */ (error);
    const field = this.store.state.fields.find(({ name }) => message.startsWith(`${name} `));
    if (field) this.store.problem(field.name, message.replace(field.name, field.label));
    else this.store.problem("run", message);
  }

  /** @param {string} message */
  fail(message) {
    const { state } = this.store;
    const kept = `${fateOf(state)}our text and settings are kept.`;
    const advice =
      phaseOf(state) === "loading"
        ? "Check the connection, then try again."
        : "Try again to restart Python.";
    this.store.send("fail", {
      ...noRun,
      failure: `${message}. ${kept} ${advice}`,
      about: null,
      isSilent: false,
    });
    this.store.loseOthers();
    for (const place of PLACES) {
      this.autosaves[place].engineEnded(place === state.place && state.runState === "opening");
    }
  }
}

/** What a failure has left of the run, up to the y of “your”. @param {State} state */
function fateOf(state) {
  if (state.runState === "opening") {
    return "The run that was here could not be opened, and stays under “Kept runs”; y";
  }
  if (!hasLearned(state)) return "Y";
  if (state.savedStep === null) return "The training run is lost; y";
  return `The training run is kept as it was at step ${count(state.savedStep)}; y`;
}

const app = new App();
const { store } = app;
const lessons = new Lessons(app);
const parts = [frame, ...Object.values(panels)].filter((part) => part !== null);
const closeProblem = () => store.problem("page");
const actions = /** @type {Actions} */ ({ retry, closeProblem, goTo, whenPutBack });
for (const part of parts) {
  const made = "actions" in part ? part.actions(app, actions) : {};
  const taken = Object.keys(made).filter((name) => name in actions);
  if (taken.length) throw new Error(`two panels have an action called ${taken.join(", ")}`);
  Object.assign(actions, made);
}

/** Start Python, and learn from it what can be set. */
async function start() {
  const { engine } = app;
  engine.listen(
    (boot) => store.update({ boot }),
    (message) => app.fail(message),
    (isSilent) => store.update({ isSilent: isSilent && learnsOwnCell(store.state) }),
  );
  await engine.started;
  const about = await engine.call("about");
  store.update({ about });
  await settle();
  // Not before, or the two would share the line.
  actions.keepRelease();
}

/** Is it the source of a cell that Python may be busy with? @param {State} state */
const learnsOwnCell = ({ run }) => run?.config.cell === OWN;

/** Learn what can be set at a place, and take up its run. */
async function settle() {
  const { engine } = app;
  await open(store.state.place);
  const fields = await engine.call("fields");
  const defaults = Object.fromEntries(fields.map((field) => [field.name, field.default]));
  store.update({ fields, settings: { ...asTyped(defaults), ...store.state.settings } });
  const restored = await actions.restoreRun();
  // What is refused is told beside its box; a fault shall not keep the place from being used.
  await actions.describe().catch((error) => tellFault(String(error)));
  if (restored) await actions.takeLiveSettings();
  else store.send("start");
}

/** Which place an address leads to, be it to something there. */
const placeBehind = (/** @type {string} */ hash) =>
  placeAt(hash) ??
  /** @type {Place | undefined} */ (
    /** @type {HTMLElement | null | undefined} */ (
      document.getElementById(hash.slice(1))?.closest("section[data-place]")
    )?.dataset.place
  );

/** The place where one wants to be; behind the lessons, where one has come from. */
let wanted = placeBehind(location.hash) ?? lessons.placeBehind ?? PLACES[0];

/** What is being asked is about the place that one leaves. */
function closeDialog() {
  /** @type {HTMLDialogElement | null} */ (document.querySelector("dialog[open]"))?.close();
}

/**
 * Go to another place. What is at this one stays there, and its run is paused.
 * @param {Place} place
 * @returns {Promise<boolean>} whether the page is there: meanwhile, one may want to be elsewhere
 */
async function goTo(place) {
  wanted = place;
  closeDialog();
  lessons.close();
  if (placeBehind(location.hash) !== place) history.pushState(null, "", addressOf(place));
  await open(store.state.place);
  await comeToRest(place);
  if (wanted !== place) return false;
  if (store.state.place === place) return true;
  for (const work of app.works) work.stop();
  app.autosave.save();
  turnTo(place);
  const { about, runState } = store.state;
  if (about && runState === "loading") await settle();
  else await open(place);
  if (store.state.place !== place) return false;
  await actions.describe();
  actions.listRuns();
  await actions.lookAtAll();
  return store.state.place === place;
}

/** Pause the run here, and wait until nothing comes nor goes on any more. @param {Place} place to go to */
async function comeToRest(place) {
  for (;;) {
    const { state } = store;
    if (wanted !== place || state.place === place || state.about === null) return;
    if (isAtRest(state)) return void (await actions.idle());
    if (store.send("pause")) continue;
    await store.until(({ runState, about }) => runState !== state.runState || about !== state.about);
  }
}

/** Wait for the run of the page that was put back at a place, if one was. @param {Place} place */
async function whenPutBack(place) {
  if (await open(place)) await started;
}

/** @param {Place} place */
function turnTo(place) {
  app.engine.place = place;
  showPlace(place);
  store.turnTo(place);
}

function retry() {
  // The worker could be of another release than this page, and the next one may be a better one.
  if (store.state.release) return actions.takeUpRelease();
  app.engine = startEngine();
  app.engine.place = store.state.place;
  store.send("retry", {
    failure: null,
    problems: {},
    boot: { ...store.state.boot, loaded: 0 },
  });
  started = start();
  // A link that came meanwhile has waited for a start that never ended.
  actions.openLink(started);
  return undefined;
}

/** What nobody has foreseen is told, rather than leaving the reader before a page that stands still. */
function tellFault(/** @type {string} */ message) {
  store.problem(
    "page",
    `The page met a fault of its own: ${message}. Should something no longer work, reload the ` +
      "page: your text is still there then, and so is your run as it was saved last.",
  );
}
addEventListener("error", ({ message, error }) => error && tellFault(message));
addEventListener("unhandledrejection", ({ reason }) => tellFault(String(reason)));

for (const form of document.forms) {
  if (form.method !== "dialog") form.addEventListener("submit", (event) => event.preventDefault());
}
/** What has been typed before the page was there. @param {Place} place */
const typedBefore = (place) => boxAt(place).value;
/** At which places the boxes have been filled, or are being. @type {Map<Place, Promise<boolean>>} */
const opened = new Map();

/**
 * Put into the boxes of a place, once, what was there when the page was closed, or an example.
 * @param {Place} place where the page is
 * @returns {Promise<boolean>} whether there was something
 */
function open(place) {
  const opening = opened.get(place) ?? fill(typedBefore(place));
  opened.set(place, opening);
  return opening;
}

/** @param {string} typed */
async function fill(typed) {
  if (typed) actions.setText(typed);
  const restored = await actions.restorePage();
  if (!store.state.text && isUntouched(store.state)) actions.chooseExample(store.state.example);
  return restored;
}

for (const part of parts) {
  if ("mount" in part) store.subscribe(part.mount(actions));
}

/** Python's start is over, or somebody has already unfolded a panel. */
const roomForLater = new Promise((resolve) => {
  store.subscribe((state) => phaseOf(state) !== "loading" && resolve(undefined));
  addEventListener("toggle", resolve, { capture: true, once: true });
});
roomForLater.then(mountLater);

/**
 * The views that can wait, the charts and the folded panels: before Python is there they have
 * nothing to show, and to load them would only hold up its start.
 */
async function mountLater() {
  try {
    const coming = parts.map((part) => "later" in part && part.later());
    for (const mount of await Promise.all(coming)) if (mount) store.subscribe(mount(actions));
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    store.problem(
      "page",
      `The charts and the folded panels are missing (${message}). All else works; to try again, ` +
        "reload the page: your text is still there then, and so is your run.",
    );
    return;
  }
  // Nobody has heard yet of those that are open already.
  for (const panel of document.querySelectorAll("details[open]")) {
    panel.dispatchEvent(new Event("toggle"));
  }
}
actions.watchReleases();
turnTo(wanted);
for (const place of PLACES) if (place !== wanted) app.autosaves[place].claim();
const openedFirst = open(wanted);
openedFirst.then(() => store.subscribe((state) => app.autosave.changed(state)));
/** Resolves when Python and the page's run are there; never, if they can't be had. */
let started = start();
// With the page may come a run, which is there only once Python is.
openedFirst.then((restored) => actions.openLink(restored ? started : openedFirst));
if (isLessons(location.hash)) lessons.open();
addEventListener("hashchange", () => {
  if (isLessons(location.hash)) {
    wanted = store.state.place;
    closeDialog();
    lessons.open();
    return;
  }
  lessons.close();
  const place = placeBehind(location.hash);
  if (place) goTo(place);
  else actions.openLink(started);
});
