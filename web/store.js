/** What the page knows: one state object, who listens to it, and what follows from it. */

/** @import { RunEvent } from "./run-machine.js" */
/** @import { Baseline, Boxes, Inside, Permissions, Sample, State, Texts, View, WritingBoxes } from "./types" */

import { next, phaseOf } from "./run-machine.js";
import { sameSetting } from "./settings.js";

/** @type {Readonly<Inside>} */
const nothingInside = Object.freeze({
  source: "held-out",
  layer: 0,
  name: "",
  unit: null,
  reading: null,
  units: [],
  silenced: [],
  effect: null,
  working: null,
});

/** @type {State} */
const beginning = {
  runState: "loading",
  release: null,
  boot: { stage: "Reading the list of files", loaded: 0, total: 0 },
  failure: null,
  about: null,
  text: "",
  example: "stories",
  ownText: "",
  earlierTexts: [],
  opened: null,
  description: null,
  fields: [],
  settings: {},
  touched: new Set(),
  run: null,
  progress: null,
  curve: null,
  ngrams: [],
  sample: null,
  story: [],
  prompt: "",
  length: "300",
  topK: "0",
  topP: "1",
  writingSeed: "",
  oneLine: false,
  writesWith: "best",
  temperature: 0.8,
  writing: null,
  cursor: 0,
  inside: nothingInside,
  unit: "nats",
  recurrence: 1,
  clipped: false,
  flow: null,
  flowing: null,
  check: null,
  name: null,
  savedStep: null,
  unsaved: null,
  shelf: null,
  compared: new Set(),
  link: "",
  open: new Set(),
  problems: {},
};

/** The state when no run exists, nor anything it has brought forth. */
export const noRun = Object.freeze({
  run: null,
  progress: null,
  curve: null,
  ngrams: /** @type {Baseline[]} */ ([]),
  sample: null,
  story: /** @type {Sample[]} */ ([]),
  writing: null,
  inside: nothingInside,
  flow: null,
  flowing: null,
  check: null,
  name: null,
  savedStep: null,
});

/** What is kept with a run, besides its model, of all that it has brought forth on the page. */
const EXTRAS = /** @type {const} */ (["sample", "story"]);

/** What a text is written with. */
const WRITING = /** @type {const} */ (
  ["prompt", "length", "temperature", "topK", "topP", "writingSeed", "oneLine", "writesWith"]
);

/** @param {Partial<State>} state @param {readonly (keyof State)[]} names @returns {any} */
function picked(state, names) {
  const known = names.filter((name) => state[name] !== undefined);
  return Object.fromEntries(known.map((name) => [name, state[name]]));
}

/**
 * @template {Partial<WritingBoxes>} Boxes
 * @param {Boxes} state
 * @returns {Pick<Boxes, keyof Boxes & keyof WritingBoxes>}
 */
export const writingBoxesOf = (state) => picked(state, WRITING);

/** @param {State} state @returns {Boxes} */
export function boxesOf(state) {
  const { example, settings, touched } = state;
  return { example, settings, touched, ...writingBoxesOf(state) };
}

/** @param {State} state @returns {Texts} */
export const textsOf = ({ text, ownText, earlierTexts }) => ({ text, ownText, earlierTexts });

/** @param {Partial<State>} state @returns {Partial<State>} */
export const extrasOf = (state) => picked(state, EXTRAS);

/** Is all that a person can change as the page began with it? @param {State} state */
export function isUntouched(state) {
  const names = /** @type {const} */ (["run", "example", "ownText", ...WRITING]);
  return (
    state.touched.size === 0 &&
    state.earlierTexts.length === 0 &&
    names.every((name) => state[name] === beginning[name])
  );
}

export class Store {
  state = beginning;
  /** @type {View[]} */
  #views = [];

  /** @param {View} view called at once, and after every change */
  subscribe(view) {
    this.#views.push(view);
    view(this.state);
  }

  /** @param {Partial<State>} changes */
  update(changes) {
    this.state = { ...this.state, ...changes };
    for (const view of this.#views) view(this.state);
  }

  /**
   * Something happens to the run: go on to the state that it leads to.
   * @param {RunEvent} event
   * @param {Partial<State>} [changes] that come with it
   * @returns {boolean} whether it was allowed; if not, nothing changes
   */
  send(event, changes) {
    const runState = next(this.state.runState, event);
    if (runState) this.update({ ...changes, runState });
    return runState !== undefined;
  }

  /** May this happen to the run now? @param {RunEvent} event */
  allows(event) {
    return next(this.state.runState, event) !== undefined;
  }

  /**
   * Say what is wrong at a place on the page; without a message, that nothing is any more.
   * @param {string} place
   * @param {string} [message]
   */
  problem(place, message) {
    if (this.state.problems[place] === message) return;
    const { [place]: _, ...others } = this.state.problems;
    this.update({ problems: message ? { ...others, [place]: message } : others });
  }
}

/** Has the run learned anything that could be lost? @param {State} state */
export function hasLearned(state) {
  return state.run !== null && (state.progress?.step ?? 0) > 0;
}

/** Is it the best network so far that reads and writes for the person? @param {State} state */
export const writesBest = ({ writesWith, progress }) =>
  writesWith === "best" && progress?.best_step !== undefined;

/** After which step it had the weights that it has. @param {State} state */
export function writersStep(state) {
  const { best_step = 0, step = 0 } = state.progress ?? {};
  return writesBest(state) ? best_step : step;
}

/** What becomes of the run when another takes its place; nothing, if there is none. @param {State} state */
export function fateOfRun(state) {
  if (!hasLearned(state)) return "";
  return state.unsaved
    ? "This browser does not save the present run: unless you have saved its model, it is lost."
    : "The present run can be opened again under “Kept runs”.";
}

/**
 * What a person has changed since the run began, in words; nothing when all is as it was.
 * @param {State} state
 */
export function changesSinceRun({ run, text, fields, settings }) {
  if (!run) return "";
  const changed = [];
  if (text !== run.text) changed.push("text");
  const defining = fields.filter((field) => !field.live);
  const same = defining.every((field) =>
    sameSetting(field, settings[field.name], run.config[field.name]),
  );
  if (!same) changed.push("settings");
  return changed.join(" and ");
}

/**
 * What each control may do now.
 * @param {State} state
 * @returns {Permissions}
 */
export function permissions(state) {
  const phase = phaseOf(state);
  // Wherever a run can be left, Python is there.
  const working = next(state.runState, "leave") !== undefined;
  const idle = working && phase !== "training";
  const begun = working && phase !== "ready";
  return {
    train: working,
    step: idle,
    reset: begun,
    generate: working,
    save: begun && state.run !== null,
    load: working,
    keep: working && hasLearned(state),
    settings: working,
    link: working,
  };
}
