/** The gradient on its way back through time: it is followed anew as the run goes on. */

/** @import { App } from "../main.js" */

import { workOn } from "./panels.js";

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
    store.update({ flowing: 0 });
    try {
      await workOn(
        app,
        "flow",
        [recurrence],
        (flow, flowing) => store.update(flowing === 1 ? { flow } : { flowing }),
        wanted,
      );
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
