/**
 * The worker: boots Python in named stages, then passes the page's calls on to rnn_pkg, and carries
 * model files between rnn_pkg and the shelf.
 */

/** @import { PyodideAPI } from "pyodide" */
/** @import { Boot, Runtime, ShelvedRun } from "./types" */

import { Downloads, PATIENCE_MS } from "./downloads.js";
import { fetchKernels, installKernels } from "./kernels/kernels.js";
import * as Comlink from "./lib/comlink.mjs";
import * as shelf from "./shelf.js";

/** @type {PyodideAPI} */
let pyodide;
/** @type {any} rnn_pkg.session.Session, seen from JavaScript */
let session;

/**
 * Start Python with NumPy and rnn_pkg.
 * @param {(boot: Boot) => void} report
 * @param {boolean} withKernels with the SIMD kernels, where they run
 */
async function boot(report, withKernels) {
  let stage = "Reading the list of files";
  try {
    const runtime = await readRuntime();
    stage = "Downloading Python and NumPy";
    const downloads = new Downloads(runtime.files, (loaded, total) => {
      if (loaded >= total) stage = "Starting Python";
      report({ stage, loaded, total });
    });
    const kernels = withKernels ? fetchKernels() : null;
    kernels?.catch(() => {}); // awaited later
    const stopAnswering = downloads.answerFetch();
    pyodide = await Promise.race([startPython(downloads, runtime), downloads.failure]);
    stopAnswering();
    stage = "Starting NumPy and the network";
    report({ stage, loaded: downloads.total, total: downloads.total });
    session = pyodide.runPython("from rnn_pkg.session import Session; Session()");
    if (kernels) await kernels.then((found) => installKernels(pyodide, found)).catch(goOnWithout);
  } catch (error) {
    throw new Error(`${stage}: ${error instanceof Error ? error.message : error}`);
  }
}

/**
 * Start Pyodide. Without some of its files, it would wait for ever.
 * @param {Downloads} downloads
 * @param {Runtime} runtime
 * @returns {Promise<PyodideAPI>}
 */
async function startPython(downloads, { packages }) {
  // Pyodide tries this function to learn what worker it is in; here, Trusted Types forbid that.
  Object.assign(self, { importScripts: undefined });
  const loading = downloads.module("pyodide/pyodide.mjs");
  // Pyodide imports this one by itself; asked for here too, it comes sooner, and is counted.
  downloads.module("pyodide/pyodide.asm.mjs").catch(() => {});
  return (await loading).loadPyodide({ packages });
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

/** @typedef {{ kind: "input" | "internal" | "storage", message: string }} Fault */

/**
 * Call a method of the session.
 * @param {string} method
 * @param {...unknown} values plain values
 * @returns {{ value?: any, error?: Fault }}
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

/**
 * Put the run on the shelf, as it is when this is called.
 * @param {string} id of its page
 * @param {Partial<ShelvedRun>} changes what the page has to say about it
 * @returns {Promise<{ value?: { step: number, milliseconds: number }, error?: Fault }>}
 */
async function keep(id, changes) {
  const began = performance.now();
  const [model, summary] = [call("save"), call("summary")];
  const error = model.error ?? summary.error;
  if (error) return { error };
  try {
    await shelf.writeRun(id, { ...changes, summary: summary.value }, model.value);
  } catch (error) {
    return { error: { kind: "storage", message: shelf.reason(error) } };
  }
  const { step } = summary.value.progress;
  return { value: { step, milliseconds: performance.now() - began } };
}

/**
 * Take up the run of a model file, in place of any other, and tell what settings suit its text.
 * @param {Uint8Array} bytes
 */
function load(bytes) {
  const { value: status, error } = call("load", bytes);
  if (error) return { error };
  return { value: { status, suited: call("describe", status.text).value?.config ?? {} } };
}

/** Take up the run of a page, in place of any other, as `load` does. @param {string} id */
async function open(id) {
  let model;
  try {
    model = await shelf.readModel(id);
  } catch (error) {
    return { error: { kind: "storage", message: shelf.reason(error) } };
  }
  if (model) return call("load", model);
  return { error: { kind: "input", message: "its model file is missing" } };
}

Comlink.expose({ boot, call, keep, load, open });
