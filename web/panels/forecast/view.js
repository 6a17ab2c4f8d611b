/** Forecast: its picture, in words too, and how far ahead it looks. */

/** @import { Forecast, Points, State, View } from "../../types" */

import { element, setText, showProblem } from "../../dom.js";
import { count, value } from "../../format.js";
import { NumberBox } from "../../numberbox.js";
import { extent, lastPoint, learnedTable, placeNames } from "../../seriesplot.js";
import { permissions } from "../../store.js";
import { shownForecast } from "./actions.js";
import { mountFan } from "./fan.js";
import { horizonField } from "./horizon.js";

/** How much of the past is drawn: so many horizons, and no fewer values. */
const HORIZONS = 4;
const LEAST_PAST = 60;

/**
 * @typedef {object} Fan what is drawn
 * @property {Points} past
 * @property {Forecast} forecast
 * @property {Forecast | null} own what the run's network says, beside the forecast of others
 * @property {boolean} dated
 * @property {(x: number) => string} nameOf where a value stands
 */

/**
 * @param {{
 *   typeHorizon(typed: string, finished: boolean): void,
 *   saveForecast(): void,
 * }} actions
 * @returns {View}
 */
export function mountForecast(actions) {
  const control = element("horizon", HTMLInputElement);
  const horizon = new NumberBox(null, actions.typeHorizon, control);
  /** @type {State["about"]} */
  let about = null;
  const problem = element("horizon-problem", HTMLElement);
  const save = element("save-forecast", HTMLButtonElement);
  const whole = element("whole-series", HTMLInputElement);
  const note = element("fan-note", HTMLElement);
  const caption = element("fan-caption", HTMLElement);
  const words = element("fan-words", HTMLElement);
  const ownKey = element("fan-own-key", HTMLElement);
  const ownName = element("fan-own", HTMLElement);
  const draw = mountFan();
  /** @type {State | null} */
  let drawn = null;

  save.onclick = actions.saveForecast;

  /** @param {State} state */
  function show(state) {
    drawn = state;
    const fan = fanOf(state, whole.checked);
    note.hidden = fan !== null;
    draw(fan);
    ownKey.hidden = !fan?.own;
    setText(ownName, fan?.own ? `this run’s network, step ${count(fan.own.step)}` : "");
    setText(caption, fan ? sourceOf(fan.forecast) : "");
    setText(words, fan ? inWords(fan) : "No forecast yet.");
  }

  whole.onchange = () => drawn && show(drawn);

  return (state) => {
    if (about !== state.about) horizon.is(horizonField(state));
    about = state.about;
    control.disabled = !permissions(state).settings;
    horizon.show(state.horizon);
    showProblem(problem, state.problems.horizon ?? state.problems.forecast, control);
    save.disabled = whole.disabled = !shownForecast(state);
    if (!drawn || DRAWN.some((key) => state[key] !== drawn?.[key])) show(state);
  };
}

/** A change of any of these asks for a new drawing. @type {(keyof State)[]} */
const DRAWN = ["run", "description", "forecast", "judged"];

/** @param {State} state @param {boolean} whole @returns {Fan | null} */
function fanOf(state, whole) {
  const forecast = shownForecast(state);
  if (!forecast) return null;
  const table = learnedTable(state);
  const line = table?.line ?? state.judged?.truth ?? { x: [], y: [] };
  const values = table?.values ?? line.x.length;
  const dated = state.run?.dated ?? false;
  return {
    past: whole ? line : endOf(line, values, forecast.x.length),
    forecast,
    own: forecast === state.forecast ? null : state.forecast,
    dated,
    nameOf: placeNames(dated, line.x, forecast),
  };
}

/**
 * The end of a line.
 * @param {Points} line
 * @param {number} values of the series, not all of which need be in the line
 * @param {number} horizon
 * @returns {Points}
 */
function endOf({ x, y }, values, horizon) {
  const wanted = Math.max(HORIZONS * horizon, LEAST_PAST);
  const points = Math.ceil((wanted * x.length) / (values || 1));
  return { x: x.slice(-points), y: y.slice(-points) };
}

/** Who forecasts, and what the band means. @param {Forecast} forecast */
function sourceOf({ step }) {
  if (step === undefined) {
    return (
      "By four networks: the line is the mean of what they expect. " +
      "The band: in the past, 8 in 10 values fell within such a band."
    );
  }
  return (
    `By this run’s network after step ${count(step)}: the line is what it expects. ` +
    "The band is where it believes that 8 in 10 values will fall; whether it is right to, " +
    "the judgement below will tell."
  );
}

/** The picture for those who can't see it. @param {Fan} fan */
function inWords({ past, forecast, own, nameOf }) {
  const { x, mean, lower, upper } = forecast;
  const last = lastPoint(past);
  const known = last ? `The series ends with ${value(last[1])} (${nameOf(last[0])}).` : "";
  const at = (/** @type {number} */ i) =>
    `${value(mean[i])} (${nameOf(x[i])}; band from ${value(lower[i])} to ${value(upper[i])})`;
  const end = mean.length - 1;
  const range = extent(mean);
  const steps = count(mean.length);
  return [
    known,
    end > 0
      ? `The forecast for the next ${steps} steps begins with ${at(0)} and ends with ${at(end)}.`
      : `The forecast for the next step is ${at(0)}.`,
    end > 0 && range ? `It stays between ${value(range.low)} and ${value(range.high)}.` : "",
    own ? `This run’s own network ends with ${value(own.mean.at(-1))}.` : "",
  ].join(" ");
}
