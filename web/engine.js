/** The page's side of the worker: start it, call it, hear of its end. */

/** @import { Boot, Config, Description, Desk, Loaded, Machine, Methods, Place, ShelvedRun, Status, TableChoices } from "./types" */

import { BoundWorker, stopped } from "./boundworker.js";
import { agreedHashes } from "./agreed.js";
import { Helpers } from "./helpers.js";
import * as Comlink from "./lib/comlink.mjs";

const NO_MEMORY =
  "there is not enough memory for this: choose fewer hidden units or layers, or a smaller batch";

/** Whoever waits longer for an answer may want to know. */
const SILENT_MS = 5000;

/**
 * What is to be learned at a place: a text; or a table, with what is settled about it. And, if
 * somebody has said it, what else depends on: how many workers learn the text, the table's season.
 * @typedef {{ place: Place, text: string, choices: TableChoices, workers?: number, season?: number }} Subject
 */

export class Engine {
  /** Where on the page one is: what Python is asked for there is about the run of that place.
   * @type {Place} */
  place = "text";
  /** How far the start is. @type {Boot | null} */
  #boot = null;
  /** What Python has at each place, as far as is known here, and what it says of it.
   * @type {Partial<Record<Place, { subject: Subject, description: Promise<Description> }>>} */
  #described = {};
  /** Why the worker is gone, or of no more use. @type {string | null} */
  #ended = null;
  /** @type {(boot: Boot) => void} */
  #onBoot = () => {};
  /** @type {(message: string) => void} */
  #onEnd = () => {};
  /** @type {(isSilent: boolean) => void} */
  #onSilence = () => {};
  #isSilent = false;

