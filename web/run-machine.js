/** The page's run as a state machine: what may happen when, and where it leads. */

/** @import { Phase } from "./types" */

/** What can happen to any run of a Python that is there. */
const ends = /** @type {const} */ ({ leave: "ready", fail: "failed" });

/**
 * In each state: the phase that the page shows, and the events that are allowed, each with the
 * state that it leads to. All others are refused.
 */
export const STATES = /** @type {const} */ ({
  /** Python is starting; then this page's run is taken from the shelf, if it has one. */
  loading: { phase: "loading", on: { open: "opening", start: "ready", fail: "failed" } },
  opening: { phase: "loading", on: { adopt: "paused", start: "ready", fail: "failed" } },
  /** Python can't be had, or is gone, and the run with it. */
  failed: { phase: "failed", on: { retry: "loading" } },

  /** There is no run, or one that has taken no step yet: it has only been asked to write. */
  ready: {
    phase: "ready",
    on: {
      ...ends,
      begin: "preparing",
      train: "training",
      step: "paused",
      replace: "ready-replacing",
    },
  },
  /** A run is being begun: for a text or a step, or to be trained. */
  preparing: {
    phase: "ready",
    on: { ...ends, begun: "ready", refuse: "ready", train: "beginning" },
  },
  beginning: {
    phase: "training",
    on: { ...ends, begun: "training", refuse: "ready", pause: "preparing" },
  },

  training: {
    phase: "training",
    on: { ...ends, pause: "pausing", renew: "training-renewing", replace: "pausing-replacing" },
  },
  /** The last slice is not back yet. */
  pausing: {
    phase: "training",
    on: {
      ...ends,
      train: "training",
      halt: "paused",
      renew: "pausing-renewing",
      replace: "pausing-replacing",
    },
  },
  paused: {
    phase: "paused",
    on: {
      ...ends,
      train: "training",
      begin: "preparing",
      renew: "paused-renewing",
      replace: "paused-replacing",
    },
  },

  /** Another run is being begun, to be trained; until then all goes on with the present one. */
  "training-renewing": {
    phase: "training",
    on: { ...ends, begun: "training", refuse: "training", pause: "pausing-renewing" },
  },
  "pausing-renewing": {
    phase: "training",
    on: {
      ...ends,
      begun: "training",
      refuse: "pausing",
      train: "training-renewing",
      halt: "paused-renewing",
    },
  },
  "paused-renewing": {
    phase: "paused",
    on: { ...ends, begun: "training", refuse: "paused", train: "training-renewing" },
  },

  /** Another run is being loaded; the present one stands still, or is about to. */
  "ready-replacing": {
    phase: "ready",
    on: { ...ends, adopt: "paused", miss: "ready", step: "paused-replacing" },
  },
  "pausing-replacing": { phase: "training", on: { ...ends, halt: "paused-replacing" } },
  "paused-replacing": { phase: "paused", on: { ...ends, adopt: "paused", miss: "paused" } },
});

/** @typedef {keyof typeof STATES} RunState */

/**
 * What happens, in the order of the table above:
 * open, start, fail, retry: of Python and the page;
 * begin, begun, refuse: a run, where nothing would be lost;
 * renew: begin one in the present one's place;
 * replace, adopt, miss: load one in the present one's place;
 * train, pause, halt, step, leave: of the present one.
 * @typedef {{ [S in RunState]: keyof (typeof STATES)[S]["on"] }[RunState]} RunEvent
 */

/** @type {Record<RunState, { phase: Phase, on: Partial<Record<RunEvent, RunState>> }>} */
const states = STATES;

/**
 * @param {RunState} state
 * @param {RunEvent} event
 * @returns {RunState | undefined} where it leads; nothing, if it is not allowed there
 */
export const next = (state, event) => states[state].on[event];

/** @typedef {{ readonly runState: RunState }} Page */

/** @param {Page} page @returns {Phase} */
export const phaseOf = ({ runState }) => states[runState].phase;

// A hyphen stands between what the present run does and what is to happen to it.

/** @param {Page} page */
export const isTraining = ({ runState }) => runState.startsWith("training");

/** @param {Page} page */
export const isPausing = ({ runState }) => runState.startsWith("pausing");

/** Is another run being loaded? @param {Page} page */
export const isReplacing = ({ runState }) => runState.endsWith("replacing");

/** Is a run being begun? @param {Page} page */
export const isBeginning = ({ runState }) => next(runState, "begun") !== undefined;

/** Does nothing go on, nor come? @param {Page} page */
export const isAtRest = ({ runState }) => ["ready", "paused", "failed"].includes(runState);
