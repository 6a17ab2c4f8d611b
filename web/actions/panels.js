/** The panels that look into the network: opened and closed, and brought up to date while open. */

/** @import { App } from "../main.js" */

const SLICE_MS = 30;

export class Panels {
  /** What brings each open panel up to date. @type {Map<string, () => Promise<unknown>>} */
  #open = new Map();

  /** @param {App} app */
  constructor(app) {
    this.app = app;
  }

  /**
   * A panel was opened or closed.
   * @param {string} name
   * @param {boolean} open
   * @param {() => Promise<unknown>} refresh fetches what it shows of the run
   */
  toggle(name, open, refresh) {
    if (open) this.#open.set(name, refresh);
    else this.#open.delete(name);
    this.app.store.update({ open: new Set(this.#open.keys()) });
    if (open && this.app.store.state.run) this.#bring(name, refresh);
  }

  /** The run has moved on: bring every open panel up to date. */
  async refresh() {
    for (const [name, refresh] of this.#open) await this.#bring(name, refresh);
  }

  /** @param {string} name @param {() => Promise<unknown>} refresh */
  async #bring(name, refresh) {
    const { store } = this.app;
    const { run } = store.state;
    if (!run) return;
    try {
      await refresh();
      store.problem(name);
    } catch (error) {
      // A run that has ended takes its questions with it; that is no fault.
      if (store.state.run === run) store.problem(name, /** @type {Error} */ (error).message);
    }
  }
}

/**
 * Do long work in slices, so that training and writing get their turns in between. The run's end
 * is also the end of its work, and so is its not being wanted any more.
 * @param {App} app
 * @param {string} job
 * @param {unknown[]} values
 * @param {(value: any, fraction: number) => void} report
 * @param {() => boolean} [wanted]
 * @returns {Promise<boolean>} whether it came to its end
 */
export async function workOn(app, job, values, report, wanted = () => true) {
  const { run } = app.store.state;
  await app.engine.call("start", job, ...values);
  for (;;) {
    const { fraction, done, value } = await app.engine.call("advance", job, SLICE_MS);
    if (app.store.state.run !== run || !wanted()) return false;
    report(value, fraction);
    if (done) return true;
  }
}
