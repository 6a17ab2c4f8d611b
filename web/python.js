/** Starts Python, NumPy and rnn_pkg in a worker, in named stages. */

/** @import { PyodideAPI } from "pyodide" */
/** @import { Boot, Runtime } from "./types" */

import { Downloads, PATIENCE_MS } from "./downloads.js";
import { fetchKernels, installKernels } from "./kernels/kernels.js";

const MODULES = ["pyodide/pyodide.mjs", "pyodide/pyodide.asm.mjs"];

export class Python {
  /** How far the start is. @type {Boot} */
  #reached = { stage: "Reading the list of files", loaded: 0, total: 0 };
  /** Whom to tell. @type {(boot: Boot) => void} */
  #report = () => {};
  /** @type {Promise<any>} */
  #started;
  /** What cells need that somebody writes. @type {Runtime["cells"]} */
  #forCells = {};
  /** Resolves when that is there. @type {Promise<void> | null} */
  #cells = null;

  /** Start at once. @param {string} code what to run then; its value is what `boot` returns */
  constructor(code) {
    this.#started = this.#start(code);
    this.#started.catch(() => {}); // awaited later
  }

  /** @param {string} code */
  async #start(code) {
    // Pyodide tries this function to learn what worker it is in; here, Trusted Types forbid that.
    Object.assign(self, { importScripts: undefined });
    // Pyodide imports the second one by itself; asked for here too, it comes sooner, and is counted.
    const modules = MODULES.map((path) => import(new URL(path, import.meta.url).href));
    for (const module of modules) module.catch(() => {}); // awaited later
    const { files, packages, numbers, cells } = await readRuntime();
    this.#forCells = cells;
    this.#progress({ stage: "Downloading Python and NumPy", numbers });
    const downloads = new Downloads(files, (loaded, total) => {
      const isAll = loaded >= total;
      this.#progress({ loaded, total, ...(isAll && { stage: "Starting Python" }) });
    });
    const [loading] = modules.map((module, i) => downloads.module(MODULES[i], module));
    const stopAnswering = downloads.answerFetch();
    const loadPyodide = async () => (await loading).loadPyodide({ packages });
    // Without some of its files, it would wait for ever.
    /** @type {PyodideAPI} */
    this.pyodide = await Promise.race([loadPyodide(), downloads.failure]);
    stopAnswering();
    this.#progress({ stage: "Starting NumPy and the network" });
    return this.pyodide.runPython(code);
  }

  /** Have Python ready for cells that somebody writes; they need more than others. */
  needCells() {
    this.#cells ??= this.#addCells().catch((error) => {
      this.#cells = null; // the next one who needs it tries again
      throw error;
    });
    return this.#cells;
  }

  async #addCells() {
    const downloads = new Downloads(this.#forCells, () => {});
    const numpy = this.pyodide.pyimport("numpy");
    const extractDir = numpy.__file__.replace(/numpy\/[^/]*$/, "");
    numpy.destroy();
    for (const archive of await downloads.all()) {
      this.pyodide.unpackArchive(await archive.arrayBuffer(), "zip", { extractDir });
    }
    this.pyodide.runPython("import importlib; importlib.invalidate_caches()");
  }

  /** @param {Partial<Boot>} changes */
  #progress(changes) {
    this.#reached = { ...this.#reached, ...changes };
    this.#report(this.#reached);
  }

  /**
   * Have Python ready, and tell how far that is.
   * @param {(boot: Boot) => void} tell
   * @param {boolean} withKernels with the SIMD kernels, where they run
   * @returns {Promise<any>} the value of the code that was run
   */
  async boot(tell, withKernels) {
    this.#report = tell;
    tell(this.#reached);
    const kernels = withKernels ? fetchKernels() : null;
    kernels?.catch(() => {}); // awaited later
    try {
      const value = await this.#started;
      if (kernels) {
        await kernels.then((found) => installKernels(this.pyodide, found)).catch(goOnWithout);
      }
      return value;
    } catch (error) {
      const why = error instanceof Error ? error.message : error;
      throw new Error(`${this.#reached.stage}: ${why}`);
    }
  }
}

/** NumPy computes the same, only slower; the header says so. @param {unknown} error */
function goOnWithout(error) {
  console.warn(`No SIMD kernels: ${error instanceof Error ? error.message : error}`);
}

/**
 * Read what this release is made of; of all files, this one is always asked for anew.
 * @returns {Promise<Runtime>}
 */
async function readRuntime() {
  const address = new URL("runtime.json", import.meta.url);
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const response = await fetch(address, { cache: "no-cache", signal }).catch((error) => error);
  if (response.ok) return response.json();
  throw new Error(`could not load runtime.json (${response.status ?? response.message})`);
}
