/** Files that are opened or dropped on the page, and what texts among them were read as. */

/** @import { View } from "../../types" */

import { element, setText, showProblem } from "../../dom.js";
import { ENCODINGS } from "../../textfiles.js";

/**
 * @param {{ openFiles(files: File[]): void, readAs(encoding: string): void }} actions
 * @returns {View}
 */
export function mountFiles(actions) {
  const file = element("text-file", HTMLInputElement);
  const problem = element("file-problem", HTMLElement);
  const opened = element("opened", HTMLElement);
  const note = element("opened-note", HTMLElement);
  const readAs = element("read-as", HTMLSelectElement);
  readAs.add(new Option("…", ""));
  for (const { encoding, label } of ENCODINGS) readAs.add(new Option(label, encoding));

  file.onchange = () => {
    if (file.files?.length) actions.openFiles([...file.files]);
    file.value = "";
  };
  readAs.onchange = () => readAs.value && actions.readAs(readAs.value);
  takeDropped(actions.openFiles);

  return (state) => {
    showProblem(problem, state.problems.file, file);
    opened.hidden = !state.opened;
    if (!state.opened) return;
    setText(note, state.opened.note);
    if (readAs.value !== state.opened.encoding) readAs.value = state.opened.encoding;
  };
}

/** Without this, a browser leaves the page for a file that is dropped on it. @param {(files: File[]) => void} open */
function takeDropped(open) {
  const page = document.documentElement;
  const hasFiles = (/** @type {DragEvent} */ { dataTransfer }) =>
    dataTransfer?.types.includes("Files") ?? false;
  page.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    page.toggleAttribute("data-dropping", true);
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
    if (files.length && !document.querySelector("dialog[open]")) open(files);
  });
}
