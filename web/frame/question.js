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
  const form = /** @type {HTMLFormElement} */ (dialog.querySelector("form"));
  /** Takes the answer to the question that is being asked. @type {(answer: boolean | null) => void} */
  let answer = () => {};
  form.onsubmit = (event) => {
    event.preventDefault();
    dialog.close();
    answer(event.submitter === agree);
  };
  // A browser tells only with its next picture that a dialog was closed: then another may be open.
  dialog.onclose = () => dialog.open || answer(null);
  return ({ question, words, no, yes, source = "" }) => {
    setText(heading, question);
    setText(explanation, words);
    setText(refuse, no);
    setText(agree, yes);
    setText(program, source);
    program.hidden = !source;
    dialog.showModal();
    refuse.focus(); // the source before it could have it, too
    answer(null); // if one was closed a moment ago
    return new Promise((resolve) => (answer = resolve));
  };
}
