/** The controller: wires store, engine and views; the only file that knows all three. */

/** @import { Question, State } from "./types" */

import { Autosave } from "./actions/autosave.js";
import { checkActions } from "./actions/check.js";
import { fileActions } from "./actions/files.js";
import { gradientActions } from "./actions/gradient.js";
import { hiddenActions } from "./actions/hidden.js";
import { modelActions } from "./actions/model.js";
import { Panels } from "./actions/panels.js";
import { releaseActions } from "./actions/release.js";
import { runActions } from "./actions/run.js";
import { settingActions } from "./actions/settings.js";
import { shareActions } from "./actions/share.js";
import { shelfActions } from "./actions/shelf.js";
import { storyActions } from "./actions/story.js";
import { textActions } from "./actions/text.js";
import { writingActions } from "./actions/writing.js";
import { firstEngine, startEngine } from "./early.js";
import { count } from "./format.js";
import { phaseOf } from "./run-machine.js";
import { asTyped } from "./settings.js";
import { fateOfRun, hasLearned, isUntouched, noRun, Store } from "./store.js";
import { mountBoot } from "./views/boot.js";
import { mountFiles } from "./views/files.js";
import { mountHeader } from "./views/header.js";
import { mountNetwork } from "./views/network.js";
import { mountQuestion } from "./views/question.js";
import { mountRelease } from "./views/release.js";
import { mountRun } from "./views/run.js";
import { mountText } from "./views/text.js";
import { mountWriting } from "./views/writing.js";
import { mountWritten } from "./views/written.js";

/** What the actions work with. */
export class App {
  store = new Store();
  engine = firstEngine;
  ask = mountQuestion();
  panels = new Panels(this);
  autosave = new Autosave(this);

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
    const control = document.querySelector("[aria-invalid=true]:not([type=file])");
    if (!(control instanceof HTMLElement)) return;
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
    });
    this.autosave.engineEnded(state.runState === "opening");
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
const texts = textActions(app);
const runs = runActions(app, texts);
const writing = writingActions(app, runs);
const models = modelActions(app, texts, runs);
const files = fileActions(app, texts, models);
const settings = settingActions(app, texts);
const shelved = shelfActions(app, texts, runs);
const sharing = shareActions(app, texts, runs);
const releases = releaseActions(app);
const looking = {
  ...{ ...storyActions(app), ...hiddenActions(app, runs) },
  ...{ ...gradientActions(app), ...checkActions(app, runs) },
};
const closeProblem = () => store.problem("page");
const actions = {
  ...{ ...texts, ...files, ...settings, ...runs, ...writing, ...models },
  ...{ ...looking, ...shelved, ...sharing, ...releases, retry, closeProblem },
};

/** Start Python, and learn from it what can be set. */
async function start() {
  const { engine } = app;
  engine.listen(
    (boot) => store.update({ boot }),
    (message) => app.fail(message),
  );
  await engine.started;
  const about = await engine.call("about");
  await opened;
  const fields = await engine.call("fields");
  const defaults = Object.fromEntries(fields.map((field) => [field.name, field.default]));
  store.update({ about, fields, settings: { ...asTyped(defaults), ...store.state.settings } });
  const restored = await shelved.restoreRun();
  await texts.describe();
  if (restored) await settings.takeLiveSettings();
  else store.send("start");
  // Not before, or the two would share the line.
  releases.keepRelease();
}

function retry() {
  // The worker could be of another release than this page, and the next one may be a better one.
  if (store.state.release) return releases.takeUpRelease();
  app.engine = startEngine();
  store.send("retry", {
    failure: null,
    problems: {},
    boot: { ...store.state.boot, loaded: 0 },
  });
  started = start();
  // A link that came meanwhile has waited for a start that never ended.
  sharing.openLink(started);
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
const typedBefore = /** @type {HTMLTextAreaElement} */ (document.getElementById("text")).value;
/**
 * Put into the boxes what was there when the page was closed, or an example.
 * @returns {Promise<boolean>} whether there was something
 */
async function openPage() {
  if (typedBefore) texts.setText(typedBefore);
  const restored = await shelved.restorePage();
  if (!store.state.text && isUntouched(store.state)) texts.chooseExample(store.state.example);
  store.subscribe((state) => app.autosave.changed(state));
  return restored;
}

const first = [
  ...[mountHeader, mountRelease, mountText, mountFiles, mountBoot, mountRun],
  ...[mountWriting, mountWritten, mountNetwork],
];
for (const mount of first) store.subscribe(mount(actions));

/** Python's start is over, or somebody has already unfolded a panel. */
const roomForLater = new Promise((resolve) => {
  store.subscribe((state) => phaseOf(state) !== "loading" && resolve(undefined));
  addEventListener("toggle", resolve, { capture: true, once: true });
});
roomForLater.then(mountLater);

async function mountLater() {
  try {
    const { mounts } = await import("./later.js");
    for (const mount of mounts) store.subscribe(mount(actions));
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
releases.watchReleases();
const opened = openPage();
/** Resolves when Python and the page's run are there; never, if they can't be had. */
let started = start();
// With the page may come a run, which is there only once Python is.
opened.then((restored) => sharing.openLink(restored ? started : opened));
addEventListener("hashchange", () => sharing.openLink(started));
