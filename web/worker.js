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
/** @type {any} rnn_pkg.page.session.Session, seen from JavaScript */
let session;

const MODULES = ["pyodide/pyodide.mjs", "pyodide/pyodide.asm.mjs"];

/** How far the start is. @type {Boot} */
let reached = { stage: "Reading the list of files", loaded: 0, total: 0 };
/** Whom to tell. @type {(boot: Boot) => void} */
let report = () => {};

/** Python, NumPy and rnn_pkg start at once: the page is too busy to ask for it so soon. */
const started = start();
started.catch(() => {}); // awaited later

async function start() {
  // Pyodide tries this function to learn what worker it is in; here, Trusted Types forbid that.
  Object.assign(self, { importScripts: undefined });
  // Pyodide imports the second one by itself; asked for here too, it comes sooner, and is counted.
  const modules = MODULES.map((path) => import(new URL(path, import.meta.url).href));
  for (const module of modules) module.catch(() => {}); // awaited later
  const { files, packages, numbers } = await readRuntime();
  progress({ stage: "Downloading Python and NumPy", numbers });
  const downloads = new Downloads(files, (loaded, total) => {
    const isAll = loaded >= total;
    progress({ loaded, total, ...(isAll && { stage: "Starting Python" }) });
  });
  const [loading] = modules.map((module, i) => downloads.module(MODULES[i], module));
  const stopAnswering = downloads.answerFetch();
  const loadPyodide = async () => (await loading).loadPyodide({ packages });
  // Without some of its files, it would wait for ever.
  pyodide = await Promise.race([loadPyodide(), downloads.failure]);
  stopAnswering();
  progress({ stage: "Starting NumPy and the network" });
  session = pyodide.runPython("from rnn_pkg.page.session import Session; Session()");
}

/** @param {Partial<Boot>} changes */
function progress(changes) {
  reached = { ...reached, ...changes };
  report(reached);
}

/**
 * Have Python ready, and tell how far that is.
 * @param {(boot: Boot) => void} tell
 * @param {boolean} withKernels with the SIMD kernels, where they run
 */
async function boot(tell, withKernels) {
  report = tell;
  report(reached);
  const kernels = withKernels ? fetchKernels() : null;
  kernels?.catch(() => {}); // awaited later
  try {
    await started;
    if (kernels) await kernels.then((found) => installKernels(pyodide, found)).catch(goOnWithout);
  } catch (error) {
    throw new Error(`${reached.stage}: ${error instanceof Error ? error.message : error}`);
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

/** Take up the run of a page, in place of any other. @param {string} id */
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

Comlink.expose({ boot, call, keep, open });
