/** Looking ahead in a series, judging how well that can be done, and taking both home. */

/** @import { App } from "../../main.js" */
/** @import { Config, Run, State } from "../../types" */

import { download } from "../../files.js";
import { TYPED_AFTER_MS } from "../../numberbox.js";
import { readNumber } from "../../numbers.js";
import { Work } from "../../work.js";
import { horizonField } from "./horizon.js";

/** @param {App} app */
export function forecastActions(app) {
  const { store } = app;
  const judging = new Work(app, "judgement", { show: (judging) => store.update({ judging }) });
  /** What is being judged, or was last. @type {{ run: Run | null, steps: number }} */
  let begun = { run: null, steps: 0 };
  let judgement = Promise.resolve();
  /** Runs while somebody may still be typing how many steps ahead. @type {ReturnType<typeof setTimeout> | undefined} */
  let typing;

  /** How many steps ahead, if that can be read. */
  function steps() {
    const read = readNumber(horizonField(store.state), store.state.horizon);
    return read.problem === undefined ? read.value : undefined;
  }

  /**
   * Take over how many steps ahead are wanted.
   * @param {string} typed
   * @param {boolean} finished left the box, rather than still typing
   */
  function typeHorizon(typed, finished) {
    store.update({ horizon: typed });
    const { problem } = readNumber(horizonField(store.state), typed);
    // A half-typed number is no mistake yet.
    if (finished || !problem) store.problem("horizon", problem);
    clearTimeout(typing);
    typing = setTimeout(takeHorizon, finished ? 0 : TYPED_AFTER_MS);
  }

  function takeHorizon() {
    typing = undefined;
    lookAhead();
    judge();
  }

  /** What the network of the run forecasts by now. */
  async function lookAhead() {
    const { run } = store.state;
    const horizon = steps();
    if (!run || horizon === undefined) return;
    try {
      const forecast = await app.engine.call("forecast", horizon);
      if (store.state.run === run) store.update({ forecast });
      store.problem("forecast");
    } catch (error) {
      if (store.state.run === run) store.problem("forecast", /** @type {Error} */ (error).message);
    }
  }

  /** Judge it, unless that is done: it takes a while, and comes out the same. */
  async function judge() {
    const { judged } = store.state;
    if (typing === undefined && (!judged?.ahead || judged.horizon !== steps())) await judgeAnew();
  }

  /** Judge it, unless that is being done, or was by this very Python. @returns {Promise<void>} */
  function judgeAnew() {
    const { run } = store.state;
    const horizon = steps();
    if (run && horizon !== undefined && (begun.run !== run || begun.steps !== horizon)) {
      judgement = judgeRun(run, horizon);
    }
    return judgement;
  }

  /** @param {Run} run @param {number} horizon */
  async function judgeRun(run, horizon) {
    const mine = (begun = { run, steps: horizon });
    store.problem("judgement");
    // What was judged before a reload stays until it is judged again.
    if (store.state.judged?.horizon !== horizon) store.update({ judged: null });
    const isWhole = await judging.begin(({ job }) =>
      job("judge", [horizon, chosen(run)], (value) => {
        if (value && value !== store.state.judged) store.update({ judged: value });
      }),
    );
    // One that was broken off for another place goes on when the page is back.
    if (!isWhole && mine === begun && !store.at("numbers").problems.judgement) {
      begun = { run: null, steps: 0 };
    }
  }

  function saveForecast() {
    const csv = shownForecast(store.state)?.csv;
    if (csv) save(csv, "forecast.csv");
  }

  async function saveBacktest() {
    try {
      // What was judged before a reload, Python has to judge again to have all of it.
      await judgeAnew();
      save(await app.engine.call("backtest_csv"), "backtest.csv");
    } catch (error) {
      store.problem("judgement", /** @type {Error} */ (error).message);
    }
  }

  /** @param {string} csv @param {string} name */
  const save = (csv, name) => download(new TextEncoder().encode(csv), name);

  return { typeHorizon, lookAhead, judge, saveForecast, saveBacktest };
}

/** The season, and what somebody has chosen of a run's settings; the rest suits the series. @param {Run} run @returns {Config} */
const chosen = ({ config, touched }) =>
  Object.fromEntries(
    Object.entries(config).filter(
      ([name]) => touched.has(name) || name === "season" || (name === "cell_source" && touched.has("cell")),
    ),
  );

/** The forecast to be seen: of four networks once it is there, until then of the run's own. @param {State} state */
export const shownForecast = ({ judged, forecast }) => judged?.ahead ?? forecast;
