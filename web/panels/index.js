/**
 * The panels, in their order on the page: a line here adds one. A panel is a folder with
 *
 * - panel.html, its markup: a <section class="panel wide">;
 * - panel.css, its style, if it has any of its own;
 * - panel.js, which exports whatever it has of these three:
 *   - actions(app, others): what can be done there. The others are the actions of all panels; they can
 *     be called as soon as the page is there, but not yet while they are being made.
 *   - mount(actions): finds its elements, and returns its view.
 *   - later(): loads what can wait until Python has started, and resolves to such a mount.
 *
 * build.py puts markup and style into the page, in the order of these lines; main.js does the rest.
 */

export * as text from "./text/panel.js";
export * as numbers from "./numbers/panel.js";
export * as run from "./run/panel.js";
export * as forecast from "./forecast/panel.js";
export * as judgement from "./judgement/panel.js";
export * as writing from "./writing/panel.js";
export * as network from "./network/panel.js";
export * as owncell from "./owncell/panel.js";
export const words = null; // nothing runs in it, nor in this one
export const serieswords = null;
export * as story from "./story/panel.js";
export * as hidden from "./hidden/panel.js";
export * as undercurve from "./undercurve/panel.js";
export * as gradient from "./gradient/panel.js";
export * as check from "./check/panel.js";
export * as runs from "./runs/panel.js";
export * as share from "./share/panel.js";
