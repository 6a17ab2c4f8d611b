/** Files that are opened or dropped on the page, and what texts among them were read as. */

/** @import { Place, View } from "./types" */

import { element, setText, showProblem } from "./dom.js";
import { lessonsAreShown } from "./places.js";
import { ENCODINGS } from "./textfiles.js";

/**
 * @param {Place} place whose controls have ids that begin with its name
 * @param {{ openFiles(files: File[]): void, readAs(encoding: string): void }} actions
 * @returns {View}
 */
export function mountFiles(place, actions) {
  const file = element(`${place}-file`, HTMLInputElement);
  const problem = element(`${place}-file-problem`, HTMLElement);
  const opened = element(`${place}-opened`, HTMLElement);
  const note = element(`${place}-opened-note`, HTMLElement);
  const readAs = element(`${place}-read-as`, HTMLSelectElement);
  readAs.add(new Option("…", ""));
  for (const { encoding, label } of ENCODINGS) readAs.add(new Option(label, encoding));

  file.onchange = () => {
    if (file.files?.length) actions.openFiles([...file.files]);
    file.value = "";
  };
  readAs.onchange = () => readAs.value && actions.readAs(readAs.value);

  return (state) => {
    showProblem(problem, state.problems.file, file);
    opened.hidden = !state.opened;
    if (!state.opened) return;
    setText(note, state.opened.note);
    if (readAs.value !== state.opened.encoding) readAs.value = state.opened.encoding;
  };
}

/**
 * Without this, a browser leaves the page for a file that is dropped on it. At the lessons nothing
 * takes it: what it would replace could not be seen.
 * @param {(files: File[]) => void} open
 */
export function takeDropped(open) {
  const page = document.documentElement;
  const hasFiles = (/** @type {DragEvent} */ { dataTransfer }) =>
    dataTransfer?.types.includes("Files") ?? false;
  page.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    const { dataTransfer } = event;
    if (lessonsAreShown() && dataTransfer) dataTransfer.dropEffect = "none";
    else page.toggleAttribute("data-dropping", true);
  });
  page.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) page.removeAttribute("data-dropping");
  });
  page.addEventListener("drop", (event) => {
    page.removeAttribute("data-dropping");
    if (!hasFiles(event)) return;
    event.preventDefault();
    const files = [...(event.dataTransfer?.files ?? [])];
    // A question that is being asked comes first.
    const isBusy = lessonsAreShown() || document.querySelector("dialog[open]");
    if (files.length && !isBusy) open(files);
  });
}
