/** The boxes for settings: from what is typed to what Python is given, and back. */

/** @import { Config, Field } from "./types" */

import { plain, readNumber } from "./numbers.js";

/** Stands for a cell that somebody wrote, in the place of a cell's name. */
export const OWN = "own";

/**
 * What people call one of a field's choices, such as a cell.
 * @param {Field[]} fields
 * @param {string} name
 * @param {string | number} choice
 */
export const choiceLabel = (fields, name, choice) =>
  fields.find((field) => field.name === name)?.choices?.[choice] ?? String(choice);

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
  if (settings.cell === OWN) values.cell_source = settings.cell_source ?? "";
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
