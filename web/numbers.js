/** Numbers as people type them: with a decimal point or comma, in thousands, in digits of any script. */

/** @import { NumberField } from "./types" */

const LONGEST_QUOTE = 40;

/** Signs that look different and mean the same. @type {[RegExp, string][]} */
const SAME_SIGNS = [
  [/\p{Bidi_Control}/gu, ""],
  [/\p{Zs}/gu, " "],
  [/[−﹣－]/g, "-"],
  [/＋/g, "+"],
  [/．/g, "."],
  [/，/g, ","],
  [/’/g, "'"],
];
const DECIMAL_MARKS = [".", ",", "٫"];
const GROUPS = /^[1-9]\d{0,2}([ '.,٬])\d{3}(\1\d{3})*$/;

/**
 * Every number that this can be: none; one; or two, as 1.000 is one here and a thousand there.
 * @param {string} typed
 */
export function readings(typed) {
  let text = typed;
  for (const [sign, same] of SAME_SIGNS) text = text.replace(sign, same);
  text = text.trim().replace(/\p{Nd}/gu, latinDigit);
  const [, sign, body, exponent = "0"] = text.match(/^([+-]?)(.*?)(?:e([+-]?\d+))?$/is) ?? [];
  if (!body) return [];
  const cuts = DECIMAL_MARKS.map((mark) => body.split(mark)).filter(({ length }) => length === 2);
  return [...cuts, [body, ""]].flatMap(([whole, fraction]) => {
    const digits = GROUPS.test(whole) ? whole.replace(/\D/g, "") : whole;
    if (!/^\d+\.\d*$|^\.\d+$/.test(`${digits}.${fraction}`)) return [];
    return [Number(`${sign}${digits}.${fraction}e${exponent}`) + 0]; // -0 is 0
  });
}

/** @param {string} digit of any script, in each of which ten follow one another */
function latinDigit(digit) {
  const code = /** @type {number} */ (digit.codePointAt(0));
  let first = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
  return String((code - first) % 10);
}

/**
 * The readings that a box allows.
 * @param {NumberField} field
 * @param {string} typed
 */
function allowed({ kind, minimum = -Infinity, maximum = Infinity }, typed) {
  return readings(typed).filter(
    (number) =>
      Number.isFinite(number) &&
      number >= minimum &&
      number <= maximum &&
      (kind !== "integer" || Number.isInteger(number)),
  );
}

/**
 * Read a box: its number, undefined if it may be empty and is; or what is wrong with it.
 * @param {NumberField} field
 * @param {string} typed
 * @returns {{ value: number | undefined, problem?: undefined } | { problem: string }}
 */
export function readNumber(field, typed) {
  const { label, kind, minimum = -Infinity, maximum = Infinity, optional } = field;
  const empty = typed.trim() === "";
  if (empty && optional) return { value: undefined };
  const [value, other] = allowed(field, typed);
  const quote = shortened(typed.trim(), LONGEST_QUOTE);
  if (other !== undefined) {
    const [one, two] = [value, other].map((number) => plain(number, field));
    return {
      problem: `${label}: ${quote} can be read as ${value} or as ${other}. Write ${one} or ${two}.`,
    };
  }
  if (value !== undefined) return { value };
  const number = kind === "integer" ? "a whole number" : "a number";
  const wanted = `${optional ? "empty or " : ""}${number} from ${minimum} to ${maximum}`;
  return { problem: `${label} must be ${wanted}${empty ? "" : `, not ${quote}`}.` };
}

/** @param {string} words @param {number} most characters of them */
export function shortened(words, most) {
  const characters = [...words];
  return characters.length <= most ? words : `${characters.slice(0, most).join("")}…`;
}

/**
 * The number that stands in a box, whether or not the box allows it.
 * @param {NumberField} field
 * @param {string} typed
 * @returns {number | undefined} undefined if it is none, or could be either of two
 */
export function numberIn(field, typed) {
  for (const numbers of [allowed(field, typed), readings(typed)]) {
    if (numbers.length === 1 && Number.isFinite(numbers[0])) return numbers[0];
  }
  return undefined;
}

/** Any number. @type {NumberField} */
export const ANY = { label: "", kind: "number" };

/**
 * A number as the page writes it, and reads it again: a fourth decimal keeps 1.125 from being taken
 * for 1125.
 * @param {number} number
 * @param {NumberField} [field] where it stands; anywhere, if not given
 */
export function plain(number, field = ANY) {
  return allowed(field, String(number)).length > 1 ? `${number}0` : String(number);
}

/**
 * What stands in a box after some steps up, or down if negative; an empty box counts from 0.
 * @param {NumberField} field
 * @param {string} typed
 * @param {number} steps
 * @returns {string | undefined} undefined if there is no number to step from, or none to step to
 */
export function stepped(field, typed, steps) {
  const { minimum = -Infinity, maximum = Infinity } = field;
  const from = typed.trim() === "" ? 0 : numberIn(field, typed);
  if (from === undefined) return undefined;
  // Counted in whole steps, for which no decimal is ever rounded: 3 of them, not 0.002 + 0.001.
  const perUnit = stepsPerUnit(field);
  const inSteps = (/** @type {number} */ number) => Number((number * perUnit).toPrecision(12));
  const next = steps > 0 ? Math.floor(inSteps(from)) + steps : Math.ceil(inSteps(from)) + steps;
  const highest = Math.min(next, Math.floor(inSteps(maximum)));
  const to = Math.max(highest, Math.ceil(inSteps(minimum))) / perUnit;
  return (to - from) * steps > 0 ? plain(to, field) : undefined;
}

/**
 * A step is 1 in whole numbers, else the largest power of ten below the default, so that one step
 * down from it is not yet 0.
 * @param {NumberField} field
 */
function stepsPerUnit({ kind, default: usual }) {
  return kind === "integer" ? 1 : 10 ** (1 - Math.ceil(Math.log10(Number(usual) || 0.5)));
}
