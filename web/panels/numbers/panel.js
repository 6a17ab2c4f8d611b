/** The series that the network is to forecast: typed, opened, or chosen among the examples. */

export { numberActions as actions } from "./actions.js";
export { mountNumbers as mount } from "./view.js";
