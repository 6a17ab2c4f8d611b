/**
 * The first worker: starts Python, then passes the page's calls on to rnn_pkg, and carries model
 * files between rnn_pkg and the shelf. Further workers may help it to train.
 */

/** @import { Boot, Desk, Machine, Place, ShelvedRun } from "./types" */

import * as Comlink from "./lib/comlink.mjs";
import { Python } from "./python.js";
import * as shelf from "./shelf.js";
import { Team } from "./team.js";

/** Python, NumPy and rnn_pkg start at once: the page is too busy to ask for it so soon. */
const python = new Python("from rnn_pkg.page.session import Session; Session");

/** @type {any} rnn_pkg.page.session.Session, seen from JavaScript */
let session;

/** Only what learns a text is large enough to be shared. */
const SHARED = "text";
const team = new Team((method, ...values) => call(SHARED, method, ...values));

/** What is asked of Python last. @type {Promise<unknown>} */
let last = Promise.resolve();

/**
 * Ask one thing of Python after another, though some wait for other workers.
 * @template Value
 * @param {() => Value | Promise<Value>} what
 * @returns {Promise<Value>}
 */
function inTurn(what) {
  const mine = last.then(what);
  last = mine.catch(() => {}); // whoever has asked hears of it
  return mine;
}

/**
 * Have Python ready, and tell how far that is.
 * @param {(boot: Boot) => void} tell
 * @param {boolean} withKernels
 * @param {Machine} machine
 */
async function boot(tell, withKernels, { cores, memory, phone }) {
  const Session = await python.boot(tell, withKernels);
  session = Session(cores, memory, phone);
}

/** @typedef {{ kind: "input" | "internal" | "storage", message: string }} Fault */

/**
 * Call a method of the session.
 * @param {Desk} place whose run it is about, or the lessons
 * @param {string} method
 * @param {...unknown} values plain values
 * @returns {{ value?: any, error?: Fault }}
 */
function call(place, method, ...values) {
  const { pyodide } = python;
  const inPython = values.map((value) => pyodide.toPy(value));
  const answer = session.call(place, method, ...inPython);
  try {
    return answer.toJs({ dict_converter: Object.fromEntries });
  } finally {
    answer.destroy();
    for (const value of inPython) value?.destroy?.();
  }
}

/**
 * Call a method for the page, once all before are answered; training is shared with other workers.
 * @param {Desk} place
 * @param {string} method
 * @param {...any} values
 */
function answer(place, method, ...values) {
  const isTraining = place === SHARED && (method === "train" || method === "step");
  const isShared = () => isTraining && team.helps;
  return inTurn(async () => {
    const lacking = await lack(place === "cells" || runsOwnCell(method, values));
    if (lacking) return lacking;
    return isShared() ? team.train(...values) : call(place, method, ...values);
  });
}

/** Is it the source of a cell that this begins or goes on with? @param {string} method @param {any[]} values */
function runsOwnCell(method, values) {
  if (method === "begin") return Boolean(values[1].cell_source);
  return method === "load" && Boolean(call("text", "cell_source", values[0]).value);
}

/**
 * Have there what cells need that somebody writes, if they are needed.
 * @param {boolean} isNeeded
 * @returns {Promise<{ error: Fault } | undefined>} why it can't be had
 */
async function lack(isNeeded) {
  if (!isNeeded) return undefined;
  try {
    await python.needCells();
    return undefined;
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    return { error: { kind: "input", message: `What own cells need is missing: ${message}` } };
  }
}

/**
 * Put the run of a place on the shelf, as it is when this is called.
 * @param {Place} place
 * @param {string} id of its page
 * @param {Partial<ShelvedRun>} changes what the page has to say about it
 * @returns {Promise<{ value?: { step: number, milliseconds: number }, error?: Fault }>}
 */
async function keep(place, id, changes) {
  const [began, model, summary] = await inTurn(() => [
    performance.now(),
    call(place, "save"),
    call(place, "summary"),
  ]);
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
 * Take up the run of a page, in place of any other.
 * @param {Place} place
 * @param {string} id
 * @param {string[]} agreed hashes of cells' sources that may be run
 */
async function open(place, id, agreed) {
  let model;
  try {
    model = await shelf.readModel(id);
  } catch (error) {
    return { error: { kind: "storage", message: shelf.reason(error) } };
  }
  if (model) return answer(place, "load", model, agreed);
  return { error: { kind: "input", message: "its model file is missing" } };
}

/** @param {string} name of a further worker @param {MessagePort} port it talks through */
const join = (name, port) => team.join(name, port);

/** @param {string} name of a further worker that has ended @param {boolean} isLost */
const leave = (name, isLost) => team.leave(name, isLost);

Comlink.expose({ boot, call: answer, keep, open, join, leave });
