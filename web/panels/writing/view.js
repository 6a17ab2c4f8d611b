/** The writing panel: a prompt, and what the network makes of it. */

/** @import { About, Run, State, Stretch, View, Writing, WritingNumber } from "../../types" */

import { element, setText, showProblem } from "../../dom.js";
import { FieldRow } from "../../fieldrow.js";
import { count, without } from "../../format.js";
import { NumberBox } from "../../numberbox.js";
import { mountSilenced } from "../../silenced.js";
import { permissions, writersStep } from "../../store.js";
import { putText } from "../../undo.js";
import { mountWritten } from "./written.js";

const LONGEST_QUOTE = 60;
/** What most people leave as it is. */
const ADVANCED = /** @type {const} */ (["topK", "topP", "writingSeed"]);

/**
 * @param {{
 *   generate(): void,
 *   stopWriting(): void,
 *   setPrompt(prompt: string): void,
 *   setWritingNumber(name: WritingNumber, typed: string, finished: boolean): void,
 *   setOneLine(oneLine: boolean): void,
 *   setWritesWith(writesWith: State["writesWith"]): void,
 *   setTemperature(temperature: number): void,
 *   silenceNone(): void,
 * } & Parameters<typeof mountWritten>[0]} actions
 * @returns {View}
 */
export function mountWriting(actions) {
  const prompt = element("prompt", HTMLTextAreaElement);
  const length = new NumberBox(
    null,
    (typed, finished) => actions.setWritingNumber("length", typed, finished),
    element("length", HTMLInputElement),
  );
  const advanced = element("writing-fields", HTMLElement);
  /** @type {FieldRow<WritingNumber>[]} */
  let rows = [];

  /** Python has said what may stand in the boxes. @param {About["writing"]} fields */
  function build(fields) {
    length.is(fields.length);
    rows = ADVANCED.map((name) => new FieldRow({ name, ...fields[name] }, actions.setWritingNumber));
    advanced.replaceChildren(...rows.map((row) => row.root));
  }

  const oneLine = element("one-line", HTMLInputElement);
  const writesWith = element("writes-with", HTMLSelectElement);
  const writesWithWords = element("writes-with-words", HTMLElement);
  const temperature = element("temperature", HTMLInputElement);
  const temperatureValue = element("temperature-value", HTMLElement);
  const careful = element("careful", HTMLElement);
  const generate = element("generate", HTMLButtonElement);
  const stop = element("stop-writing", HTMLButtonElement);
  const caption = element("writing-caption", HTMLElement);
  const problems = {
    prompt: element("prompt-problem", HTMLElement),
    length: element("length-problem", HTMLElement),
    unseen: element("unseen-problem", HTMLElement),
    writing: element("writing-problem", HTMLElement),
  };
  const memory = mountMemory();
  const written = mountWritten(actions);
  const silenced = mountSilenced("writing-silenced", actions);

  const form = element("writing-form", HTMLFormElement);
  form.onsubmit = () => {
    if (!generate.disabled) actions.generate();
  };
  // Enter alone begins a new line.
  prompt.onkeydown = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  };
  stop.onclick = () => (actions.stopWriting(), generate.focus());
  prompt.oninput = () => actions.setPrompt(prompt.value);
  oneLine.onchange = () => actions.setOneLine(oneLine.checked);
  writesWith.onchange = () =>
    actions.setWritesWith(writesWith.value === "latest" ? "latest" : "best");
  temperature.oninput = () => actions.setTemperature(temperature.valueAsNumber);

  return (state) => {
    if (prompt.value !== state.prompt) putText(prompt, state.prompt);
    if (state.about && !rows.length) build(state.about.writing);
    length.show(state.length);
    for (const row of rows) row.show(state[row.name], state.problems[row.name]);
    oneLine.checked = state.oneLine;
    writesWith.value = state.writesWith;
    setText(writesWithWords, state.run ? `of step ${count(writersStep(state))}` : "\u00a0");
    if (temperature.valueAsNumber !== state.temperature) {
      temperature.valueAsNumber = state.temperature;
    }
    generate.disabled = !permissions(state).generate;
    stop.hidden = !state.writing?.active;
    setText(temperatureValue, state.temperature.toFixed(2));
    setText(careful, state.temperature ? "careful" : "always the likeliest");
    showProblem(problems.prompt, state.problems.prompt, prompt);
    showProblem(problems.length, state.problems.length, length.control);
    showProblem(problems.unseen, state.problems.unseen);
    showProblem(problems.writing, state.problems.writing);
    setText(caption, state.writing ? describe(state.writing, state.run) : "");
    memory(state);
    written(state);
    silenced(state);
  };
}

/** @param {Writing} writing @param {Run | null} run */
function describe({ step, best, silenced }, run) {
  if (step === 0) return "Written before any training: noise. Train it, and write again.";
  const absent = without(silenced, Number(run?.config.layers));
  const which = best
    ? `best network so far, that of step ${count(step)}`
    : `network as it was from step ${count(step)} on`;
  return `Written by the ${which}${absent && `, ${absent}`}.`;
}

/** How much of the text is memory. @returns {View} */
function mountMemory() {
  const words = element("memory-words", HTMLOutputElement);
  const progress = element("memory-progress", HTMLProgressElement);

  return ({ writing, run }) => {
    const memory = writing?.memory;
    progress.hidden = !memory || Boolean(memory.stretch);
    progress.value = memory?.fraction ?? 0;
    setText(words, writing && memory ? describeMemory(writing, run, memory.stretch) : "");
  };
}

/** @param {Writing} writing @param {Run | null} run @param {Stretch} [stretch] */
function describeMemory({ characters, begins }, run, stretch) {
  const isList = run?.config.order === "lines";
  const there = `in the training text${isList ? ", its lines in the order drawn" : ""}`;
  if (!stretch) return `Looking for what stands word for word ${there} …`;
  const written = characters.slice(begins);
  const { start, length } = stretch;
  if (length === 0) return "No character of it stands in the training text.";
  if (length === written.length) return `All of it stands word for word ${there}.`;
  const shown = written.slice(start, start + Math.min(length, LONGEST_QUOTE));
  const quote = shown.map(({ character }) => character.replace("\n", "⏎")).join("");
  const rest = length > LONGEST_QUOTE ? " …" : "";
  return (
    `The longest stretch that stands word for word ${there}, underlined: ` +
    `${count(length)} of ${count(written.length)} characters, “${quote}${rest}”. ` +
    "Anything longer is put together anew."
  );
}
