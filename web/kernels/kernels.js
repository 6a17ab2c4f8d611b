/** Brings the SIMD kernels into Pyodide: they work on the memory that holds NumPy's arrays. */

/** @import { PyodideAPI } from "pyodide" */

/**
 * Have rnn_pkg compute with the kernels. Fails where there is no SIMD, or no way to the memory.
 * @param {PyodideAPI} pyodide with rnn_pkg loaded
 */
export async function installKernels(pyodide) {
  const [wasm, python] = await Promise.all(["kernels.wasm", "simd.py"].map(bring));
  /** @type {{ memory: WebAssembly.Memory }} */
  const { memory } = /** @type {any} */ (pyodide)._module;
  const { instance } = await WebAssembly.instantiate(wasm, { env: { memory } });
  pyodide.FS.writeFile("simd.py", new Uint8Array(python));
  const simd = pyodide.pyimport("simd");
  simd.install(instance.exports);
  simd.destroy();
}

/** @param {string} file */
async function bring(file) {
  const response = await fetch(new URL(file, import.meta.url));
  if (!response.ok) throw new Error(`could not load ${file} (${response.status})`);
  return response.arrayBuffer();
}
