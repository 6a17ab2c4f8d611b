/** Starts further workers for a run whose networks learn at once, and ends those that nobody needs. */

/** @import { Remote } from "./lib/comlink.mjs" */

import { BoundWorker } from "./boundworker.js";
import { newId } from "./ids.js";
import * as Comlink from "./lib/comlink.mjs";

export class Helpers {
  /** By their names. @type {Map<string, BoundWorker>} */
  #workers = new Map();
  /** Do they have what cells need that somebody writes? */
  #cells = false;

  /**
   * @param {Remote<any>} first the worker that they help
   * @param {boolean} kernels compute with the SIMD kernels?
   */
  constructor(first, kernels) {
    this.first = first;
    this.kernels = kernels;
  }

  /**
   * Have so many, those that have ended replaced.
   * @param {number} wanted
   * @param {boolean} [cells] to learn with a cell that somebody wrote?
   */
  muster(wanted, cells = false) {
    if (cells && !this.#cells) this.muster(0); // those that there are could not
    this.#cells ||= cells;
    for (const [name, worker] of [...this.#workers].slice(wanted)) {
      this.#workers.delete(name);
      worker.end("it is not needed any more");
      this.first.leave(name, false);
    }
    while (this.#workers.size < wanted) this.#start();
  }

  #start() {
    const name = newId();
    const started = new BoundWorker("helper.js", () => {
      if (this.#workers.delete(name)) this.first.leave(name, true);
    });
    this.#workers.set(name, started);
    const { port1, port2 } = new MessageChannel();
    this.first.join(name, Comlink.transfer(port1, [port1]));
    const order = { port: port2, kernels: this.kernels, cells: this.#cells };
    started.loaded.then(() => started.worker.postMessage(order, [port2]));
  }
}
