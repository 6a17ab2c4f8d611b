/** Brings the SIMD kernels into Pyodide: they work on the memory that holds NumPy's arrays. */

/** @import { PyodideAPI } from "pyodide" */

import { PATIENCE_MS } from "../downloads.js";

/** The same kernels; the first are faster, but not every browser has relaxed SIMD. */
const MODULES = ["kernels-relaxed.wasm", "kernels.wasm"];

/** @typedef {{ python: ArrayBuffer, module: WebAssembly.Module }} Kernels */

/**
 * Fetch the kernels. Fails where there is no SIMD.
 * @param {string[]} modules of which the first that runs here is taken
 * @returns {Promise<Kernels>}
 */
export async function fetchKernels(modules = MODULES) {
  const [python, module] = await Promise.all([bring("simd.py"), firstToCompile(modules)]);
  return { python, module };
}

/**
 * Have rnn_pkg compute with the kernels. Fails where there is no way to Python's memory.
 * @param {PyodideAPI} pyodide with rnn_pkg loaded
 * @param {Kernels} kernels
 */
export async function installKernels(pyodide, { python, module }) {
  /** @type {{ memory: WebAssembly.Memory }} */
  const { memory } = /** @type {any} */ (pyodide)._module;
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  pyodide.FS.writeFile("simd.py", new Uint8Array(python));
  const simd = pyodide.pyimport("simd");
  simd.install(pyodide.toPy({ ...exports }));
  simd.destroy();
}

/** @param {string[]} files @returns {Promise<WebAssembly.Module>} */
async function firstToCompile([file, ...others]) {
  const bytes = await bring(file);
  if (others.length > 0 && !WebAssembly.validate(bytes)) return firstToCompile(others);
  return WebAssembly.compile(bytes);
}

/** @param {string} file */
async function bring(file) {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const response = await fetch(new URL(file, import.meta.url), { signal });
  if (!response.ok) throw new Error(`could not load ${file} (${response.status})`);
  return response.arrayBuffer();
}
