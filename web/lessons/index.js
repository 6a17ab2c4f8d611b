/** The lessons, by the names that they have in lessons.html, where their order is. */

/** @import { Lesson } from "./types" */

import { backward } from "./backward.js";
import { forgetting } from "./forgetting.js";
import { hidden } from "./hidden.js";
import { loss } from "./loss.js";
import { printed } from "./printed.js";
import { sequence } from "./sequence.js";
import { shared } from "./shared.js";
import { training } from "./training.js";

/** @type {Record<string, Lesson<any>>} */
export const LESSONS = {
  sequence,
  hidden,
  loss,
  backward,
  shared,
  printed,
  training,
  forgetting,
};
