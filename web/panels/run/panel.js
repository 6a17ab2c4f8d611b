/** The training: its buttons, its numbers, its curve, and what the network writes by now. */

/** @import { App } from "../../main.js" */

import { runActions } from "./actions.js";
import { modelActions } from "./model.js";

export { mountRun as mount } from "./view.js";
export const later = async () => (await import("./chart.js")).mountChart;

/** @param {App} app @param {Parameters<typeof runActions>[1] & Parameters<typeof modelActions>[1]} others */
export const actions = (app, others) => ({
  ...runActions(app, others),
  ...modelActions(app, others),
});
