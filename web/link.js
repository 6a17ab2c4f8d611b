/** A link that carries what is set up on the page: compressed, behind the #, where no server sees it. */

/** @import { Carried } from "./types" */

import { countCharacters } from "./format.js";
import { PLACES } from "./places.js";

/** The longest text, and the longest prompt. */
export const LONGEST_TEXT = 4000;
const LONGEST_WORD = 40;
const LONGEST_COLUMN = 200;
/** The longest source of a cell. */
export const LONGEST_SOURCE = 8000;
const MARK = "#setup=";
const LONGEST_LINK = 40_000;
/** What is unpacked: text and prompt, in characters that JSON writes as \uXXXX pairs, and the rest. */
const MOST_BYTES = 12 * (2 * LONGEST_TEXT + LONGEST_SOURCE) + 10_000;

/** Is there such a link behind the address? @param {string} hash */
export const isLink = (hash) => hash.startsWith(MARK);

/** @param {Carried} carried @returns {Promise<string>} what to put behind the address */
export async function pack(carried) {
  const json = new Blob([JSON.stringify(carried)]).stream();
  const packed = await readAll(json.pipeThrough(new CompressionStream("deflate-raw")), Infinity);
  const base64 = btoa(String.fromCharCode(...packed));
  return MARK + base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * Read such a link with suspicion: it may come from anybody.
 * @param {string} hash
 * @returns {Promise<Carried>}
 */
export async function unpack(hash) {
  if (hash.length > LONGEST_LINK) throw new Error("it is too long");
  const base64 = hash.slice(MARK.length).replaceAll("-", "+").replaceAll("_", "/");
  /** @type {any} */
  let value;
  try {
    const packed = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const stream = new Blob([packed]).stream();
    const bytes = await readAll(
      stream.pipeThrough(new DecompressionStream("deflate-raw")),
      MOST_BYTES,
    );
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new Error("a part of it is missing or changed");
  }
  if (!isCarried(value)) throw new Error("it carries something else");
  return value;
}

/** Is this really what a link carries, whoever made it? @param {any} value @returns {value is Carried} */
export function isCarried(value) {
  if (!isObject(value) || !isObject(value.settings)) return false;
  const { text, example, prompt, length, temperature } = value;
  const { cell_source = "", ...settings } = value.settings;
  const { place = "text", choices = {}, horizon = "" } = value;
  const { topK = "", topP = "", writingSeed = "", oneLine = false, writesWith = "best" } = value;
  const words = [example, length, topK, topP, writingSeed, horizon];
  return (
    PLACES.some((each) => each === place) &&
    isObject(choices) &&
    Object.keys(choices).every((name) => isText(name, LONGEST_WORD)) &&
    Object.values(choices).every(isChoice) &&
    (text === undefined || isText(text, LONGEST_TEXT)) &&
    isText(prompt, LONGEST_TEXT) &&
    isText(cell_source, LONGEST_SOURCE) &&
    [...words, ...Object.keys(settings), ...Object.values(settings)].every((each) =>
      isText(each, LONGEST_WORD),
    ) &&
    typeof oneLine === "boolean" &&
    (writesWith === "best" || writesWith === "latest") &&
    typeof temperature === "number" &&
    temperature >= 0 &&
    temperature <= 2
  );
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
const isObject = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** @param {unknown} value */
const isChoice = (value) =>
  typeof value === "boolean" || Number.isInteger(value) || isText(value, LONGEST_COLUMN);

/** @param {unknown} value @param {number} most characters */
const isText = (value, most) =>
  typeof value === "string" && value.length <= 2 * most && countCharacters(value) <= most;

/**
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} stream
 * @param {number} most more bytes than these are refused
 */
async function readAll(stream, most) {
  const bytes = [];
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(bytes);
    if (bytes.length + value.length > most) throw new Error("too much");
    bytes.push(...value);
  }
}
