/** What is brought from a run while it goes on: its curve, and samples of what it writes. */

/** @import { App } from "../main.js" */

const CURVE_EVERY_MS = 500;
const FIRST_SAMPLE_MS = 1000;
const SAMPLE_EVERY_MS = 3000;
const SAMPLE_LENGTH = 200;

export class Watch {
  #nextCurve = 0;
  #nextSample = 0;

  /** @param {App} app */
  constructor(app) {
    this.app = app;
  }

  startAfresh() {
    this.#nextCurve = 0;
    this.#nextSample = performance.now() + FIRST_SAMPLE_MS;
  }

  /** Look again at whatever has not been looked at for long enough. */
  async look() {
    if (performance.now() >= this.#nextCurve) await this.lookAtCurve();
    if (performance.now() >= this.#nextSample) await this.lookAtSample();
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
    const { engine, store } = this.app;
    const { run, progress, temperature } = store.state;
    if (!run || !progress) return;
    const began = performance.now();
    const { text } = await engine.call("sample", "", SAMPLE_LENGTH, temperature, 0, 1);
    if (store.state.run === run) {
      store.update({ sample: { text, step: progress.step, loss: progress.train_loss } });
    }
    await this.app.panels.refresh();
    // What is only looked at shall cost a network no more than a tenth of its time.
    const now = performance.now();
    this.#nextSample = now + Math.max(SAMPLE_EVERY_MS, 10 * (now - began));
  }
}
