/**
 * Text files as people have them: in any encoding, with any line ends, in one piece or several.
 *
 * How they are read is also said by rnn_pkg/tasks/textfiles.py; a test holds the two to the same text.
 */

/** @import { ReadText } from "./types" */

import { MEGABYTE, megabytesOf, readBytes } from "./files.js";
import { count } from "./format.js";

/** As many bytes as the longest text may have, in which no character has more than four. */
const LARGEST_TEXT = 20 * MEGABYTE;

/** Byte order marks, which tell the encoding of what follows. */
const MARKS = [
  { bytes: [0xef, 0xbb, 0xbf], encoding: "utf-8" },
  { bytes: [0xff, 0xfe], encoding: "utf-16le" },
  { bytes: [0xfe, 0xff], encoding: "utf-16be" },
];

/** What a text can be read as: the encodings that browsers know, the likeliest first. */
export const ENCODINGS = [
  { encoding: "utf-8", label: "UTF-8" },
  { encoding: "windows-1252", label: "Windows-1252 (Western European)" },
  { encoding: "utf-16le", label: "UTF-16" },
  { encoding: "utf-16be", label: "UTF-16, big-endian" },
  { encoding: "windows-1250", label: "Windows-1250 (Central European)" },
  { encoding: "windows-1251", label: "Windows-1251 (Cyrillic)" },
  { encoding: "koi8-r", label: "KOI8-R (Cyrillic)" },
  { encoding: "windows-1253", label: "Windows-1253 (Greek)" },
  { encoding: "windows-1254", label: "Windows-1254 (Turkish)" },
  { encoding: "windows-1255", label: "Windows-1255 (Hebrew)" },
  { encoding: "windows-1256", label: "Windows-1256 (Arabic)" },
  { encoding: "windows-1257", label: "Windows-1257 (Baltic)" },
  { encoding: "windows-1258", label: "Windows-1258 (Vietnamese)" },
  { encoding: "windows-874", label: "Windows-874 (Thai)" },
  { encoding: "macintosh", label: "Mac Roman" },
  { encoding: "gb18030", label: "GB 18030 (Chinese)" },
  { encoding: "big5", label: "Big5 (Chinese)" },
  { encoding: "shift_jis", label: "Shift JIS (Japanese)" },
  { encoding: "euc-jp", label: "EUC-JP (Japanese)" },
  { encoding: "euc-kr", label: "EUC-KR (Korean)" },
];

/** How files of other kinds begin, each byte as the character of its number. */
const KINDS = [
  { start: /^PK\x03\x04/, kind: "a ZIP archive, as .docx, .odt, .epub and .npz files are" },
  { start: /^\xd0\xcf\x11\xe0/, kind: "a document of an office program" },
  { start: /^%PDF-/, kind: "a PDF" },
  { start: /^\{\\rtf\d/, kind: "a document in Rich Text Format" },
  { start: /^\x1f\x8b/, kind: "a compressed file" },
  { start: /^(\x89PNG|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP)/s, kind: "a picture" },
  { start: /^MThd\0\0\0\x06/, kind: "a MIDI file" },
  { start: /^(RIFF....WAVE|ID3[\0-\x0f]|OggS\0)/s, kind: "an audio file" },
  { start: /^RIFF....AVI /s, kind: "a film" },
];

const MARK = /\ufeff/g;
const UNREADABLE = /\ufffd/g;
const BEYOND_ASCII = /[^\0-\x7f]/gu;
/** Bytes that Windows-1252 gives no character. */
const UNDEFINED = [0x81, 0x8d, 0x8f, 0x90, 0x9d];
/** A text has at most this part of control characters. */
const MOST_CONTROLS = 0.01;
/** Of UTF-16 that is mostly Latin, more than this part of one byte of each pair is 0. */
const MOST_ZEROS = 0.5;
/** So many bytes tell what a file is. */
const LOOKED_AT = 100_000;

/** A file that is a text, but of which nobody can tell in what encoding. */
export class UnknownEncoding extends Error {}

/**
 * Read text files, and join them in the order of their names, each beginning on a new line.
 * @param {File[]} files
 * @param {string} [encoding] what all of them are in; else that is told from each
 * @returns {Promise<ReadText>}
 */
export async function readTextFiles(files, encoding) {
  const sorted = [...files].sort((one, other) => compareNames(one.name, other.name));
  const size = files.reduce((sum, file) => sum + file.size, 0);
  if (size > LARGEST_TEXT) {
    const have = files.length > 1 ? "have" : "has";
    throw new Error(
      `${nameFiles(sorted)} ${have} ${megabytesOf(size)}; the page takes texts up to 20 MB.`,
    );
  }
  /** @type {ReadText[]} */
  const reads = [];
  for (const file of sorted) reads.push(decode(await readBytes(file), `“${file.name}”`, encoding));
  let text = "";
  for (const read of reads) text += (text && !text.endsWith("\n") ? "\n" : "") + read.text;
  const encodings = new Set(reads.map((read) => read.encoding));
  const labels = [...encodings].map(labelOf).join(" and ");
  const joined = files.length > 1 ? "joined in the order of their names and " : "";
  const notes = reads.map((read) => read.note).filter(Boolean);
  return {
    text,
    encoding: encodings.size === 1 ? [...encodings][0] : "",
    note: [`${nameFiles(sorted)}, ${joined}read as ${labels}.`, ...notes].join(" "),
  };
}

/**
 * Read the bytes of a text file. Without an encoding, a byte order mark tells it; else it is UTF-8, if
 * that is possible or nearly so, or UTF-16, if every other byte is 0, or Windows-1252.
 * @param {Uint8Array} bytes
 * @param {string} name
 * @param {string} [encoding]
 * @returns {ReadText}
 */
export function decode(bytes, name, encoding = detect(bytes, name)) {
  const whole = new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);
  const damaged = isIn(bytes, encoding) ? 0 : occurrences(whole, UNREADABLE);
  const text = whole.replace(/^\ufeff/, "");
  const marks = occurrences(text, MARK);
  const notes = [
    damaged &&
      `${plural(damaged, "character")} of ${name} could not be read as ${labelOf(encoding)}: see “\ufffd”.`,
    marks && `${plural(marks, "byte order mark")} inside ${name} left out.`,
  ];
  return { text: plain(text), encoding, note: notes.filter(Boolean).join(" ") };
}

