/** The boxes of the network panel: from what is typed to what Python is given, and back. */

/** @import { Config, Field } from "./types" */

/** @param {string | undefined} typed @param {string | number} value */
export function sameSetting(typed, value) {
  if (typed === undefined) return false;
  return typeof value === "number"
    ? typed.trim() !== "" && Number(typed) === value
    : typed === value;
}

/**
 * Read one box: its value, or what is wrong with it.
 * @param {Field} field
 * @param {string} typed
 * @returns {{ value: string | number, problem?: undefined } | { problem: string }}
 */
export function readSetting(field, typed) {
  if (field.kind === "choice") return { value: typed };
  const { label, minimum = -Infinity, maximum = Infinity } = field;
  const value = typed.trim() === "" ? NaN : Number(typed);
  const whole = field.kind === "integer";
  if (value >= minimum && value <= maximum && (!whole || Number.isInteger(value))) return { value };
  const number = whole ? "a whole number" : "a number";
  const instead = typed.trim() === "" ? "" : `, not ${typed}`;
  return { problem: `${label} must be ${number} from ${minimum} to ${maximum}${instead}.` };
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
    if (read.problem === undefined) values[field.name] = read.value;
    else problems[field.name] = read.problem;
  }
  return { values, problems };
}

/**
 * What the boxes show for these values.
 * @param {Config} config
 * @returns {Record<string, string>}
 */
export function asTyped(config) {
  return Object.fromEntries(Object.entries(config).map(([name, value]) => [name, String(value)]));
}
