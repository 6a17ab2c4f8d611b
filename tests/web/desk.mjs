/** A page without a screen: the real store and actions, and a Python that answers when it is told to. */

import { setImmediate } from "node:timers/promises";

import { runActions } from "../../web/panels/run/actions.js";
import { Store } from "../../web/store.js";

/** What Python answers at once about a run. */
const AT_ONCE = {
  curve: { step: [], train: [], validation: [] },
  sample: { text: "" },
  start: undefined,
  advance: { fraction: 1, done: true, value: [] },
  discard: undefined,
};

/** Stands for the worker: answers when it is told to, or never. */
export class Engine {
  #waiting = [];
  /** All that it was asked, by method. */
  asked = [];

  /** @param atOnce the answers that nobody has to wait for, by method */
  constructor(atOnce = AT_ONCE) {
    this.atOnce = atOnce;
  }

  call(method, ...values) {
    this.asked.push(method);
    if (method in this.atOnce) return Promise.resolve(this.atOnce[method]);
    return new Promise((resolve, reject) => this.#waiting.push({ method, values, resolve, reject }));
  }

  begin(...values) {
    return this.call("begin", ...values);
  }

  /** No further worker is needed here. */
  muster() {}

  /** The calls that wait for their answers. */
  get waiting() {
    return this.#waiting.map(({ method }) => method);
  }

  /** Answer the first call of a method, and let the page take note; return what it was asked. */
  async answer(method, value) {
    const { resolve, values } = this.#take(method);
    resolve(value);
    await rest();
    return values;
  }

  /** Refuse it. */
  async refuse(method, message) {
    this.#take(method).reject(new Error(message));
    await rest();
  }

  #take(method) {
    const place = this.waiting.indexOf(method);
    if (place < 0) throw new Error(`nobody has asked to ${method}`);
    return this.#waiting.splice(place, 1)[0];
  }
}

/** Until all that can go on has gone on. */
export const rest = () => setImmediate();

export class Desk {
  store = new Store();
  engine = new Engine();
  /** What was saved right before another run took its place, and what was told. */
  saved = [];
  blamed = [];
  works = new Set();
  panels = { refresh: async () => {}, refreshAtLeisure() {} };
  autosave = {
    lastSave: () => (this.saved.push(this.store.state.run?.name), null),
    moveOn() {},
    save() {},
    saveSoon() {},
    settleRun() {},
  };

  blame(error) {
    this.blamed.push(error.message);
  }

  pointOut() {}

  async mayLeaveRun() {
    return true;
  }
}

/** What Python says of a run; the name is to know it by. */
export const status = (name, step = 0) => ({
  name,
  task: "text",
  text: "",
  config: {},
  progress: { step },
});

/** A page that is ready, what can be done with its run, and what is in its boxes. */
export function openReady() {
  const desk = new Desk();
  const boxes = { description: {} };
  const texts = {
    describe: async () => boxes.description,
    subjectOf: () => ({}),
    fillUntouched() {},
    setText(text) {
      desk.store.update({ text });
    },
  };
  const runs = runActions(desk, texts);
  desk.store.send("start");
  return { desk, runs, boxes };
}

/** Begin a run and let it train. */
export async function trainTo(page, step = 1) {
  page.runs.train();
  await rest();
  await page.desk.engine.answer("begin", status("first"));
  await page.desk.engine.answer("train", { step });
}

/** Have another run loaded: answers when Python has it, or has not. */
export function load(page, name) {
  const origin = { example: "own", touched: new Set() };
  return page.runs.replace(async () => {
    const status = await page.desk.engine.call("load", name);
    return [{ status, text: "" }, origin];
  });
}

export const stateOf = ({ desk }) => desk.store.state.runState;
export const nameOf = ({ desk }) => desk.store.state.run?.name;
export const stepOf = ({ desk }) => desk.store.state.progress?.step;
export const waitingOf = ({ desk }) => desk.engine.waiting;

/** How the page gets into each state that it can be in when Python is there. */
export const WAYS = {
  ready: async () => {},
  preparing: async (page) => void page.runs.ensureRun(),
  beginning: async (page) => page.runs.train(),
  training: trainTo,
  pausing: async (page) => {
    await trainTo(page);
    page.runs.train();
  },
  paused: async (page) => {
    await WAYS.pausing(page);
    await page.desk.engine.answer("train", { step: 2 });
  },
  "ready-replacing": async (page) => void load(page, "other"),
  "pausing-replacing": async (page) => {
    await trainTo(page);
    load(page, "other");
  },
  "paused-replacing": async (page) => {
    await WAYS.paused(page);
    load(page, "other");
  },
  ...Object.fromEntries(
    ["training", "pausing", "paused"].map((state) => [
      `${state}-renewing`,
      async (page) => {
        await WAYS[state](page);
        page.runs.startOver();
      },
    ]),
  ),
};