/** @param {number} number @param {string} thing */
const plural = (number, thing) => `${count(number)} ${thing}${number === 1 ? "" : "s"}`;

/** With line feeds alone as line ends, and without byte order marks. @param {string} text */
export const plain = (text) => text.replace(MARK, "").replace(/\r\n?/g, "\n");

/**
 * In what encoding are the bytes of a text?
 * @param {Uint8Array} bytes
 * @param {string} name
 */
function detect(bytes, name) {
  if (startsWith(bytes, [0xff, 0xfe, 0, 0]) || startsWith(bytes, [0, 0, 0xfe, 0xff])) {
    throw new Error(`${name} is in UTF-32: save it as plain text in UTF-8 and open it again.`);
  }
  const mark = MARKS.find((each) => startsWith(bytes, each.bytes));
  if (mark) return mark.encoding;
  const begin = bytes.subarray(0, LOOKED_AT);
  const characters = String.fromCharCode(...bytes.subarray(0, 16));
  const known = KINDS.find(({ start }) => start.test(characters));
  if (known) {
    throw new Error(
      `${name} is ${known.kind}, not plain text: open it in the program it comes from and save it ` +
        "as plain text.",
    );
  }
  const utf16 = twoBytesEach(begin);
  if (utf16) return utf16;
  const looksLikeText = begin.filter(isControl).length <= MOST_CONTROLS * begin.length;
  if (looksLikeText && isUtf8(bytes)) return "utf-8";
  if (!looksLikeText || UNDEFINED.some((byte) => bytes.includes(byte))) {
    throw new UnknownEncoding(
      `${name} is not a text in UTF-8, UTF-16 or Windows-1252: say what it is in, or save it as ` +
        "plain text in UTF-8.",
    );
  }
  return "windows-1252";
}

/** Which UTF-16 is this, told by the zeros that every Latin letter has there, if any? @param {Uint8Array} begin */
function twoBytesEach(begin) {
  const pairs = Math.floor(begin.length / 2);
  const zeros = [0, 0];
  for (let place = 0; place < 2 * pairs; place++) if (!begin[place]) zeros[place % 2] += 1;
  const [first, second] = zeros;
  if (second > MOST_ZEROS * pairs && first <= MOST_CONTROLS * pairs) return "utf-16le";
  return first > MOST_ZEROS * pairs && second <= MOST_CONTROLS * pairs ? "utf-16be" : null;
}

/**
 * Is this UTF-8, but for less than half of what is beyond ASCII, or for a last character that is cut
 * off?
 * @param {Uint8Array} bytes
 */
function isUtf8(bytes) {
  if (isIn(bytes, "utf-8")) return true;
  const text = new TextDecoder().decode(bytes);
  const beyond = occurrences(text, BEYOND_ASCII);
  if (beyond > 2 * occurrences(text, UNREADABLE)) return true;
  return beyond > 1 && [1, 2, 3].some((cut) => isIn(bytes.subarray(0, -cut), "utf-8"));
}

/** @param {Uint8Array} bytes @param {string} encoding */
function isIn(bytes, encoding) {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes) !== null;
  } catch {
    return false;
  }
}

/** @param {number} byte */
const isControl = (byte) =>
  byte < 9 || (byte > 13 && byte < 27) || (byte > 27 && byte < 32) || byte === 127;

/** @param {Uint8Array} bytes @param {number[]} start */
const startsWith = (bytes, start) => start.every((byte, place) => bytes[place] === byte);

/** @param {string} text @param {RegExp} pattern */
const occurrences = (text, pattern) => text.match(pattern)?.length ?? 0;

/** The numbers in names count as numbers: “part 2” comes before “part 10”. @param {string} one @param {string} other */
function compareNames(one, other) {
  const [mine, others] = [one, other].map((name) => name.split(/([0-9]+)/));
  for (const [place, part] of mine.entries()) {
    if (place === others.length) return 1;
    const [here, there] = place % 2 ? [Number(part), Number(others[place])] : [part, others[place]];
    if (here !== there) return here < there ? -1 : 1;
  }
  return mine.length - others.length;
}

/** @param {string} encoding */
const labelOf = (encoding) =>
  (ENCODINGS.find((each) => each.encoding === encoding)?.label ?? encoding).replace(/ \(.*/, "");

const MOST_NAMED = 5;

/** @param {File[]} files */
function nameFiles(files) {
  const names = files.slice(0, MOST_NAMED).map(({ name }) => `“${name}”`);
  const more = files.length - names.length;
  return names.join(", ") + (more ? ` and ${count(more)} more` : "");
}
