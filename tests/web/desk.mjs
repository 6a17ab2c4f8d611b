/** A page without a screen: the real store and actions, and a Python that answers when it is told to. */

import { setImmediate } from "node:timers/promises";

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
export const status = (name, step = 0) => ({ name, text: "", config: {}, progress: { step } });
