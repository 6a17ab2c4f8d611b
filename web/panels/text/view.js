/** The text panel: what the network is to learn. */

/** @import { EarlierText, State, View } from "../../types" */

import { element, make, setText, showProblem } from "../../dom.js";
import { examples } from "../../examples/index.js";
import { count } from "../../format.js";
import { earlierLabels } from "../../naming.js";
import { sameSetting } from "../../settings.js";
import { permissions } from "../../store.js";
import { mountFiles } from "./opened.js";
import { keyOf } from "./texts.js";
import { putText } from "../../undo.js";

/** Only these need dir="auto", which makes a browser read a large text again at every key. */
const RIGHT_TO_LEFT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const LOOK_AT = 10_000;

const OWN = "The network learns whatever you put here: a letter, a poem, a list, code.";

/**
 * @param {{
 *   takesText(text: string): boolean,
 *   typeText(text: string, anew: boolean): void,
 *   forgetText(): Promise<void>,
 *   setCursor(cursor: number): void,
 *   chooseExample(key: string): void,
 *   typeSetting(name: string, typed: string, finished: boolean): void,
 *   train(): void,
 * } & Parameters<typeof mountFiles>[0]} actions
 * @returns {View}
 */
export function mountText(actions) {
  const example = element("example", HTMLSelectElement);
  const watch = element("watch", HTMLElement);
  const textarea = element("text", HTMLTextAreaElement);
  const forget = element("forget-text", HTMLButtonElement);
  const counts = element("counts", HTMLElement);
  const order = element("order-words", HTMLElement);
  const otherOrder = element("other-order", HTMLButtonElement);
  const problems = {
    example: element("example-problem", HTMLElement),
    link: element("link-problem", HTMLElement),
    text: element("text-problem", HTMLElement),
  };
  const files = mountFiles(actions);
  for (const { key, label } of examples) example.add(new Option(label, key));
  const own = make("optgroup", { label: "Your texts" });
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
    // A browser needs minutes to show a text that is refused: it doesn't get that far.
    if (event.data && !actions.takesText(withInserted(textarea, event.data))) event.preventDefault();
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

  /** @param {string} text */
  function put(text) {
    shown = text;
    setDirection();
    putText(textarea, text);
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
    own.replaceChildren(new Option("Your own text", "own"), ...options);
  }

  return (state) => {
    // Only a text that came from elsewhere is put into the box: else the caret would jump.
    if (state.text !== shown) put(state.text);
    // Of two strings, a browser sees at once that they are the same, but not that they are alike.
    shown = state.text;
    if (state.earlierTexts !== listed) list(state.earlierTexts);
    forget.hidden = state.example !== "own" || !state.text;
    if (example.value !== state.example) example.value = state.example;
    setText(watch, examples.find(({ key }) => key === state.example)?.watch ?? OWN);
    const { description } = state;
    setText(order, orderWords(state));
    const isList = orderOf(state) === "lines";
    otherOrder.hidden = !order.textContent || !permissions(state).settings;
    setText(otherOrder, isList ? "Learn it as it stands" : "Learn it line by line");
    otherOrder.onclick = () => actions.typeSetting("order", isList ? "text" : "lines", true);
    if (description) {
      setText(
        counts,
        `${count(description.characters)} characters, ${count(description.distinct)} distinct`,
      );
    }
    showProblem(problems.example, state.problems.example, example);
    showProblem(problems.link, state.problems.link);
    showProblem(problems.text, state.problems.text, textarea);
    files(state);
  };
}

/** In what order a text is learned. @param {State} state */
function orderOf({ description, settings, touched, run, text }) {
  // Of a run, as it was begun; else, while there is another run, the boxes have what suits that one.
  const suited = touched.has("order") ? settings.order : description?.config?.order;
  return run?.text === text ? run.config.order : suited;
}

/** How a list is learned. @param {State} state */
function orderWords(state) {
  const { description, settings, fields } = state;
  const what = description?.lines ? `A list of ${count(description.lines)} lines` : "Line by line";
  if (!description) return "";
  if (orderOf(state) !== "lines") return description.lines ? `${what}, learned as it stands.` : "";
  const validation = fields.find(({ name }) => name === "validation");
  const nothing = validation && sameSetting(validation, settings.validation, 0);
  const tried = nothing ? "" : ", and is tried on some from all over, which it never learns";
  return `${what}: the network learns them in an order drawn by the seed${tried}.`;
}

/** The text as it will be. @param {HTMLTextAreaElement} textarea @param {string} inserted */
function withInserted({ value, selectionStart, selectionEnd }, inserted) {
  return value.slice(0, selectionStart) + inserted + value.slice(selectionEnd);
}
