/** A further worker: it takes the steps that the first worker asks for, in a Python of its own. */

import { Python } from "./python.js";

const python = new Python("from rnn_pkg.page.helper import Helper; Helper()");

/** @type {(event: MessageEvent<{ port: MessagePort, kernels: boolean, cells: boolean }>) => Promise<void>} */
self.onmessage = async ({ data: { port, kernels, cells } }) => {
  try {
    const helper = await python.boot(() => {}, kernels);
    if (cells) await python.needCells();
    port.onmessage = ({ data: order }) => endOnError(() => follow(helper, order, port));
    port.postMessage({});
  } catch (error) {
    end(error);
  }
};

/**
 * @param {any} helper rnn_pkg.page.helper.Helper, seen from JavaScript
 * @param {Uint8Array} order
 * @param {MessagePort} port
 */
function follow(helper, order, port) {
  const asked = python.pyodide.toPy(order);
  const answer = helper.follow(asked);
  const [lesson, place] = answer.toJs();
  answer.destroy();
  asked.destroy?.();
  port.postMessage({ lesson, place }, [lesson.buffer]);
}

/** @param {() => void} what */
function endOnError(what) {
  try {
    what();
  } catch (error) {
    end(error);
  }
}

/** Nothing is lost with it, and the page notices by itself. @param {unknown} error */
function end(error) {
  console.warn(`A worker has ended: ${error instanceof Error ? error.message : error}`);
  self.close();
}
