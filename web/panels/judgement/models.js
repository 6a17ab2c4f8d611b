/** What the models are called that forecast, what they do, and how their lines look. */

/** @import { Judged, JudgedModel } from "../../types" */

import { lineLook } from "../../plot.js";

const NETWORK = "network";

/** @type {Record<string, { name: string, does: string }>} */
const MODELS = {
  naive: { name: "Naive", does: "repeats the last value" },
  "seasonal naive": { name: "Seasonal naive", does: "repeats the last season" },
  drift: { name: "Drift", does: "goes on along the line from the first value to the last" },
  ar: { name: "AR", does: "weighs up the last few values: autoregression" },
  "seasonal difference ar": {
    name: "Seasonal AR",
    does: "weighs up the last few changes from season to season",
  },
  [NETWORK]: { name: "Network", does: "the mean of four networks" },
};

/** @param {JudgedModel} model */
export const nameOf = ({ name }) => MODELS[name]?.name ?? name;

/** @param {JudgedModel} model */
export const whatItDoes = ({ name }) => MODELS[name]?.does ?? "";

/**
 * The network's line is the first, whether or not it is there.
 * @param {Judged} judged
 * @param {JudgedModel} model
 */
export const lookOf = ({ models }, model) =>
  lineLook(model.name === NETWORK ? 0 : 1 + models.indexOf(model));

/** The one with the smallest errors; by MASE it is the same. @param {JudgedModel[]} models */
export function bestOf(models) {
  return models.reduce((best, each) => (each.mae < best.mae ? each : best));
}

/** The network, or the best of the others until it is there. @param {JudgedModel[]} models */
export const usualOf = (models) =>
  models.find(({ name }) => name === NETWORK) ?? bestOf(models);
