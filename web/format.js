/** How numbers are written on the page. */

/** @import { HiddenUnit, Unit } from "./types" */

const NOT_YET = "–";
const counts = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
/** Five digits, or all of a whole number. */
const fiveDigits = new Intl.NumberFormat("en-US", {
  maximumFractionDigits: 0,
  maximumSignificantDigits: 5,
  roundingPriority: "morePrecision",
});
const threeDigits = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });
/** Made when it is first needed, for that takes long. @type {Intl.DateTimeFormat | undefined} */
let dates;

/** @param {number | undefined} number a whole number: 12,345 */
export const count = (number) => (number === undefined ? NOT_YET : counts.format(number));

/** How many characters a text has; Python counts code points too. @param {string} text */
export function countCharacters(text) {
  let pairs = 0;
  for (let place = 0; place < text.length - 1; place++) {
    if (/** @type {number} */ (text.codePointAt(place)) > 0xffff) pairs += 1;
  }
  return text.length - pairs;
}

/** @param {number | undefined} number a measured number: 21,300 */
export const rough = (number) => (number === undefined ? NOT_YET : threeDigits.format(number));

/** @param {number | null | undefined} number of a series, in its own units: 1,234.5, or 2.1 × 10⁻⁹ */
export function value(number) {
  if (number == null) return NOT_YET;
  const size = Math.abs(number);
  if (size !== 0 && (size < 1e-3 || size >= 1e12)) return scientific(number);
  return fiveDigits.format(number).replace("-", "−");
}

const DIGITS = 4;

/**
 * A way to write numbers below each other: all with as many decimals as the largest has room for.
 * @param {number[]} numbers
 * @returns {(number: number) => string}
 */
export function evenly(numbers) {
  const largest = Math.max(...numbers.map(Math.abs));
  if (largest > 0 && largest < 1e-3) return scientific;
  const whole = largest >= 1 ? Math.floor(Math.log10(largest)) + 1 : 0;
  const decimals = Math.max(0, DIGITS - whole);
  const style = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const { format } = new Intl.NumberFormat("en-US", style);
  return (number) => format(number).replace("-", "−");
}

/** @param {number | null | undefined} number of any size: 0.0123, or 2.1 × 10⁻⁹ */
export function scientific(number) {
  if (number == null) return NOT_YET;
  if (!Number.isFinite(number)) return notFinite(number);
  if (number === 0 || (number >= 1e-3 && number < 1e5)) return threeDigits.format(number);
  const [mantissa, exponent] = number.toExponential(1).replace(/^-/, "−").split("e");
  return `${mantissa}\u202f×\u202f${powerOfTen(Number(exponent))}`;
}

/**
 * A number of an array: +0.123, or +2.1 × 10⁻⁹; as it is where all of them are whole.
 * @param {number} number
 * @param {boolean} areWhole
 */
export function inArray(number, areWhole) {
  const sign = number < 0 ? "−" : number > 0 ? "+" : "";
  if (!Number.isFinite(number)) return (number > 0 ? sign : "") + notFinite(number);
  const size = Math.abs(number);
  if (areWhole && size < 1e5) return `${number < 0 ? sign : ""}${size}`;
  if (size !== 0 && (size < LEAST_IN_ARRAY || size >= 1e4)) return sign + scientific(size);
  return sign + size.toFixed(3);
}

/** @param {number} number one that was too large, or came of such */
const notFinite = (number) =>
  Number.isNaN(number) ? "no number" : `${number < 0 ? "−" : ""}∞`;

/** Below this, three decimals say too little. */
const LEAST_IN_ARRAY = 5e-4;

/** @param {number} exponent 10⁻⁹ */
export const powerOfTen = (exponent) =>
  "10" + String(exponent).replace(/./g, (sign) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(sign)]);

/** A message with its full stop, if it needs one. @param {string} message */
export const ended = (message) => (/[.!?…]$/.test(message) ? message : `${message}.`);

