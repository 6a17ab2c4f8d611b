/** The race: who is in it, its curves, its table, and what it says. */

/** @import { PlotOptions } from "../../plot.js" */
/** @import { Racer, RaceSoFar, Spread, State } from "../../types" */

import { element, make, setText, showProblem, token } from "../../dom.js";
import { count, loss, rough } from "../../format.js";
import uPlot from "../../lib/uplot.mjs";
import { NumberBox } from "../../numberbox.js";
import { terms } from "../../places.js";
import { axis, lineKey, lineLook, PlotPlace } from "../../plot.js";
import { OWN } from "../../settings.js";

/**
 * @param {{
 *   race(): void,
 *   raceAgainst(name: string, isWanted: boolean): void,
 *   typeRaceSteps(typed: string): void,
 * }} actions
 * @returns {(state: State, isRight: boolean) => void} shows the race of a cell that is right, or not
 */
export function mountRace(actions) {
  const against = element("race-against", HTMLElement);
  const button = element("race", HTMLButtonElement);
  const progress = element("race-progress", HTMLProgressElement);
  const problem = element("race-steps-problem", HTMLElement);
  const raced = element("raced", HTMLElement);
  const verdict = element("race-verdict", HTMLOutputElement);
  const by = element("race-by", HTMLSelectElement);
  const legend = element("race-legend", HTMLElement);
  const table = element("race-table", HTMLTableElement);
  const words = element("race-words", HTMLElement);
  const place = new PlotPlace(element("race-plot", HTMLElement));
  const steps = new NumberBox(
    { label: "Race steps", kind: "integer" },
    (typed) => actions.typeRaceSteps(typed),
    element("race-steps", HTMLInputElement),
  );
  /** @type {RaceSoFar | null} */
  let shown = null;
  /** The cells there are to race against. */
  let offered = "";

  button.onclick = actions.race;
  by.onchange = () => shown && draw(shown);

  /** @param {State} state */
  function offerCells({ fields, raceAgainst }) {
    const choices = fields.find(({ name }) => name === "cell")?.choices ?? {};
    const others = Object.entries(choices).filter(([name]) => name !== OWN);
    if (JSON.stringify(others) !== offered) {
      offered = JSON.stringify(others);
      against.replaceChildren(...others.map(checkBox));
    }
    for (const box of against.querySelectorAll("input")) box.checked = raceAgainst.has(box.value);
  }

  /** @param {[string, string]} cell */
  function checkBox([name, label]) {
    const box = make("input", { type: "checkbox", value: name });
    box.onchange = () => actions.raceAgainst(name, box.checked);
    return make("label", { className: "check-box" }, box, label);
  }

  /** @param {RaceSoFar} race */
  function draw({ racers, read }) {
    const isByRead = by.value === "read";
    const lines = racers.map(({ runs }) => meanLine(runs, isByRead ? read : null));
    place.draw(options(lines.length, isByRead), uPlot.join(lines));
  }

  /** @param {RaceSoFar} race */
  function show(race) {
    const { racers, read, seconds, held_out } = race;
    const laps = read.length - 1;
    setText(verdict, race.verdict || "They are about to begin …");
    const [byRead, bySeconds] = table.tHead?.querySelectorAll("th[id]") ?? [];
    setText(byRead, `Loss after ${count(read[laps])} ${terms().units}`);
    setText(bySeconds, `Loss after ${rough(seconds)} s`);
    table.tBodies[0].replaceChildren(...racers.map(row));
    legend.replaceChildren(
      ...racers.map(({ label }, index) => make("li", {}, lineKey(lineLook(index)), " ", label)),
    );
    const of = held_out ? "on the held-out part" : "on what was learned: nothing is held out";
    setText(
      words,
      `The lowest loss so far ${of}, the mean of ${race.seeds} seeds, and below it the best and the ` +
        "worst of them. Equal seconds are those of the fastest run, measured on this machine now.",
    );
    draw(race);
  }

  return (state, isRight) => {
    const { race, atBench } = state;
    offerCells(state);
    steps.show(state.raceSteps);
    showProblem(problem, state.problems.raceSteps, steps.control);
    button.disabled = !isRight || atBench !== null || state.raceAgainst.size === 0;
    progress.toggleAttribute("data-idle", atBench !== "racing");
    progress.value = race?.fraction ?? 0;
    raced.hidden = !race;
    // A lap is news; what comes between is only progress.
    const isNews = race?.read.length !== shown?.read.length || race?.done !== shown?.done;
    if (race === null || isNews) {
      shown = race;
      if (race) show(race);
    }
  };
}

/**
 * The mean of a cell's runs, after each lap.
 * @param {Racer["runs"]} runs
 * @param {number[] | null} read how much had been read by then; null counts seconds
 * @returns {[number[], (number | null)[]]}
 */
function meanLine(runs, read) {
  const laps = Math.min(...runs.map(({ losses }) => losses.length));
  const places = [...Array(laps).keys()];
  const mean = (/** @type {number[]} */ values) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = places.map((lap) => (read ? read[lap] : mean(runs.map(({ seconds }) => seconds[lap]))));
  const y = places.map((lap) => {
    const losses = runs.map((run) => run.losses[lap]);
    return losses.every((value) => value != null) ? mean(/** @type {number[]} */ (losses)) : null;
  });
  return [x, y];
}

/** @param {number} lines @param {boolean} isByRead @returns {PlotOptions} */
function options(lines, isByRead) {
  return {
    padding: [8, 16, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false } },
    axes: [
      { ...axis(), label: isByRead ? `${terms().units} read` : "seconds of training", size: 22, grid: { show: false } },
      { ...axis(), label: `nats per ${terms().unit}`, size: 40 },
    ],
    series: [
      {},
      ...Array.from({ length: lines }, (_, index) => {
        const { colour, dash } = lineLook(index);
        return { stroke: () => token(colour), width: 2, dash, spanGaps: true, points: { show: false } };
      }),
    ],
  };
}

/** @param {Racer} racer */
function row({ label, weights, speed, problem, at_equal_steps, at_equal_seconds }) {
  return make(
    "tr",
    {},
    make("th", { scope: "row" }, label, ...(problem ? [make("small", { className: "wrong" }, problem)] : [])),
    spread(at_equal_steps),
    spread(at_equal_seconds),
    make("td", {}, `${rough(speed ?? undefined)}`, make("small", {}, `${terms().units}/s`)),
    make("td", {}, count(weights)),
  );
}

/** @param {Spread | null | undefined} found */
function spread(found) {
  if (!found) return make("td", {}, "–");
  const { mean, low, high } = found;
  return make("td", {}, loss(mean), make("small", {}, `${loss(low)} to ${loss(high)}`));
}
