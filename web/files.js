/** Files in and out: reading a text file, handing over a download. */

const MEGABYTE = 1_000_000;
const LARGEST_TEXT = 5 * MEGABYTE;
/** A larger one is that of a run which the page's memory can't hold. */
const LARGEST_MODEL = 500 * MEGABYTE;

/**
 * Read a file of UTF-8 text, without a byte order mark and with plain line ends.
 * @param {File} file
 */
export async function readTextFile(file) {
  if (file.size > LARGEST_TEXT) {
    throw new Error(`${sizeOf(file)}; the page takes texts up to 5 MB.`);
  }
  const bytes = await readBytes(file);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes).replace(/\r\n?/g, "\n");
  } catch {
    throw new Error(
      `“${file.name}” is not UTF-8 text. Save it as plain text in UTF-8 and open it again.`,
    );
  }
}

/** Read a model file. @param {File} file */
export async function readModelFile(file) {
  if (file.size > LARGEST_MODEL) {
    throw new Error(
      `${sizeOf(file)}; the page takes models up to 500 MB. ` +
        "It goes on where the package is installed natively: rnn_pkg.load in Python.",
    );
  }
  return readBytes(file);
}

/** @param {File} file */
const sizeOf = (file) => `“${file.name}” has ${(file.size / MEGABYTE).toFixed(1)} MB`;

/** @param {File} file */
async function readBytes(file) {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    throw new Error(`“${file.name}” could not be read.`);
  }
}

/** @param {Uint8Array<ArrayBuffer>} bytes @param {string} name */
export function download(bytes, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  link.download = name;
  link.click();
  // The browser has its own hold on the bytes once the download has begun.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
