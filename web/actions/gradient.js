/** The gradient on its way back through time: it is followed anew as the run goes on. */

/** @import { Flow } from "../types" */
/** @import { App } from "../main.js" */

import { workOn } from "./panels.js";

/** @param {App} app */
export function gradientActions(app) {
  const { store } = app;
  /** Counts the times it was followed, so that an earlier one knows it is over. */
  let followed = 0;
  /** Until then a network that trains is left in peace. */
  let rest = 0;

  /** @param {boolean} open */
  function toggleGradient(open) {
    rest = 0;
    app.panels.toggle("gradient", open, refresh);
  }

  async function refresh() {
    const { phase, pausing, flowing } = store.state;
    const busy = flowing !== null || performance.now() < rest;
    // It goes on beside the training, and nobody waits for it.
    if (!busy || phase !== "training" || pausing) follow();
  }

  async function follow() {
    const mine = ++followed;
    const began = performance.now();
    const { run, recurrence } = store.state;
    if (!run) return;
    const wanted = () => mine === followed && store.state.open.has("gradient");
    store.update({ flowing: 0 });
    try {
      /** @param {Flow} flow @param {number} flowing */
      const report = (flow, flowing) => store.update(flowing === 1 ? { flow } : { flowing });
      await workOn(app, "flow", [recurrence], report, wanted);
      if (wanted()) store.problem("gradient");
    } catch (error) {
      // A run that has ended takes its questions with it; that is no fault.
      const message = /** @type {Error} */ (error).message;
      if (wanted() && store.state.run === run) store.problem("gradient", message);
    }
    if (mine !== followed) return;
    store.update({ flowing: null });
    // What is only looked at shall cost a network no more than a tenth of its time.
    const now = performance.now();
    rest = now + 10 * (now - began);
  }

  /** @param {number} recurrence what the recurrent weights are multiplied by */
  function setRecurrence(recurrence) {
    store.update({ recurrence });
    follow();
  }

  /** @param {boolean} clipped */
  const setClipped = (clipped) => store.update({ clipped });

  return { toggleGradient, setRecurrence, setClipped };
}
