/** What is brought from a run while it goes on: its curve, and samples of what it can do by now. */

/** @import { App } from "../../main.js" */
/** @import { Baseline, Run } from "../../types" */

import { Work } from "../../work.js";
import { withSample } from "../story/actions.js";

const CURVE_EVERY_MS = 500;
const SECOND_SAMPLE_MS = 250;
const SAMPLE_EVERY_MS = 3000;

export class Watch {
  #nextCurve = 0;
  #nextSample = 0;
  /** Until the next sample: short at first, when the network changes fast. */
  #pause = SECOND_SAMPLE_MS;
  /** The run whose n-grams are counted. @type {Run | null} */
  #counted = null;

  /**
   * @param {App} app
   * @param {{ lookAhead(): Promise<void>, judge(): Promise<void> }} others
   */
  constructor(app, others) {
    this.app = app;
    this.counting = new Work(app, "run");
    const lookAhead = () => others.lookAhead();
    /** What there is to see of a run of each place: again and again, when it stands still, and once. */
    this.sights = {
      text: { again: () => this.#write(), still: async () => {}, once: () => this.#countNgrams() },
      numbers: { again: lookAhead, still: lookAhead, once: () => others.judge() },
    };
  }

  get #sight() {
    return this.sights[this.app.store.state.place];
  }

  startAfresh() {
    this.#nextCurve = 0;
    this.#nextSample = 0;
    this.#pause = SECOND_SAMPLE_MS;
  }

  /** Look again at whatever has not been looked at for long enough. */
  async look() {
    if (performance.now() >= this.#nextCurve) await this.lookAtCurve();
    if (performance.now() < this.#nextSample) return;
    await this.lookAtSample();
    this.app.panels.refreshAtLeisure();
  }

  /** Look at everything: the run stands still. */
  async lookAtAll() {
    const { run } = this.app.store.state;
    try {
      await this.lookAtCurve();
      await this.#sight.still();
      this.#sight.once();
      await this.app.panels.refresh();
    } catch (error) {
      // A run that has ended takes its curve with it; that is no fault.
      if (this.app.store.state.run === run) this.app.blame(error);
    }
  }

  async lookAtCurve() {
    const { engine, store } = this.app;
    const { run } = store.state;
    if (!run) return;
    const curve = await engine.call("curve");
    if (store.state.run === run) store.update({ curve });
    this.#nextCurve = performance.now() + CURVE_EVERY_MS;
  }

  async lookAtSample() {
    if (!this.app.store.state.run) return;
    const began = performance.now();
    await this.#sight.again();
    this.#sight.once();
    // What is only looked at shall cost a network no more than a tenth of its time.
    const now = performance.now();
    this.#nextSample = now + Math.max(this.#pause, 10 * (now - began));
    this.#pause = Math.min(2 * this.#pause, SAMPLE_EVERY_MS);
  }

  async #write() {
    const { engine, store } = this.app;
    const { run, progress, temperature, inside } = store.state;
    if (!run || !progress) return;
    const { silenced } = inside;
    const text = await engine.call("sample", temperature);
    if (store.state.run !== run) return;
    const sample = { text, step: progress.settled, loss: progress.train_loss, silenced };
    const { story } = store.state;
    // The story is that of the whole network.
    store.update({ sample, story: silenced.length ? story : withSample(story, sample) });
  }

  /** What counting reaches on this text takes a while, and is the same throughout a run. */
  async #countNgrams() {
    const { store } = this.app;
    const { run } = store.state;
    if (!run || this.#counted === run) return;
    this.#counted = run;
    const report = (/** @type {Baseline[]} */ ngrams) => store.update({ ngrams });
    const isWhole = await this.counting.begin(({ job }) => job("ngrams", [], report));
    if (!isWhole && this.#counted === run) this.#counted = null;
  }
}
