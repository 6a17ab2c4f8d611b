/** Forecast: what is to come of a series, and how sure that is. */

export { forecastActions as actions } from "./actions.js";
export const later = async () => (await import("./view.js")).mountForecast;
