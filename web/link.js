/** A link that carries what is set up on the page: compressed, behind the #, where no server sees it. */

/** @import { Carried } from "./types" */

export const LONGEST_TEXT = 4000;
const MARK = "#setup=";
const LONGEST_LINK = 40_000;
/** What is unpacked: the longest text, in characters that JSON writes as \uXXXX pairs, and the rest. */
const MOST_BYTES = 12 * LONGEST_TEXT + 10_000;

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

/** @param {any} value @returns {value is Carried} */
function isCarried(value) {
  const isText = (/** @type {unknown} */ each) => typeof each === "string";
  return (
    value !== null &&
    typeof value === "object" &&
    (value.text === undefined || (isText(value.text) && [...value.text].length <= LONGEST_TEXT)) &&
    [value.example, value.prompt, value.length].every(isText) &&
    value.prompt.length <= LONGEST_TEXT &&
    value.temperature >= 0.1 &&
    value.temperature <= 2 &&
    value.settings !== null &&
    typeof value.settings === "object" &&
    Object.values(value.settings).every((each) => isText(each) && each.length < 30)
  );
}

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
