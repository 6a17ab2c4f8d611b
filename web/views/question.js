/** The one question that the page asks. */

import { element, setText } from "../dom.js";

/** @returns {(fileName: string) => Promise<boolean>} asks if a model file may replace the run */
export function mountQuestion() {
  const dialog = element("ask", HTMLDialogElement);
  const words = element("ask-words", HTMLElement);
  return (fileName) => {
    setText(
      words,
      `“${fileName}” brings its own text, settings and weights. ` +
        "What this run has learned is lost unless you have saved it.",
    );
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.onclose = () => resolve(dialog.returnValue === "yes");
    });
  };
}
