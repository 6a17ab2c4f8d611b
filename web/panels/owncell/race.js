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
import { sourceOf } from "../../store.js";
import { stepsField } from "./steps.js";

/**
 * @param {{
 *   race(): void,
 *   stopAtBench(): void,
 *   raceAgainst(name: string, isWanted: boolean): void,
 *   typeRaceSteps(typed: string): void,
 * }} actions
 * @returns {(state: State, isRight: boolean) => void} shows the race of a cell that is right, or not
 */
export function mountRace(actions) {
  const against = element("race-against", HTMLElement);
  const button = element("race", HTMLButtonElement);
  const stop = element("stop-race", HTMLButtonElement);
  const changed = element("race-changed", HTMLElement);
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
    null,
    (typed) => actions.typeRaceSteps(typed),
    element("race-steps", HTMLInputElement),
  );
  /** @type {RaceSoFar | null} */
  let shown = null;
  /** What Python has told of its limits. @type {unknown} */
  let known = null;
  /** The cells there are to race against. */
  let offered = "";

  button.onclick = actions.race;
  // It disappears by its own work; the keyboard goes on from the button before it.
  stop.onclick = () => (actions.stopAtBench(), button.focus());
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
  function draw({ racers, read, seconds }) {
    const isByRead = by.value === "read";
    const lines = racers.flatMap(({ runs }, index) =>
      runs.map((run) => ({ index, data: [isByRead ? run.read : run.seconds, run.losses] })),
    );
    const data = uPlot.join(/** @type {any[]} */ (lines.map((line) => line.data)));
    const indices = lines.map(({ index }) => index);
    place.draw(options(indices, isByRead ? read : seconds, isByRead), data);
  }

  /** @param {RaceSoFar} race */
  function show(race) {
    const { racers, read, seconds, held_out } = race;
    const [bySteps = "They are about to begin …", inTime = "", meaning = ""] = race.verdict;
    setText(verdict, `${bySteps}\n${inTime}`.trim());
    const [byRead, bySeconds] = table.tHead?.querySelectorAll("th[id]") ?? [];
    setText(byRead, `Loss after ${count(read)} ${terms().units}`);
    setText(bySeconds, `Loss after ${rough(seconds)} s`);
    table.tBodies[0].replaceChildren(...racers.map(row));
    legend.replaceChildren(
      ...racers.map(({ label }, index) => make("li", {}, lineKey(lineLook(index)), " ", label)),
    );
    const of = held_out ? "on the held-out part" : "in training, for nothing is held out";
    setText(
      words,
      `${meaning} Each cell has ${race.seeds} lines, one for each seed; the table has their mean, and ` +
        `below it the best and the worst. All losses are the lowest so far ${of}. The cells of the ` +
        "page are written for speed, so in the time that your cell needs they read more; how well a " +
        "cell learns from what it reads, the first comparison tells.",
    );
    draw(race);
  }

  return (state, isRight) => {
    const { race, atBench } = state;
    offerCells(state);
    const { numbers } = state.about ?? state.boot;
    if (numbers !== known) steps.is(stepsField(state));
    known = numbers;
    steps.show(state.raceSteps);
    showProblem(problem, state.problems.raceSteps, steps.control);
    button.disabled = !isRight || atBench !== null || state.raceAgainst.size === 0;
    stop.hidden = atBench !== "racing";
    changed.hidden = state.racedSource === sourceOf(state);
    progress.toggleAttribute("data-idle", atBench !== "racing");
    progress.value = race?.fraction ?? 0;
    raced.hidden = !race;
    // A lap is news; what comes between is only progress.
    const isNews = race?.read !== shown?.read || race?.done !== shown?.done;
    if (race === null || isNews) {
      shown = race;
      if (race) show(race);
    }
  };
}

/**
 * @param {number[]} indices of the cells that the lines belong to
 * @param {number} end of the horizontal axis
 * @param {boolean} isByRead
 * @returns {PlotOptions}
 */
function options(indices, end, isByRead) {
  return {
    padding: [8, 16, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false, range: () => [0, end || 1] } },
    axes: [
      {
        ...axis(),
        label: isByRead ? `${terms().units} read` : "seconds of training",
        size: 22,
        grid: { show: false },
      },
      { ...axis(), label: `nats per ${terms().unit}`, size: 40 },
    ],
    series: [
      {},
      ...indices.map((index) => {
        const { colour, dash } = lineLook(index);
        return { stroke: () => token(colour), width: 1.5, dash, spanGaps: true, points: { show: false } };
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
    make("td", {}, rough(speed), make("small", {}, `${terms().units}/s`)),
    make("td", {}, count(weights)),
  );
}

/** @param {Spread | null | undefined} found */
function spread(found) {
  if (!found) return make("td", {}, "–");
  const { mean, low, high } = found;
  return make("td", {}, loss(mean), make("small", {}, `${loss(low)} to ${loss(high)}`));
}
