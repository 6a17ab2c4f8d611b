/** The gradient on its way back through time: it is followed anew as the run goes on. */

/** @import { App } from "../../main.js" */

import { Work } from "../../work.js";

/** @param {App} app */
export function gradientActions(app) {
  const { store } = app;
  const work = new Work(app, "gradient", { show: (flowing) => store.update({ flowing }) });

  /** @param {boolean} open */
  function toggleGradient(open) {
    app.panels.toggle("gradient", open, { refresh: follow });
    if (!open) work.stop();
  }

  const follow = () =>
    work.begin(async ({ job }) => {
      store.update({ flow: await job("flow", [store.state.recurrence]) });
      store.problem("gradient");
    });

  /** @param {number} recurrence what the recurrent weights are multiplied by */
  function setRecurrence(recurrence) {
    store.update({ recurrence });
    app.panels.bring("gradient");
  }

  /** @param {boolean} clipped */
  const setClipped = (clipped) => store.update({ clipped });

  return { toggleGradient, setRecurrence, setClipped };
}
