/** The questions that the page asks before something is lost. */

/** @import { Question } from "../types" */

import { element, setText } from "../dom.js";

/**
 * @returns {(question: Question) => Promise<boolean | null>} asks it; resolves to whether the answer is
 *   yes, or to null if there was none: it was closed
 */
export function mountQuestion() {
  const dialog = element("ask", HTMLDialogElement);
  const heading = element("ask-question", HTMLElement);
  const explanation = element("ask-words", HTMLElement);
  const refuse = element("ask-no", HTMLButtonElement);
  const agree = element("ask-yes", HTMLButtonElement);
  const program = element("ask-source", HTMLElement);
  return ({ question, words, no, yes, source = "" }) => {
    setText(heading, question);
    setText(explanation, words);
    setText(refuse, no);
    setText(agree, yes);
    setText(program, source);
    program.hidden = !source;
    dialog.returnValue = "";
    dialog.showModal();
    refuse.focus(); // the source before it could have it, too
    return new Promise((resolve) => {
      dialog.onclose = () => resolve(dialog.returnValue ? dialog.returnValue === "yes" : null);
    });
  };
}
