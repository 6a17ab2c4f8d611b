/** The addresses of the lessons: which lesson, and what is chosen in it. They may come from anybody. */

/** @import { Chosen, Kind, Kinds } from "./types" */

import { countCharacters } from "../format.js";
import { shortened } from "../numbers.js";

const LESSONS = "#lessons";
/** In characters: nothing longer is read. */
export const LONGEST_QUESTION = 300;
const LONGEST_QUOTE = 30;

// Which of these values there are in a lesson, Python says.

/** @type {Kind<number>} */
export const whole = {
  read: (text) => (/^\d{1,10}$/.test(text) ? Number(text) : undefined),
  write: String,
  allowed: "a whole number",
};

/** One of several things that people count from 1. @type {Kind<number>} */
export const place = {
  read: (text) => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) - 1 : undefined),
  write: (value) => String(value + 1),
  allowed: "a whole number from 1",
};

/** @type {Kind<number>} */
export const real = {
  read(text) {
    const number = /^-?\d+(\.\d+)?(e-?\d+)?$/.test(text) ? Number(text) : NaN;
    return Number.isFinite(number) ? number : undefined;
  },
  write: String,
  allowed: "a number",
};

/** @type {Kind<boolean>} */
export const flag = {
  read: (text) => (/^[01]$/.test(text) ? text === "1" : undefined),
  write: (value) => (value ? "1" : "0"),
  allowed: "0 or 1",
};

/** One flag after another: 1011. @type {Kind<boolean[]>} */
export const flags = {
  read: (text) =>
    /^[01]{1,20}$/.test(text) ? Array.from(text, (each) => each === "1") : undefined,
  write: (values) => values.map(flag.write).join(""),
  allowed: "0 or 1 for each time step, such as 1011",
};

/** Units, which people count from 1: 1,2,3. @type {Kind<number[]>} */
export const units = {
  read(text) {
    const each = text.split(",", MOST_UNITS + 1).map((one) => place.read(one.trim()));
    const known = each.filter((one) => one !== undefined);
    return known.length === each.length && known.length <= MOST_UNITS ? known : undefined;
  },
  write: (values) => values.map(place.write).join(","),
  allowed: "one or more units, such as 1,2,3",
};
const MOST_UNITS = 20;

/** One of a few names, as Python has them. @type {Kind<string>} */
export const name = {
  read: (text) => (/^\w{1,30}$/.test(text) ? text : undefined),
  write: String,
  allowed: "a name",
};

/** Names for names: slope.right,flow.printed. @type {Kind<Record<string, string>>} */
export const names = {
  read: (text) =>
    /^(\w{1,30}\.\w{1,30}(,|$)){1,20}$/.test(text)
      ? Object.fromEntries(
          text
            .split(",")
            .filter(Boolean)
            .map((pair) => pair.split(".")),
        )
      : undefined,
  write: (values) =>
    Object.entries(values)
      .map((pair) => pair.join("."))
      .join(","),
  allowed: "pairs of names",
};

/** @param {number} most characters @returns {Kind<string>} */
const text = (most) => ({
  read: (value) => (value.trim() && countCharacters(value) <= most ? value : undefined),
  write: String,
  allowed: `a text of up to ${most} characters`,
});

/** What every lesson has. @type {Kinds} */
export const COMMON = {
  word: text(LONGEST_QUESTION),
  seed: whole,
  own: flag,
  units,
  question: text(LONGEST_QUESTION),
};

/**
 * What an address says. What is wrong in it is left out, and told.
 * @param {string} hash
 * @param {readonly Kinds[]} lessons what can be chosen in each, beside what every lesson has
 * @returns {{ place: number | null, chosen: Chosen, wrong: string[] }} the place counted from 0; null
 *   is the list of them
 */
export function read(hash, lessons) {
  const [path, ...query] = hash.slice(LESSONS.length).split("?");
  const number = /^\/\d+$/.test(path) ? Number(path.slice(1)) : 0;
  if (number < 1 || number > lessons.length) {
    const wrong = path.replaceAll("/", "")
      ? [`there is no lesson ${quoted(path.slice(1))}`]
      : [];
    return { place: null, chosen: {}, wrong };
  }
  const kinds = { ...COMMON, ...lessons[number - 1] };
  /** @type {Record<string, unknown>} */
  const chosen = {};
  const wrong = [];
  for (const [key, value] of new URLSearchParams(query.join("?"))) {
    const kind = Object.hasOwn(kinds, key) ? kinds[/** @type {keyof Kinds} */ (key)] : undefined;
    const known = kind?.read(value);
    if (!kind) wrong.push(`this lesson has no ${quoted(key)}`);
    else if (known === undefined)
      wrong.push(`${key} is ${kind.allowed}, not ${quoted(value)}`);
    else chosen[key] = known;
  }
  return { place: number - 1, chosen, wrong };
}

/**
 * The address of a lesson.
 * @param {number} place counted from 0
 * @param {Chosen} [chosen]
 * @param {Kinds} [kinds] what can be chosen in it
 */
export function write(place, chosen = {}, kinds = {}) {
  const query = new URLSearchParams();
  for (const [key, kind] of Object.entries({ ...COMMON, ...kinds })) {
    const value = chosen[/** @type {keyof Chosen} */ (key)];
    if (value !== undefined) query.set(key, kind.write(value));
  }
  return [`${LESSONS}/${place + 1}`, `${query}`].filter(Boolean).join("?");
}

/** @param {string} words */
const quoted = (words) => `“${shortened(words, LONGEST_QUOTE)}”`;