/** @param {number | null | undefined} nats a loss: 2.134 */
export const loss = (nats) => (nats == null ? NOT_YET : nats.toFixed(3));

/** A loss in nats, counted in the unit that is wanted. @param {number} nats @param {Unit} unit */
export const inUnit = (nats, unit) => (unit === "bits" ? nats / Math.LN2 : nats);

/** @param {number | undefined} nats the same loss in bits */
export const bits = (nats) =>
  nats === undefined ? "\u00a0" : `${inUnit(nats, "bits").toFixed(2)} bits`;

/** Among how many equally likely characters one is as unsure. @param {number | undefined} nats */
export const choices = (nats) =>
  nats === undefined ? "\u00a0" : `like 1 of ${threeDigits.format(Math.exp(nats))} characters`;

/** @param {number} bytes */
export const megabytes = (bytes) => (bytes / 1e6).toFixed(1);

/** @param {number} number with two decimals and always a sign: +0.71 */
export const signed = (number) => `${number < 0 ? "−" : "+"}${Math.abs(number).toFixed(2)}`;

/** @param {string} words with a capital letter */
export const capitalized = (words) => words.slice(0, 1).toUpperCase() + words.slice(1);

const lists = new Intl.ListFormat("en");

/**
 * Name hidden units for people, who count from 1: “unit 3”, “units 3 and 8 of layer 2”.
 * @param {HiddenUnit[]} units
 * @param {number} layers how many the network has
 */
export function nameUnits(units, layers) {
  if (units.length > 3) return `${count(units.length)} units`;
  const places = new Set(units.map(([layer]) => layer));
  if (places.size > 1) {
    return lists.format(units.map(([layer, unit]) => `unit ${unit + 1} of layer ${layer + 1}`));
  }
  const names = lists.format(units.map(([, unit]) => String(unit + 1)));
  const place = layers > 1 ? ` of layer ${[...places][0] + 1}` : "";
  return `unit${units.length > 1 ? "s" : ""} ${names}${place}`;
}

/** @param {HiddenUnit[]} units @param {number} layers */
export const without = (units, layers) =>
  units.length ? `without ${nameUnits(units, layers)}` : "";

/** @param {number} milliseconds since 1970: 3 May 2026, 14:05 */
export function date(milliseconds) {
  dates ??= new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });
  return dates.format(milliseconds);
}

/** From this probability on, a percentage is written with so many decimals. */
const DECIMALS = [
  { least: 0.0995, decimals: 0 },
  { least: 0.00995, decimals: 1 },
  { least: 0.0001, decimals: 2 },
];

/** @param {number} probability 0.4321: 43 %, 0.04321: 4.3 %, 0.004321: 0.43 % */
export function percent(probability) {
  const known = DECIMALS.find(({ least }) => probability >= least);
  return known ? `${(100 * probability).toFixed(known.decimals)} %` : "< 0.01 %";
}

/** @param {number} probability its surprise: 1.21 bits */
export const surprise = (probability) => `${Math.max(0, -Math.log2(probability)).toFixed(2)} bits`;

/** @type {Record<string, string>} */
const MARKS = { "\n": "⏎", " ": "␣", "\t": "⇥" };
/** @type {Record<string, string>} */
const NAMES = { "\n": "a line break", " ": "a space", "\t": "a tab" };

/** A character that can be seen, whichever it is. @param {string} character */
export function visible(character) {
  if (MARKS[character]) return MARKS[character];
  if (/[\p{C}\p{Z}]/u.test(character)) return codePoint(character);
  return /\p{M}/u.test(character) ? `◌${character}` : character;
}

/** A character in words. @param {string} character */
export function spoken(character) {
  if (NAMES[character]) return NAMES[character];
  return /[\p{C}\p{Z}]/u.test(character) ? codePoint(character) : `“${character}”`;
}

/** @param {string} character */
function codePoint(character) {
  const number = /** @type {number} */ (character.codePointAt(0));
  return `U+${number.toString(16).toUpperCase().padStart(4, "0")}`;
}
