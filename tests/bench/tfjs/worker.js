/** The worker: starts TensorFlow.js, then is asked for `begin`, `run` and `parameters`. */

const LIBRARY = new URL("node_modules/@tensorflow/", location.href);
const WASM = new URL("tfjs-backend-wasm/dist/", LIBRARY);

importScripts(new URL("tfjs-core/dist/tf-core.min.js", LIBRARY));
importScripts(new URL("tfjs-layers/dist/tf-layers.min.js", LIBRARY)); // registers the gradients
importScripts(new URL("tf-backend-wasm.min.js", WASM));
importScripts("training.js", "plain.js", "tuned.js");

const WAYS = { tfjs: Plain, "tfjs-tuned": Tuned };

/** The version of TensorFlow.js, when it can compute. @type {Promise<string>} */
const ready = start();
/** @type {Training} */
let training;

async function start() {
  tf.wasm.setWasmPaths(WASM.href);
  await tf.setBackend("wasm");
  if (!(await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT"))) throw new Error("no SIMD here");
  return tf.version_core;
}

/**
 * Begin a training, and warm up.
 * @param {keyof WAYS} way
 * @param {Task} task
 * @param {number} steps to warm up
 * @returns {number[]} their losses
 */
function begin(way, task, steps) {
  training?.dispose();
  training = new WAYS[way](task);
  return Array.from({ length: steps }, () => training.step());
}

/**
 * Train for so many seconds, but at least one step.
 * @param {number} seconds
 * @returns {{ steps: number, seconds: number }} the steps that were done, and how long it took
 */
function run(seconds) {
  const start = performance.now();
  let [steps, spent] = [0, 0];
  do {
    training.step();
    steps += 1;
    spent = (performance.now() - start) / 1000;
  } while (spent < seconds);
  return { steps, seconds: spent };
}

/** @returns {Promise<Record<string, string>>} the values of each parameter, in base64 */
async function parameters() {
  const packed = Object.entries(training.parameters).map(async ([name, parameter]) => [
    name,
    toBase64(await parameter.data()),
  ]);
  return Object.fromEntries(await Promise.all(packed));
}
