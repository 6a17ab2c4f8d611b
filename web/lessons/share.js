/** What can be taken along from a lesson: the answers as a file, and a link to just this. */

import { make, setText } from "../dom.js";
import { download } from "../files.js";
import { LONGEST_QUESTION } from "./address.js";
import { button } from "./controls.js";

/**
 * @param {() => string} answers as a text
 * @param {(question: string | undefined) => string} addressWith
 * @param {string} question that of the teacher which the present address has
 */
export function drawSharing(answers, addressWith, question) {
  const asks = make("input", {
    id: "question-for-link",
    type: "text",
    maxLength: LONGEST_QUESTION,
    value: question,
    autocomplete: "off",
  });
  const link = make("input", {
    type: "text",
    ariaLabel: "Link",
    readOnly: true,
    hidden: true,
    className: "reading",
  });
  const told = make("p", { className: "hint", role: "status", ariaLabel: "Link copied" });
  const copy = button("Copy a link", async () => {
    const address = new URL(location.href);
    address.hash = addressWith(asks.value.trim() || undefined);
    link.value = address.href;
    link.hidden = false;
    try {
      await navigator.clipboard.writeText(link.value);
      setText(told, "Copied.");
    } catch {
      link.select();
      setText(told, "Copy it from here."); // the browser doesn't let the page do that
    }
  });
  asks.oninput = () => (link.hidden = true) && setText(told, "");
  const save = button("Save my answers", () =>
    download(new TextEncoder().encode(answers()), "rnn-playground-answers.txt"),
  );
  return [
    make(
      "p",
      { className: "hint" },
      "Your answers to all lessons, as a text file. They are kept in this browser and sent nowhere.",
    ),
    make("div", { className: "row" }, save),
    make(
      "div",
      { className: "stacked" },
      make("label", { htmlFor: asks.id }, "For teachers: a question for whoever opens the link"),
      asks,
    ),
    make("div", { className: "row" }, copy, told),
    link,
  ];
}
