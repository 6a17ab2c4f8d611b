/** The settings: of the network, and of how it learns. */

export { settingActions as actions } from "./actions.js";
export { mountNetwork as mount } from "./view.js";
