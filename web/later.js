/**
 * The views that can wait, the charts and the folded panels: before Python is there they have nothing
 * to show, and to load them would only hold up its start.
 */

import { mountChart } from "./views/chart.js";
import { mountCheck } from "./views/check.js";
import { mountCompared } from "./views/compared.js";
import { mountGradient } from "./views/gradient.js";
import { mountHidden } from "./views/hidden.js";
import { mountShare } from "./views/share.js";
import { mountShelf } from "./views/shelf.js";
import { mountStory } from "./views/story.js";

export const mounts = [
  ...[mountChart, mountStory, mountHidden, mountGradient, mountCheck],
  ...[mountShelf, mountCompared, mountShare],
];
