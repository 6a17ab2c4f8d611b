/** The gradient on its way back through time: it is followed anew as the run goes on. */

/** @import { Flow } from "../../types" */
/** @import { App } from "../../main.js" */

import { workOn } from "../../openpanels.js";

/** @param {App} app */
export function gradientActions(app) {
  const { store } = app;
  /** Counts the times it was followed, so that an earlier one knows it is over. */
  let followed = 0;

  /** @param {boolean} open */
  const toggleGradient = (open) => app.panels.toggle("gradient", open, follow);

  async function follow() {
    const mine = ++followed;
    const { run, recurrence } = store.state;
    if (!run) return;
    const wanted = () => mine === followed && store.state.open.has("gradient");
    /** @param {Flow} flow @param {number} flowing */
    const report = (flow, flowing) => store.update(flowing === 1 ? { flow } : { flowing });
    store.update({ flowing: 0 });
    try {
      await workOn(app, "flow", [recurrence], report, wanted);
    } finally {
      if (mine === followed) store.update({ flowing: null });
    }
  }

  /** @param {number} recurrence what the recurrent weights are multiplied by */
  function setRecurrence(recurrence) {
    store.update({ recurrence });
    app.panels.bring("gradient");
  }

  /** @param {boolean} clipped */
  const setClipped = (clipped) => store.update({ clipped });

  return { toggleGradient, setRecurrence, setClipped };
}
