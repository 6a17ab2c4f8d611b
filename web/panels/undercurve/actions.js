/** Looking at the hidden units while the network reads a series. */

/** @import { App } from "../../main.js" */

import { Work } from "../../work.js";

/** @param {App} app */
export function underCurveActions(app) {
  const { store } = app;
  const work = new Work(app, "undercurve");

  /** @param {boolean} open */
  function toggleUnderCurve(open) {
    app.panels.toggle("undercurve", open, { refresh: look, place: "numbers" });
    if (!open) work.stop();
  }

  const look = () =>
    work.begin(async ({ job }) => {
      const { underLayer: layer, underName } = store.state;
      const value = await job("under_curve", [layer, underName]);
      const activations = new Float32Array(value.activations.slice().buffer);
      store.update({ underCurve: { ...value, activations, layer }, underName: value.name });
      store.problem("undercurve");
    });

  /** Look at a layer, and at this of each unit. @param {number} layer @param {string} name */
  function lookUnderCurve(layer, name) {
    store.update({ underLayer: layer, underName: name });
    return app.panels.bring("undercurve");
  }

  return { toggleUnderCurve, lookUnderCurve };
}
