/** The box for what is to be learned, and the list of examples beside it. */

/** @import { EarlierText, Place, View } from "./types" */

import { element, make, showProblem } from "./dom.js";
import { examples } from "./examples/index.js";
import { earlierLabels } from "./naming.js";
import { keyOf } from "./texts.js";
import { putText } from "./undo.js";

/** Only these need dir="auto", which makes a browser read a large text again at every key. */
const RIGHT_TO_LEFT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const LOOK_AT = 10_000;
/** Of more lines a box shows the beginning: for each, a browser needs a while in which the page is deaf. */
const MOST_LINES = { text: Infinity, numbers: 2000 };

/** The box of a place. @param {Place} place */
export const boxAt = (place) => element(`${place}-box`, HTMLTextAreaElement);

/**
 * @param {Place} place whose controls have ids that begin with its name
 * @param {{
 *   takesText(text: string): boolean,
 *   typeText(text: string, anew: boolean): void,
 *   forgetText(): Promise<void>,
 *   setCursor(cursor: number): void,
 *   chooseExample(key: string): void,
 *   train(): void,
 * }} actions
 * @returns {View}
 */
export function mountDataBox(place, actions) {
  const example = element(`${place}-example`, HTMLSelectElement);
  const exampleProblem = element(`${place}-example-problem`, HTMLElement);
  const textarea = boxAt(place);
  const problem = element(`${place}-problem`, HTMLElement);
  const forget = element(`${place}-forget`, HTMLButtonElement);
  for (const { key, label } of examples[place]) example.add(new Option(label, key));
  const own = make("optgroup", { label: "Your own" });
  example.add(own);

  example.onchange = () => actions.chooseExample(example.value);
  forget.onclick = async () => {
    await actions.forgetText();
    if (forget.hidden) example.focus();
  };
  let shown = "";
  /** Is all of the text being replaced at once? */
  let anew = false;
  textarea.addEventListener("beforeinput", (event) => {
    const { selectionStart, selectionEnd, textLength } = textarea;
    anew = textLength > 0 && selectionStart === 0 && selectionEnd === textLength;
    anew &&= event.inputType !== "historyUndo";
    if (!event.data) return;
    const text = withInserted(textarea, event.data);
    // A browser needs minutes to show a text that is refused: it doesn't get that far.
    if (!actions.takesText(text)) event.preventDefault();
    else if (beginning(text) !== text) {
      event.preventDefault();
      actions.typeText(text, anew);
    }
  });
  textarea.oninput = () => {
    shown = textarea.value;
    setDirection();
    actions.typeText(shown, anew);
  };
  textarea.onblur = () => actions.setCursor(textarea.selectionStart);
  textarea.onkeydown = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) actions.train();
  };

  /** As much of a text as the box shows. @param {string} text */
  const beginning = (text) => firstLines(text, MOST_LINES[place]);

  /** @param {string} text */
  function put(text) {
    shown = text;
    setDirection();
    const part = beginning(text);
    textarea.readOnly = part !== text;
    putText(textarea, part);
    textarea.setSelectionRange(0, 0);
    textarea.scrollTop = 0;
  }

  /** Each time `dir` is set, be it to what it was, a browser goes through the whole text. */
  function setDirection() {
    const dir = RIGHT_TO_LEFT.test(shown.slice(0, LOOK_AT)) ? "auto" : "ltr";
    if (textarea.dir !== dir) textarea.dir = dir;
  }

  /** @type {readonly EarlierText[] | null} */
  let listed = null;
  /** @param {readonly EarlierText[]} earlier */
  function list(earlier) {
    listed = earlier;
    const labels = earlierLabels(earlier);
    const options = earlier.map((each, index) => new Option(labels[index], keyOf(each)));
    own.replaceChildren(new Option(OWN[place], "own"), ...options);
  }

  return (state) => {
    // Only a text that came from elsewhere is put into the box: else the caret would jump.
    if (state.text !== shown) put(state.text);
    // Of two strings, a browser sees at once that they are the same, but not that they are alike.
    shown = state.text;
    if (state.earlierTexts !== listed) list(state.earlierTexts);
    forget.hidden = state.example !== "own" || !state.text;
    if (example.value !== state.example) example.value = state.example;
    showProblem(exampleProblem, state.problems.example, example);
    showProblem(problem, state.problems.text, textarea);
  };
}

const OWN = { text: "Your own text", numbers: "Your own numbers" };

/** The first so many lines of a text, or all of it. @param {string} text @param {number} most */
function firstLines(text, most) {
  let end = -1;
  for (let line = 0; line < most; line++) {
    end = text.indexOf("\n", end + 1);
    if (end < 0) return text;
  }
  return text.slice(0, end);
}

/** The text as it will be. @param {HTMLTextAreaElement} textarea @param {string} inserted */
function withInserted({ value, selectionStart, selectionEnd }, inserted) {
  return value.slice(0, selectionStart) + inserted + value.slice(selectionEnd);
}
