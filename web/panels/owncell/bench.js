/**
 * The bench where cells are judged and raced: a Python of its own, in a worker of its own. Whatever a
 * cell does there, it can be ended, and the page's run isn't touched.
 */

/** @import { Engine, Subject } from "../../engine.js" */
/** @import { CellJudgement, RaceSoFar } from "../../types" */

import { startEngine } from "../../early.js";

/** A race is told about so often. */
const SLICE_MS = 100;

export class Bench {
  /** @type {Engine | null} */
  #engine = null;

  /** @param {(message: string) => void} onEnd it has ended by itself: mostly, memory was short */
  constructor(onEnd) {
    this.onEnd = onEnd;
  }

  /** Have Python there; resolves when it is. @returns {Promise<Engine>} */
  async ready() {
    const engine = (this.#engine ??= this.#start());
    await engine.started;
    return engine;
  }

  #start() {
    const engine = startEngine();
    engine.listen(
      () => {},
      (message) => {
        if (this.#engine !== engine) return;
        this.#engine = null;
        this.onEnd(message);
      },
    );
    return engine;
  }

  /** End it with all that is being done there: whoever waits for that is forgotten. */
  end() {
    const engine = this.#engine;
    this.#engine = null;
    engine?.first.end("it is not needed any more");
  }

  async examples() {
    return (await this.ready()).callAt("cells", "examples");
  }

  /** @param {string} source @returns {Promise<CellJudgement>} */
  async check(source) {
    return (await this.ready()).callAt("cells", "check_cell", source);
  }

  /**
   * Have cells race, to the end.
   * @param {Subject} subject what they learn
   * @param {{ values: Record<string, string | number>, source: string, others: string[], steps: number }} race
   * @param {(race: RaceSoFar) => void} tell
   */
  async race(subject, { values, source, others, steps }, tell) {
    const engine = await this.ready();
    await engine.describe(subject);
    let race = await engine.callAt(
      "cells", "start_race", subject.place, values, source, others, steps,
    );
    tell(race);
    while (!race.done) {
      race = await engine.callAt("cells", "advance_race", SLICE_MS);
      tell(race);
    }
  }
}
