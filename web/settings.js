/** The boxes for settings: from what is typed to what Python is given, and back. */

/** @import { RowField } from "./fieldrow.js" */
/** @import { Config, Field, NumberField, WritingNumber } from "./types" */

import { plain, readNumber } from "./numbers.js";

/**
 * What a text is written with; all but the length are explained beside their boxes.
 * @type {Record<"length", NumberField> & Record<Exclude<WritingNumber, "length">, RowField>}
 */
export const writingFields = {
  length: { label: "Length", kind: "integer", default: 300, minimum: 1, maximum: 10_000 },
  topK: {
    ...{ label: "Top-k", kind: "integer", default: 0, minimum: 0, maximum: 10_000 },
    help: "Choose only among the k likeliest characters. 0: among all.",
  },
  topP: {
    ...{ label: "Top-p", kind: "number", default: 1, minimum: 0.01, maximum: 1 },
    help:
      "Choose only among the likeliest characters that together have the probability p. 1: among " +
      "all.",
  },
  writingSeed: {
    ...{ label: "Writing seed", kind: "integer", default: "" },
    ...{ minimum: 0, maximum: 2 ** 32 - 1, optional: true },
    help: "The same network writes the same text with the same seed. Empty: a new text each time.",
  },
};

/** What the page calls the choices that Python knows by these names. @type {Record<string, string>} */
const CHOICES = {
  rnn: "RNN",
  lstm: "LSTM",
  gru: "GRU",
  sgd: "SGD",
  rmsprop: "RMSprop",
  adam: "Adam",
  inverse_sqrt: "inverse square root",
  text: "as it stands",
  lines: "line by line",
};

/** What to call one of a field's choices, such as a cell. @param {string | number} choice */
export const choiceLabel = (choice) => CHOICES[choice] ?? String(choice);

/** @param {Field} field @param {string | undefined} typed @param {string | number} value */
export function sameSetting(field, typed, value) {
  if (typed === undefined) return false;
  const read = readSetting(field, typed);
  return read.problem === undefined && read.value === value;
}

/**
 * Read one box: its value, or what is wrong with it.
 * @param {Field} field
 * @param {string} typed
 * @returns {{ value: string | number | undefined, problem?: undefined } | { problem: string }}
 */
export function readSetting(field, typed) {
  return field.kind === "choice" ? { value: typed } : readNumber(field, typed);
}

/**
 * Read all boxes.
 * @param {Field[]} fields
 * @param {Record<string, string>} settings
 * @returns {{ values: Config, problems: Record<string, string> }} problems by field name
 */
export function readSettings(fields, settings) {
  /** @type {Config} */
  const values = {};
  /** @type {Record<string, string>} */
  const problems = {};
  for (const field of fields) {
    const read = readSetting(field, settings[field.name] ?? "");
    if (read.problem !== undefined) problems[field.name] = read.problem;
    else if (read.value !== undefined) values[field.name] = read.value;
  }
  return { values, problems };
}

/**
 * What the boxes show for these values.
 * @param {Config} config
 * @returns {Record<string, string>}
 */
export function asTyped(config) {
  const typed = (/** @type {string | number} */ value) =>
    typeof value === "number" ? plain(value) : value;
  return Object.fromEntries(Object.entries(config).map(([name, value]) => [name, typed(value)]));
}
