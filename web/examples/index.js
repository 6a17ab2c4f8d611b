/** The examples of each place, in the order in which the page offers them. */

/** @import { Example, Place } from "../types" */

import { series } from "./series/index.js";

/** @type {Example[]} */
const texts = [
  {
    key: "stories",
    label: "Short stories",
    file: "stories.txt",
    watch:
      "First come spaces and word lengths, then “the” and “said”, then whole words and who says what.",
  },
  {
    key: "dinosaurs",
    label: "Dinosaur names",
    file: "dinosaurs.txt",
    watch: "Soon it invents dinosaurs that nobody has dug up yet. Most of them end in “saurus”.",
  },
  {
    key: "arithmetic",
    label: "Arithmetic",
    file: "arithmetic.txt",
    watch:
      "The form of a sum is learned at once. Does it learn to calculate, too? Try the prompt “12 + 7 = ”.",
  },
  {
    key: "play",
    label: "A small play",
    file: "play.txt",
    watch: "Watch the names in capitals, the colon after them, and who answers whom.",
  },
  {
    key: "python",
    label: "Python: this network’s own source",
    file: "python.txt",
    watch: "Watch indentation, brackets and “self”. This is the code that runs here.",
  },
];

/** No two have the same key. @type {Readonly<Record<Place, readonly Example[]>>} */
export const examples = { text: texts, numbers: series };

/** @param {string} key @returns {Example | undefined} */
export const exampleOf = (key) => [...texts, ...series].find((example) => example.key === key);
