/** The worker: boots Python in named stages, then passes the page's calls on to rnn_pkg. */

/** @import { PyodideAPI } from "pyodide" */
/** @import { Boot } from "./types" */

import { Downloads } from "./downloads.js";
import { installKernels } from "./kernels/kernels.js";
import * as Comlink from "./lib/comlink.mjs";

/** @type {PyodideAPI} */
let pyodide;
/** @type {any} rnn_pkg.session.Session, seen from JavaScript */
let session;

/**
 * Start Python with NumPy and rnn_pkg.
 * @param {(boot: Boot) => void} report
 * @param {boolean} kernels with the SIMD kernels, where they run
 */
async function boot(report, kernels) {
  let stage = "Reading the list of files";
  try {
    const runtime = await readRuntime();
    stage = "Downloading Python and NumPy";
    const downloads = new Downloads(runtime.files, (loaded, total) => {
      if (loaded >= total) stage = "Starting Python";
      report({ stage, loaded, total });
    });
    const stopWatching = downloads.watchFetch();
    const { loadPyodide } = await downloads.module("pyodide/pyodide.mjs");
    // Pyodide imports this one by itself; asked for here too, it is counted, not loaded twice.
    downloads.module("pyodide/pyodide.asm.mjs").catch(() => {});
    // Without some of its files, Pyodide would wait for ever.
    pyodide = await Promise.race([loadPyodide({ packages: runtime.packages }), downloads.failure]);
    stopWatching();
    stage = "Starting NumPy and the network";
    report({ stage, loaded: downloads.total, total: downloads.total });
    session = pyodide.runPython("from rnn_pkg.session import Session; Session()");
    if (kernels) await installKernels(pyodide).catch(goOnWithout);
  } catch (error) {
    throw new Error(`${stage}: ${error instanceof Error ? error.message : error}`);
  }
}

/** NumPy computes the same, only slower; the header says so. @param {unknown} error */
function goOnWithout(error) {
  console.warn(`No SIMD kernels: ${error instanceof Error ? error.message : error}`);
}

/** @returns {Promise<{ packages: string[], files: Record<string, number> }>} */
async function readRuntime() {
  const response = await fetch(new URL("runtime.json", import.meta.url)).catch((error) => error);
  if (response.ok) return response.json();
  throw new Error(`could not load runtime.json (${response.status ?? response.message})`);
}

/**
 * Call a method of the session.
 * @param {string} method
 * @param {...unknown} values plain values
 * @returns {{ value?: any, error?: { kind: "input" | "internal", message: string } }}
 */
function call(method, ...values) {
  const inPython = values.map((value) => pyodide.toPy(value));
  const answer = session.call(method, ...inPython);
  try {
    return answer.toJs({ dict_converter: Object.fromEntries });
  } finally {
    answer.destroy();
    for (const value of inPython) value?.destroy?.();
  }
}

Comlink.expose({ boot, call });
