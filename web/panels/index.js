/**
 * The panels, in their order on the page. A line here adds one, and there is nothing else to tell: a
 * panel is a folder with its markup in panel.html, its style in panel.css, if it has any of its own,
 * and what of it runs in panel.js:
 *
 * - actions(app, others), if anything can be done there: what can be, where `others` are the actions
 *   of all panels, there as soon as every panel has been asked for its own;
 * - mount(actions), if it is there from the beginning: finds its elements, and returns its view;
 * - later(), if it, or a part of it, can wait until Python has started: loads that, and resolves to
 *   such a mount.
 *
 * build.py puts markup and style into the page, by the names that stand here; main.js does the rest.
 */

export * as text from "./text/panel.js";
export * as run from "./run/panel.js";
export * as writing from "./writing/panel.js";
export * as network from "./network/panel.js";
export const words = null; // nothing runs in it
export * as story from "./story/panel.js";
export * as hidden from "./hidden/panel.js";
export * as gradient from "./gradient/panel.js";
export * as check from "./check/panel.js";
export * as runs from "./runs/panel.js";
export * as share from "./share/panel.js";
