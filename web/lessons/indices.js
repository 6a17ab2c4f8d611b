/** Letters with an index, such as h_{t-1}, as people write them. */

import { make } from "../dom.js";

const INDEX = /_(\{[^}]+\}|[a-z])(?![a-z])/;

/** @param {string} words @returns {Node[]} */
export const withIndices = (words) =>
  words
    .split(INDEX)
    .map((part, place) =>
      place % 2
        ? make("sub", {}, part.replace(/[{}]/g, "").replace("-", "−"))
        : new Text(part),
    );
