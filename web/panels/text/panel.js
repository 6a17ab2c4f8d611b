/** What the network is to learn: typed, opened, or chosen among the examples. */

/** @import { App } from "../../main.js" */

import { textActions } from "./actions.js";
import { fileActions } from "./files.js";

export { mountText as mount } from "./view.js";

/** @param {App} app @param {Parameters<typeof fileActions>[1]} others */
export const actions = (app, others) => ({ ...textActions(app), ...fileActions(app, others) });
