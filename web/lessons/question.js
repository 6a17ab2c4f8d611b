/** A lesson's question: it is answered first, and then explained and summed up. */

/** @import { Asked, Notebook } from "./notebook.js" */
/** @import { Words } from "./words.js" */

import { make } from "../dom.js";
import { button } from "./controls.js";
import { textOf } from "./words.js";

/** @param {HTMLFieldSetElement} fieldset */
const radiosIn = (fieldset) => [
  .../** @type {NodeListOf<HTMLInputElement>} */ (fieldset.querySelectorAll("input[type=radio]")),
];

/** What a lesson asks, for the notebook. @param {Words} words @returns {Asked} */
export function asked({ name, title, question }) {
  const radios = radiosIn(question);
  const answers = radios.map((radio) => [
    radio.value,
    textOf(/** @type {Element} */ (radio.closest("label"))),
  ]);
  const right = radios.find((radio) => radio.hasAttribute("data-right"))?.value ?? "";
  const legend = textOf(/** @type {Element} */ (question.querySelector("legend")));
  return { name, title, question: legend, answers: Object.fromEntries(answers), right };
}

const UNTIL_ANSWERED = "The explanation and the summary appear once you have answered the question.";

/**
 * A lesson's question, and what appears when it has been answered.
 * @param {Words} words
 * @param {Notebook} notebook
 */
export function drawQuestion(words, notebook) {
  const { name, question, explanation, summary } = words;
  const until = make("p", { className: "hint" }, UNTIL_ANSWERED);
  const { answers, right } = asked(words);
  const radios = radiosIn(question);
  const verdict = make("p", {
    className: "verdict-line",
    role: "status",
    ariaLabel: "Result of the answer",
  });
  const answer = button("Answer", () => {
    const chosen = radios.find((radio) => radio.checked);
    if (!chosen) return void (verdict.textContent = "Choose an answer first.");
    notebook.choose(name, chosen.value);
    show();
    anew.focus();
  });
  answer.className = "primary";
  const anew = button("Answer anew", () => {
    notebook.choose(name, undefined);
    for (const radio of radios) radio.checked = false;
    show();
    radios[0].focus();
  });

  /** Show what has been answered, be it in another tab. */
  function show() {
    const chosen = answers[notebook.chosen[name]] === undefined ? undefined : notebook.chosen[name];
    for (const radio of radios) {
      if (chosen !== undefined) radio.checked = radio.value === chosen;
      radio.disabled = chosen !== undefined;
    }
    answer.hidden = chosen !== undefined;
    anew.hidden = chosen === undefined;
    until.hidden = chosen !== undefined;
    for (const each of [explanation, summary]) each.toggleAttribute("hidden", chosen === undefined);
    if (chosen === undefined) verdict.textContent = "";
    else
      verdict.textContent =
        chosen === right ? "✓ Right." : `✗ Not right. Right is: ${answers[right]}.`;
  }

  show();
  const row = make("div", { className: "row" }, answer, anew, verdict);
  return { question: [question, row, explanation], summary: [until, summary], show };
}

/**
 * A question that came with the link.
 * @param {string} lesson
 * @param {string} question
 * @param {Notebook} notebook
 */
export function drawTeachersQuestion(lesson, question, notebook) {
  const box = make("textarea", {
    id: "teachers-answer",
    rows: 3,
    value: notebook.answerTo(lesson, question),
  });
  box.oninput = () => notebook.write({ lesson, question, answer: box.value });
  const nodes = [
    make("p", { className: "hint" }, "Your teacher asks, by way of the link:"),
    make("blockquote", { className: "teachers-question", dir: "auto" }, question),
    make("label", { className: "stacked", htmlFor: "teachers-answer" }, "Your answer to it"),
    box,
  ];
  /** Show what has been written, be it in another tab. */
  function show() {
    const written = notebook.answerTo(lesson, question);
    if (box.value !== written) box.value = written;
  }
  return { nodes, show };
}
