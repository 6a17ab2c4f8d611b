/** The panels that look into the network: opened and closed, and brought up to date while open. */

/** @import { App } from "./main.js" */
/** @import { Engine } from "./engine.js" */
/** @import { Place } from "./types" */

/**
 * @typedef {object} Panel
 * @property {() => Promise<unknown>} [refresh] fetches what it shows of the run
 * @property {Place} [place] where it is, if it isn't everywhere
 */

/** What is only looked at shall cost a network that trains no more than a tenth of its time. */
const REST = 10;

export class Panels {
  /** The open ones. @type {Map<string, Panel>} */
  #open = new Map();
  /** By which engine the panels are being brought up to date. @type {Engine | null} */
  #engine = null;
  #done = Promise.resolve();
  /** Has the run moved on since that began? */
  #due = false;
  /** Until then a network that trains is left in peace. */
  #rest = 0;

  /** @param {App} app */
  constructor(app) {
    this.app = app;
  }

  /**
   * A panel was opened or closed.
   * @param {string} name
   * @param {boolean} open
   * @param {Panel} [panel]
   */
  toggle(name, open, panel = {}) {
    if (open) this.#open.set(name, panel);
    else this.#open.delete(name);
    this.app.store.update({ open: new Set(this.#open.keys()) });
    if (open) this.bring(name);
  }

  /** The run goes on: bring every open panel up to date beside it, if the last time is long over. */
  refreshAtLeisure() {
    if (this.#engine !== this.app.engine && performance.now() >= this.#rest) this.refresh();
  }

  /** The run stands still: bring every open panel up to date, be it once more. */
  refresh() {
    const { engine } = this.app;
    this.#due = true;
    if (this.#engine !== engine) {
      this.#engine = engine;
      this.#done = this.#bringAll();
    }
    return this.#done;
  }

  async #bringAll() {
    while (this.#due) {
      this.#due = false;
      const began = performance.now();
      for (const name of this.#open.keys()) await this.bring(name);
      const now = performance.now();
      this.#rest = now + REST * (now - began);
    }
    this.#engine = null;
  }

  /** Bring one open panel up to date, now. @param {string} name */
  async bring(name) {
    if (this.app.store.state.run && this.shows(name)) await this.#open.get(name)?.refresh?.();
  }

  /** Is a panel open, and where the page is? @param {string} name */
  shows(name) {
    const panel = this.#open.get(name);
    const { place } = this.app.store.state;
    return panel !== undefined && (panel.place ?? place) === place;
  }
}
