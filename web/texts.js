/** The texts that somebody has typed or opened before the present one, the newest first. */

/** @import { EarlierText } from "./types" */

/**
 * So many characters of earlier texts are kept together: four of the longest that the page takes.
 * Typing may exceed it; before a text that comes from elsewhere does, the oldest is asked about.
 */
export const MOST_KEPT = 20_000_000;

/**
 * These texts and one more, unless it is among them or has nothing to be kept for.
 * @param {readonly EarlierText[]} earlier
 * @param {string} text
 */
export function withText(earlier, text) {
  if (!/\S/.test(text) || earlier.some((each) => each.text === text)) return earlier;
  return [{ number: (earlier[0]?.number ?? 0) + 1, text }, ...earlier];
}

/** These texts but for one. @param {readonly EarlierText[]} earlier @param {string} text */
export function withoutText(earlier, text) {
  const others = earlier.filter((each) => each.text !== text);
  return others.length === earlier.length ? earlier : others;
}

/** Are these more than the page keeps? @param {readonly EarlierText[]} earlier */
export const areTooMany = (earlier) =>
  earlier.reduce((sum, { text }) => sum + text.length, 0) > MOST_KEPT;

/** The key of an earlier text in the list of examples. @param {EarlierText} earlier */
export const keyOf = ({ number }) => `earlier ${number}`;
