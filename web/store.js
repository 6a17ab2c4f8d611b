/** What the page knows: one state object, who listens to it, and what follows from it. */

/** @import { RunEvent, RunState } from "./run-machine.js" */
/** @import { Baseline, Boxes, Inside, Permissions, Place, Sample, State, TableChoices, Texts, View, WritingBoxes } from "./types" */

import { TERMS } from "./places.js";
import { next, phaseOf } from "./run-machine.js";
import { OWN, sameSetting } from "./settings.js";

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

/** Nothing is settled about a table. @type {TableChoices} */
export const noChoices = Object.freeze({});

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
  forecast: null,
  judged: null,
  judging: null,
  underCurve: null,
  underLayer: 0,
  underName: "",
  name: null,
  savedStep: null,
});

/** @type {State} */
const beginning = {
  ...noRun,
  place: "text",
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
  choices: noChoices,
  horizon: "12",
  cellSource: null,
  cellIsForeign: false,
  judgement: null,
  atBench: null,
  race: null,
  racedSource: "",
  raceSteps: "200",
  raceAgainst: new Set(["rnn", "gru", "lstm"]),
  isSilent: false,
  description: null,
  described: null,
  fields: [],
  cellExamples: [],
  settings: {},
  touched: new Set(),
  prompt: "",
  length: "300",
  topK: "0",
  topP: "1",
  writingSeed: "",
  oneLine: false,
  writesWith: "best",
  temperature: 0.8,
  cursor: 0,
  unit: "nats",
  recurrence: 1,
  clipped: false,
  unsaved: null,
  shelf: null,
  compared: new Set(),
  link: "",
  open: new Set(),
  problems: {},
};

/** What each place begins with. @type {Record<Place, State>} */
const beginnings = {
  text: beginning,
  numbers: { ...beginning, place: "numbers", example: "airline" },
};

/** What is the same at every place; all else each has for itself. */
const SHARED = /** @type {const} */ (
  ["boot", "release", "failure", "about", "unit", "open", "cellExamples", "isSilent"]
);

/** What is kept with a run, besides its model, of all that it has brought forth on the page. */
const EXTRAS = /** @type {const} */ (["sample", "story", "judged"]);

/** What a text is written with. */
const WRITING = /** @type {const} */ (
  ["prompt", "length", "temperature", "topK", "topP", "writingSeed", "oneLine", "writesWith"]
);

/** What stands in the other boxes. */
const BOXES = /** @type {const} */ (
  ["example", "settings", "touched", "choices", "horizon", "cellSource", "cellIsForeign"]
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
  return { ...picked(state, BOXES), ...writingBoxesOf(state) };
}

/** The cell that the editor begins with. */
const FIRST_CELL = "gru";

/** What stands in the editor of cells. @param {State} state */
export const sourceOf = ({ cellSource, cellExamples }) =>
  cellSource ?? (cellExamples.find(({ name }) => name === FIRST_CELL)?.source ?? "");

/** @param {State} state @returns {Texts} */
export const textsOf = ({ text, ownText, earlierTexts }) => ({ text, ownText, earlierTexts });

/** @param {Partial<State>} state @returns {Partial<State>} */
export const extrasOf = (state) => picked(state, EXTRAS);

/** Is all that a person can change as the place began with it? @param {State} state */
export function isUntouched(state) {
  const names = /** @type {const} */ (["run", "example", "ownText", "cellSource", ...WRITING]);
  return (
    state.touched.size === 0 &&
    state.earlierTexts.length === 0 &&
    names.every((name) => state[name] === beginnings[state.place][name])
  );
}

export class Store {
  /** That of the place where the page is. */
  state = beginning;
  /** What there is at the other places. @type {Record<Place, State>} */
  #left = { ...beginnings };
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

  /** The state of a place, be the page there or not. @param {Place} place @returns {State} */
  at(place) {
    return place === this.state.place ? this.state : { ...this.#left[place], ...picked(this.state, SHARED) };
  }

  /** @param {Place} place @param {Partial<State>} changes */
  updateAt(place, changes) {
    if (place === this.state.place) this.update(changes);
    else this.#left[place] = { ...this.#left[place], ...changes };
  }

  /** Go to another place; what is here stays as it is. @param {Place} place */
  turnTo(place) {
    const { place: here, runState } = this.state;
    const waits = isWaiting(runState);
    // Before Python is there, and once it is gone, that is so everywhere, but not for ever.
    this.#left[here] = waits ? { ...this.state, runState: "loading" } : this.state;
    const found = this.at(place);
    this.state = waits ? { ...found, runState } : found;
    this.update({});
  }

  /** Python is gone, and with it the runs of the places where the page is not. */
  loseOthers() {
    for (const [place, left] of Object.entries(this.#left)) {
      this.#left[/** @type {Place} */ (place)] = { ...left, ...noRun, runState: "loading" };
    }
  }

  /** Wait for a state of which this is so. @param {(state: State) => boolean} is @returns {Promise<void>} */
  until(is) {
    return new Promise((resolve) => {
      const view = (/** @type {State} */ state) => {
        if (!is(state)) return;
        this.#views = this.#views.filter((each) => each !== view);
        resolve();
      };
      this.subscribe(view);
    });
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

/** Is Python not there, so that there can't be a run? @param {RunState} runState */
const isWaiting = (runState) => runState === "loading" || runState === "failed";

/** Has the run learned anything that could be lost? @param {State} state */
export function hasLearned(state) {
  return state.run !== null && (state.progress?.step ?? 0) > 0;
}

/** Is it the best network so far that reads and writes for the person? @param {State} state */
export const writesBest = ({ writesWith, progress }) =>
  writesWith === "best" && progress?.best_step !== undefined;

/** After which step it had the weights that it has. @param {State} state */
export function writersStep(state) {
  const { best_step = 0, settled = 0 } = state.progress ?? {};
  return writesBest(state) ? best_step : settled;
}

/** What becomes of the run when another takes its place; nothing, if there is none. @param {State} state */
export function fateOfRun(state) {
  if (!hasLearned(state)) return "";
  return state.unsaved
    ? "This browser does not save the present run: unless you have saved its model, it is lost."
    : "The present run can be opened again under “Kept runs”.";
}

/**
 * Is what stands in the box what the run learns? A series may be written in several ways.
 * @param {State} state
 */
export function isOfRun(state) {
  const { run, text, choices, description, described } = state;
  if (text === run?.text && (run.task === "text" || choices === run.choices)) return true;
  if (run?.task !== "numbers") return false;
  const isKnown = described?.text === text && described.choices === choices;
  // Until it is known, a run that has learned something isn't called into question.
  return isKnown ? description?.table?.fingerprint === run.fingerprint : hasLearned(state);
}

/**
 * What a person has changed since the run began, in words; nothing when all is as it was.
 * @param {State} state
 */
export function changesSinceRun(state) {
  const { run, fields, settings } = state;
  if (!run) return "";
  const changed = [];
  if (!isOfRun(state)) changed.push(TERMS[state.place].whole);
  const defining = fields.filter((field) => !field.live);
  const same = defining.every((field) =>
    sameSetting(field, settings[field.name], run.config[field.name]),
  );
  const sameCell = settings.cell !== OWN || settings.cell_source === run.config.cell_source;
  if (!same || !sameCell) changed.push("settings");
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
