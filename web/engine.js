/** The page's side of the worker: start it, call it, hear of its end. */

/** @import { Boot, Config, Description, Loaded, Methods, ShelvedRun, Status } from "./types" */

import { newId } from "./ids.js";
import * as Comlink from "./lib/comlink.mjs";
import { boundScript } from "./trusted.js";

const NO_MEMORY =
  "there is not enough memory for this: choose fewer hidden units or layers, or a smaller batch";

export class Engine {
  /** How far the start is. @type {Boot | null} */
  #boot = null;
  /** The text that Python has, as far as is known here, and what it says of it.
   * @type {{ text: string, description: Promise<Description> } | null} */
  #described = null;
  /** Why the worker is gone, or of no more use. @type {string | null} */
  #ended = null;
  /** @type {(boot: Boot) => void} */
  #onBoot = () => {};
  /** @type {(message: string) => void} */
  #onEnd = () => {};

  /** Start a worker, and Python in it. @param {boolean} kernels compute with the SIMD kernels? */
  constructor(kernels) {
    const life = `rnn-playground life ${newId()}`;
    this.worker = new Worker(boundScript("worker.js", life), { type: "module" });
    this.remote = Comlink.wrap(this.worker);
    this.worker.onerror = (event) => {
      event.preventDefault();
      this.end(stopped(event.message ?? "its script could not be run"));
    };
    const loaded = new Promise((resolve) => {
      this.worker.addEventListener("message", ({ data: sign }) => {
        if (sign.said === "alive") this.#watch(life);
        if (sign.said === "loaded") resolve(undefined);
        if (sign.said === "lost") {
          this.end(`worker.js or a file it needs could not be loaded (${sign.why})`);
        }
      });
    });
    /** Resolves when Python can be called; never, if that can't be. */
    this.started = loaded.then(() => this.#start(kernels));
  }

  /**
   * Hear of the start and of the end, also if they have already been.
   * @param {(boot: Boot) => void} onBoot
   * @param {(message: string) => void} onEnd the worker is gone, or of no more use
   */
  listen(onBoot, onEnd) {
    this.#onBoot = onBoot;
    this.#onEnd = onEnd;
    if (this.#boot) onBoot(this.#boot);
    if (this.#ended !== null) onEnd(this.#ended);
  }

  /** A browser that is short of memory ends a worker without a word; its lock is free then. @param {string} life */
  #watch(life) {
    const end = () => this.end("Python stopped (the browser has ended it)");
    navigator.locks.request(life, end).catch(() => {});
  }

  /** @param {boolean} kernels */
  async #start(kernels) {
    const report = Comlink.proxy((/** @type {Boot} */ boot) => {
      this.#boot = boot;
      this.#onBoot(boot);
    });
    try {
      await this.remote.boot(report, kernels);
    } catch (error) {
      this.end(/** @type {Error} */ (error).message);
      await forever();
    }
  }

  /**
   * Call a method of rnn_pkg's Session. The worker's mailbox is the queue: calls are answered one
   * after another in the order they were made, so whoever asks for little at a time shares fairly.
   * Rejects with a message to show when Python refuses.
   * @template {keyof Methods} Method
   * @param {Method} method
   * @param {Methods[Method]["parameters"]} values
   * @returns {Promise<Methods[Method]["answer"]>}
   */
  call(method, ...values) {
    return this.#answer(this.remote.call(method, ...values));
  }

  /**
   * Have Python look at a text; it is sent only if it is not the one that Python has.
   * @param {string} text
   */
  describe(text) {
    if (this.#described?.text === text) return this.#described.description;
    const description = this.call("describe", text);
    this.#described = { text, description };
    description.catch(() => (this.#described = null));
    return description;
  }

  /**
   * Begin a run on a text, in place of any other.
   * @param {string} text
   * @param {Config} values
   * @param {boolean} goOn with the network of the present run?
   * @returns {Promise<Status>}
   */
  async begin(text, values, goOn) {
    for (;;) {
      const { text_id } = await this.describe(text);
      const status = await this.call("begin", text_id, values, goOn);
      if (status) return status;
      this.#described = null; // Python has come to another text meanwhile
    }
  }

  /**
   * Put the run on the shelf, as it is once the calls before this are answered.
   * @param {string} id of its page
   * @param {Partial<ShelvedRun>} changes what the page has to say about it
   * @returns {Promise<{ step: number, milliseconds: number }>}
   */
  keep(id, changes) {
    return this.#answer(this.remote.keep(id, changes));
  }

  /**
   * Take up the run of a model file, in place of any other.
   * @param {Uint8Array<ArrayBuffer>} bytes
   */
  load(bytes) {
    return this.#bring(this.call("load", bytes));
  }

  /** Take up a run of the shelf. @param {string} id */
  open(id) {
    return this.#bring(this.#answer(this.remote.open(id)));
  }

  /** A run brings its text with it, which has no need to be sent back. @param {Promise<Loaded>} loading */
  async #bring(loading) {
    const loaded = await loading;
    const { text, description } = loaded;
    this.#described = { text, description: Promise.resolve(description) };
    return loaded;
  }

  /** @param {Promise<{ value?: any, error?: any }>} asked @returns {Promise<any>} */
  async #answer(asked) {
    let answer;
    try {
      answer = await asked;
    } catch (error) {
      // Python answers for its own errors, so this is the end of WebAssembly: mostly of memory.
      this.end(stopped(/** @type {Error} */ (error).message));
      return forever();
    }
    if (answer.error) throw new Error(inWords(answer.error));
    return answer.value;
  }

  /** @param {string} message */
  end(message) {
    if (this.#ended !== null) return;
    this.#ended = message;
    this.worker.terminate();
    this.#onEnd(message);
  }
}

/** @param {string} reason */
const stopped = (reason) => `Python stopped (${reason.replace(/^Uncaught (Error: )?/, "")})`;

/** @param {{ kind: "input" | "internal" | "storage", message: string }} error */
function inWords({ kind, message }) {
  if (kind !== "internal") return message;
  return message.includes("MemoryError") ? NO_MEMORY : `Python met a fault: ${message}`;
}

/** Who waits for a worker that is gone waits here, and is forgotten. */
function forever() {
  return new Promise(() => {});
}
