/**
 * The cells whose source this browser may run: those that were written here, and those that came with
 * a file or a link and were agreed to. They are known by their hashes.
 */

const MOST = 1000;
// Neighbours on the same host, such as somebody's fork, have their own.
const KEY = `rnn-playground ${new URL(".", import.meta.url).pathname} agreed cells`;

/** What there is where nothing can be stored. @type {string[]} */
let agreed = [];

/** @returns {string[]} */
export function agreedHashes() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    if (Array.isArray(kept)) return [...new Set([...agreed, ...kept])];
  } catch {
    // Storage is forbidden, or somebody has written something else there.
  }
  return agreed;
}

/** @param {string} hash */
export const isAgreed = (hash) => agreedHashes().includes(hash);

/** @param {string} hash */
export function agreeTo(hash) {
  agreed = [hash, ...agreedHashes().filter((each) => each !== hash)].slice(0, MOST);
  try {
    localStorage.setItem(KEY, JSON.stringify(agreed));
  } catch {
    // Then it is asked about again after the page is closed.
  }
}
