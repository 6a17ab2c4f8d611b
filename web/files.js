/** Files in and out: reading models, handing over a download. */

export const MEGABYTE = 1_000_000;
/** A larger one is that of a run which the page's memory can't hold. */
const LARGEST_MODEL = 500 * MEGABYTE;

/** Read a model file. @param {File} file */
export async function readModelFile(file) {
  if (file.size > LARGEST_MODEL) {
    throw new Error(
      `“${file.name}” has ${megabytesOf(file.size)}; the page takes models up to 500 MB. ` +
        "It goes on where the package is installed natively: rnn_pkg.load in Python.",
    );
  }
  return readBytes(file);
}

/** @param {number} bytes */
export const megabytesOf = (bytes) => `${(bytes / MEGABYTE).toFixed(1)} MB`;

/** @param {File} file */
export async function readBytes(file) {
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
