/** Long work of Python's: done in slices, so that all else gets its turns, and never for nobody. */

/** @import { App } from "./main.js" */
/** @import { Jobs, Methods } from "./types" */

const SLICE_MS = 30;

/**
 * What a piece of work is done with. Both end it where it is not wanted any more.
 * @typedef {object} Means
 * @property {Ask} ask calls Python
 * @property {Do} job has Python do one of its jobs to the end, and answers what comes of it; the
 *   report hears what is known after each slice, and how much is done, 0 to 1
 *
 * @typedef {<Name extends keyof Methods>(
 *   method: Name,
 *   ...values: Methods[Name]["parameters"]
 * ) => Promise<Methods[Name]["answer"]>} Ask
 * @typedef {<Name extends keyof Jobs>(
 *   name: Name,
 *   values: Jobs[Name]["parameters"],
 *   report?: (value: Jobs[Name]["value"], fraction: number) => void,
 * ) => Promise<NonNullable<Jobs[Name]["value"]>>} Do
 */

/**
 * One kind of work on the page's run. A newer piece of it takes an older one's place; the end of
 * the run, or of Python, is the end of its work, and what goes wrong in it then is no fault.
 */
export class Work {
  /** The piece that is wanted. @type {object | null} */
  #wanted = null;
  #isShown = false;

  /**
   * @param {Pick<App, "store" | "engine" | "works">} app
   * @param {string} place where the page says what goes wrong
   * @param {object} [progress]
   * @param {(fraction: number | null) => void} [progress.show] how much of a job is done, 0 to 1;
   *   null at the end, whatever it was
   * @param {number} [progress.after] milliseconds; what is done sooner is not shown
   */
  constructor(app, place, { show = () => {}, after = 0 } = {}) {
    this.app = app;
    this.place = place;
    this.show = show;
    this.after = after;
    app.works.add(this);
  }

  /**
   * Do a piece of work on the present run.
   * @param {(means: Means) => Promise<unknown>} piece
   * @returns {Promise<boolean>} whether it came to its end
   */
  async begin(piece) {
    const { engine, store } = this.app;
    const { run } = store.state;
    if (!run) return false;
    const mine = (this.#wanted = {});
    const isWanted = () => this.#wanted === mine && store.state.run === run;
    const began = performance.now();

    const tell = (/** @type {number} */ fraction) => {
      if (performance.now() - began < this.after) return;
      this.#isShown = true;
      this.show(fraction);
    };
    /** @type {Ask} */
    const ask = async (method, ...values) => {
      const answer = await engine.call(method, ...values);
      if (!isWanted()) throw new Error("not wanted any more");
      return answer;
    };
    /** @type {Do} */
    const job = async (name, values, report = () => {}) => {
      await ask("start", name, ...values);
      /** @type {any} */
      let known;
      for (;;) {
        const { fraction, done, value } = await ask("advance", name, SLICE_MS);
        // What is known already is not sent again.
        known = value ?? known;
        report(known, fraction);
        if (done) return known;
        tell(fraction);
      }
    };

    tell(0);
    try {
      await piece({ ask, job });
      return true;
    } catch (error) {
      if (isWanted()) store.problem(this.place, /** @type {Error} */ (error).message);
      return false;
    } finally {
      if (this.#wanted === mine) this.stop();
    }
  }

  /** Whatever is being done is wanted no more. */
  stop() {
    this.#wanted = null;
    if (this.#isShown) this.show(null);
    this.#isShown = false;
  }
}
