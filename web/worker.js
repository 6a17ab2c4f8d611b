/** The worker: boots Python in named stages, then passes the page's calls on to rnn_pkg. */

/** @import { PyodideAPI } from "pyodide" */
/** @import { Boot } from "./types" */

import * as Comlink from "./lib/comlink.mjs";

const REPORT_EVERY_MS = 50;
const here = new URL("./", import.meta.url);

/** @type {PyodideAPI} */
let pyodide;
/** @type {any} rnn_pkg.session.Session, seen from JavaScript */
let session;

/** The bytes of each file the runtime needs, and how many of them have arrived. */
class Downloads {
  /** @param {Record<string, number>} files @param {(loaded: number, total: number) => void} report */
  constructor(files, report) {
    this.files = files;
    this.report = report;
    this.loaded = 0;
    this.nextReport = 0;
    this.total = Object.values(files).reduce((sum, bytes) => sum + bytes, 0);
    /** Rejects when a file can't be had; Pyodide itself would wait for ever. */
    this.failure = new Promise((_, reject) => (this.fail = reject));
    this.failure.catch(() => {});
  }

  /** @param {string} path @param {unknown} reason */
  lost(path, reason) {
    const error = new Error(`could not load ${path} (${reason instanceof Error ? reason.message : reason})`);
    this.fail(error);
    return error;
  }

  /** @param {number} bytes */
  arrived(bytes) {
    this.loaded += bytes;
    const now = performance.now();
    if (now < this.nextReport && this.loaded < this.total) return;
    this.nextReport = now + REPORT_EVERY_MS;
    this.report(this.loaded, this.total);
  }

  /** Import a module of the site. @param {string} path */
  async module(path) {
    try {
      const module = await import(new URL(path, here).href);
      this.arrived(this.files[path] ?? 0);
      return module;
    } catch (error) {
      throw this.lost(path, error);
    }
  }

  /** Count what fetch brings. The answer itself goes on untouched, so WebAssembly can stream it. */
  watchFetch() {
    const fetch = self.fetch;
    self.fetch = async (resource, options) => {
      const url = new URL(resource instanceof Request ? resource.url : resource, here).href;
      const path = url.replace(here.href, "");
      try {
        const response = await fetch(resource, options);
        if (!response.ok) throw new Error(`the server answered ${response.status}`);
        if (path in this.files) this.count(path, response.clone());
        return response;
      } catch (error) {
        throw this.lost(path, error);
      }
    };
    return () => (self.fetch = fetch);
  }

  /** @param {string} path @param {Response} response */
  async count(path, response) {
    try {
      const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        this.arrived(part.value.length);
      }
    } catch (error) {
      this.lost(path, error);
    }
  }
}

/** Start Python with NumPy and rnn_pkg. @param {(boot: Boot) => void} report */
async function boot(report) {
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
    pyodide = await Promise.race([loadPyodide({ packages: runtime.packages }), downloads.failure]);
    stopWatching();
    stage = "Starting NumPy and the network";
    report({ stage, loaded: downloads.total, total: downloads.total });
    session = pyodide.runPython("from rnn_pkg.session import Session; Session()");
  } catch (error) {
    throw new Error(`${stage}: ${error instanceof Error ? error.message : error}`);
  }
}

/** @returns {Promise<{ packages: string[], files: Record<string, number> }>} */
async function readRuntime() {
  const response = await fetch(new URL("runtime.json", here)).catch((error) => error);
  if (!response.ok) throw new Error(`could not load runtime.json (${response.status ?? response.message})`);
  return response.json();
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