  /**
   * Start a worker, and Python in it.
   * @param {boolean} kernels compute with the SIMD kernels?
   * @param {number} mostWorkers this one and those that help it
   */
  constructor(kernels, mostWorkers) {
    this.mostWorkers = mostWorkers;
    const { worker, loaded } = (this.first = new BoundWorker("worker.js", (message) => {
      this.helpers.muster(0);
      this.#ended = message;
      this.#onEnd(message);
    }));
    this.remote = Comlink.wrap(worker);
    this.helpers = new Helpers(this.remote, kernels);
    /** Resolves when Python can be called; never, if that can't be. */
    this.started = loaded.then(() => this.#start(kernels));
  }

  /**
   * Hear of the start and of the end, also if they have already been.
   * @param {(boot: Boot) => void} onBoot
   * @param {(message: string) => void} onEnd the worker is gone, or of no more use
   * @param {(isSilent: boolean) => void} [onSilence] for long, something hasn't been answered; or it is
   */
  listen(onBoot, onEnd, onSilence = () => {}) {
    this.#onBoot = onBoot;
    this.#onEnd = onEnd;
    this.#onSilence = onSilence;
    if (this.#boot) onBoot(this.#boot);
    if (this.#ended !== null) onEnd(this.#ended);
  }

  /** @param {boolean} kernels */
  async #start(kernels) {
    const report = Comlink.proxy((/** @type {Boot} */ boot) => {
      this.#boot = boot;
      this.#onBoot(boot);
    });
    try {
      await this.remote.boot(report, kernels, machine());
    } catch (error) {
      this.first.end(/** @type {Error} */ (error).message);
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
    return this.callAt(this.place, method, ...values);
  }

  /**
   * Call one about the run of a place, be the page there or not; or one of the lessons.
   * @template {keyof Methods} Method
   * @param {Desk} place
   * @param {Method} method
   * @param {Methods[Method]["parameters"]} values
   * @returns {Promise<Methods[Method]["answer"]>}
   */
  callAt(place, method, ...values) {
    return this.#answer(this.remote.call(place, method, ...values));
  }

  /** Have Python look at something to learn; it is sent only if Python hasn't got it. @param {Subject} subject */
  describe(subject) {
    const { place, text, choices, workers, season } = subject;
    const last = this.#described[place];
    if (last && isSame(last.subject, subject)) return last.description;
    const description =
      place === "text"
        ? this.callAt(place, "describe", text, workers)
        : this.callAt(place, "describe_table", text, choices, season);
    this.#described[place] = { subject, description };
    description.catch(() => this.#forget(place));
    return description;
  }

  /** @param {Place} place */
  #forget(place) {
    delete this.#described[place];
  }

  /**
   * Begin a run, in place of any other.
   * @param {Subject} subject
   * @param {Config} values
   * @param {boolean} goOn with the network of the present run?
   * @returns {Promise<Status>}
   */
  async begin(subject, values, goOn) {
    for (;;) {
      const { text_id } = await this.describe(subject);
      const status = await this.callAt(subject.place, "begin", text_id, values, goOn);
      if (status) return status;
      this.#forget(subject.place); // Python has come to something else meanwhile
    }
  }

  /**
   * Put the run of a place on the shelf, as it is once the calls before this are answered.
   * @param {Place} place
   * @param {string} id of its page
   * @param {Partial<ShelvedRun>} changes what the page has to say about it
   * @returns {Promise<{ step: number, milliseconds: number }>}
   */
  keep(place, id, changes) {
    return this.#answer(this.remote.keep(place, id, changes));
  }

  /**
   * Take up the run of a model file, in place of any other.
   * @param {Uint8Array<ArrayBuffer>} bytes
   */
  load(bytes) {
    return this.#bring(this.call("load", bytes, agreedHashes()));
  }

  /** Take up a run of the shelf. @param {string} id */
  open(id) {
    return this.#bring(this.#answer(this.remote.open(this.place, id, agreedHashes())));
  }

  /** A run brings with it what it learns, which has no need to be sent back. @param {Promise<Loaded>} loading */
  async #bring(loading) {
    const { place } = this;
    const loaded = await loading;
    const { text, choices, description } = loaded;
    const subject = { place, text, choices };
    this.#described[place] = { subject, description: Promise.resolve(description) };
    return loaded;
  }

  /** @param {Promise<{ value?: any, error?: any }>} asked @returns {Promise<any>} */
  async #answer(asked) {
    let answer;
    const bell = setTimeout(() => this.#ring(), SILENT_MS);
    try {
      answer = await asked;
    } catch (error) {
      // Python answers for its own errors, so this is the end of WebAssembly: mostly of memory.
      this.first.end(stopped(/** @type {Error} */ (error).message));
      return forever();
    } finally {
      clearTimeout(bell);
      if (this.#isSilent) this.#onSilence((this.#isSilent = false));
    }
    if (answer.error) throw new Error(inWords(answer.error));
    return answer.value;
  }

  /** Something hasn't been answered for long, by a worker that is there. */
  #ring() {
    if (this.#ended === null) this.#onSilence((this.#isSilent = true));
  }

  /**
   * Have so many further workers help to train from here on, once they are there.
   * @param {number} helpers
   * @param {boolean} cells with a cell that somebody wrote?
   */
  muster(helpers, cells) {
    const most = Math.min(helpers, this.mostWorkers - 1);
    if (this.#ended === null) this.helpers.muster(most, cells);
  }
}

/** Is this the same to learn? @param {Subject} one @param {Subject} other */
const isSame = (one, other) =>
  one.text === other.text &&
  one.choices === other.choices &&
  one.workers === other.workers &&
  one.season === other.season;

/** What the browser tells of the machine. @returns {Machine} */
function machine() {
  const { hardwareConcurrency, deviceMemory, maxTouchPoints, userAgent, userAgentData } =
    /** @type {Navigator & { deviceMemory?: number, userAgentData?: { mobile: boolean } }} */ (
      navigator
    );
  return {
    cores: hardwareConcurrency ?? 1,
    memory: deviceMemory,
    // A tablet doesn't call itself mobile, and an iPad calls itself a Macintosh, which has no touch.
    phone:
      userAgentData?.mobile ||
      /Mobi|Android/.test(userAgent) ||
      (/Macintosh/.test(userAgent) && maxTouchPoints > 1),
  };
}

/** @param {{ kind: "input" | "internal" | "storage", message: string }} error */
function inWords({ kind, message }) {
  if (kind !== "internal") return message;
  return message.includes("MemoryError") ? NO_MEMORY : `Python met a fault: ${message}`;
}

/** Who waits for a worker that is gone waits here, and is forgotten. */
function forever() {
  return new Promise(() => {});
}
