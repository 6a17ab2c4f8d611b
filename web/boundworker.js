/** Starts a worker that is bound by the page's policy, and hears of its end, whatever ends it. */

/** @import { Script, Sign } from "./trusted.js" */

import { newId } from "./ids.js";
import { boundScript } from "./trusted.js";

export class BoundWorker {
  /** @type {(message: string) => void} */
  #onEnd;
  #hasEnded = false;

  /**
   * @param {Script} script
   * @param {(message: string) => void} onEnd
   */
  constructor(script, onEnd) {
    this.#onEnd = onEnd;
    const life = `rnn-playground life ${newId()}`;
    this.worker = new Worker(boundScript(script, life), { type: "module" });
    this.worker.onerror = (event) => {
      event.preventDefault();
      this.end(stopped(event.message ?? "its script could not be run"));
    };
    /** Resolves when it listens; never, if its script can't be had. @type {Promise<void>} */
    this.loaded = new Promise((resolve) => {
      this.worker.addEventListener("message", ({ data }) => {
        const sign = /** @type {Sign} */ (data);
        if (sign.said === "alive") this.#watch(life);
        if (sign.said === "loaded") resolve();
        if (sign.said === "lost") {
          this.end(`${script} or a file it needs could not be loaded (${sign.why})`);
        }
      });
    });
  }

  /** A browser that is short of memory ends a worker without a word; its lock is free then. @param {string} life */
  #watch(life) {
    const end = () => this.end("Python stopped (the browser has ended it)");
    navigator.locks.request(life, end).catch(() => {});
  }

  /** End it, if it hasn't ended yet. @param {string} message why */
  end(message) {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.worker.terminate();
    this.#onEnd(message);
  }
}

/** @param {string} reason */
export const stopped = (reason) =>
  `Python stopped (${reason.replace(/^Uncaught (Error: )?/, "")})`;
