/** The table of a backtest: a row a model, and which is best. */

/** @import { Judged, JudgedModel } from "../../types" */

import { element, make } from "../../dom.js";
import { evenly } from "../../format.js";
import { bestOf, nameOf, whatItDoes } from "./models.js";

/** @returns {(judged: Judged) => void} */
export function mountTable() {
  const body = element("backtest-table", HTMLTableElement).tBodies[0];
  return ({ models }) => {
    const best = bestOf(models);
    const write = evenly(models.flatMap(({ rmse, mae, width }) => [rmse, mae, width]));
    body.replaceChildren(...models.map((model) => row(model, model === best, write)));
  };
}

/** @param {JudgedModel} model @param {boolean} best @param {(number: number) => string} write */
function row(model, best, write) {
  const { mase, rmse, mae, coverage, width } = model;
  const scaled = mase !== undefined;
  /** @param {string} written @param {boolean} marked */
  const error = (written, marked) =>
    marked
      ? make("td", { className: "best" }, make("strong", {}, written), make("small", {}, "best"))
      : make("td", {}, written);
  return make(
    "tr",
    {},
    make("th", { scope: "row" }, nameOf(model), make("small", {}, whatItDoes(model))),
    error(scaled ? mase.toFixed(2) : "no number", best && scaled),
    error(write(rmse), false),
    error(write(mae), best && !scaled),
    make("td", {}, `${(100 * coverage).toFixed(0)}\u00a0%`),
    make("td", {}, write(width)),
  );
}
