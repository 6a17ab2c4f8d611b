/** The writing panel: a prompt, and what the network makes of it. */

/** @import { Run, Stretch, View, Writing } from "../types" */

import { element, setText, showProblem } from "../dom.js";
import { count, without } from "../format.js";
import { lengthField } from "../settings.js";
import { permissions } from "../store.js";
import { NumberBox } from "./numberbox.js";

const LONGEST_QUOTE = 60;

/**
 * @param {{
 *   generate(): void,
 *   stopWriting(): void,
 *   setPrompt(prompt: string): void,
 *   setLength(length: string, finished: boolean): void,
 *   setTemperature(temperature: number): void,
 * }} actions
 * @returns {View}
 */
export function mountWriting(actions) {
  const prompt = element("prompt", HTMLInputElement);
  const length = new NumberBox(
    lengthField,
    actions.setLength,
    element("length", HTMLInputElement),
  );
  const temperature = element("temperature", HTMLInputElement);
  const temperatureValue = element("temperature-value", HTMLElement);
  const generate = element("generate", HTMLButtonElement);
  const stop = element("stop-writing", HTMLButtonElement);
  const caption = element("writing-caption", HTMLElement);
  const problems = {
    prompt: element("prompt-problem", HTMLElement),
    unseen: element("unseen-problem", HTMLElement),
    length: element("length-problem", HTMLElement),
    writing: element("writing-problem", HTMLElement),
  };
  const memory = mountMemory();

  element("writing-form", HTMLFormElement).onsubmit = () => {
    if (!generate.disabled) actions.generate();
  };
  stop.onclick = () => (actions.stopWriting(), generate.focus());
  prompt.oninput = () => actions.setPrompt(prompt.value);
  temperature.oninput = () => actions.setTemperature(temperature.valueAsNumber);

  return (state) => {
    if (prompt.value !== state.prompt) prompt.value = state.prompt;
    length.show(state.length);
    if (temperature.valueAsNumber !== state.temperature) {
      temperature.valueAsNumber = state.temperature;
    }
    generate.disabled = !permissions(state).generate;
    stop.hidden = !state.writing?.active;
    setText(temperatureValue, state.temperature.toFixed(2));
    showProblem(problems.prompt, state.problems.prompt, prompt);
    showProblem(problems.unseen, state.problems.unseen);
    showProblem(problems.length, state.problems.length, length.control);
    showProblem(problems.writing, state.problems.writing);
    setText(caption, state.writing ? describe(state.writing, state.run) : "");
    memory(state);
  };
}

/** @param {Writing} writing @param {Run | null} run */
function describe({ step, silenced }, run) {
  if (step === 0) return "Written before any training: noise. Train it, and write again.";
  const absent = without(silenced, Number(run?.config.layers));
  return `Written by the network as it was from step ${count(step)} on${absent && `, ${absent}`}.`;
}

/** How much of the text is memory. @returns {View} */
function mountMemory() {
  const words = element("memory-words", HTMLOutputElement);
  const progress = element("memory-progress", HTMLProgressElement);

  return ({ writing }) => {
    const memory = writing?.memory;
    progress.hidden = !memory || Boolean(memory.stretch);
    progress.value = memory?.fraction ?? 0;
    setText(words, writing && memory ? describeMemory(writing, memory.stretch) : "");
  };
}

/** @param {Writing} writing @param {Stretch} [stretch] */
function describeMemory({ characters, begins }, stretch) {
  if (!stretch) return "Looking for what stands word for word in the training text …";
  const written = characters.slice(begins);
  const { start, length } = stretch;
  if (length === 0) return "No character of it stands in the training text.";
  if (length === written.length) return "All of it stands word for word in the training text.";
  const shown = written.slice(start, start + Math.min(length, LONGEST_QUOTE));
  const quote = shown.map(({ character }) => character.replace("\n", "⏎")).join("");
  const rest = length > LONGEST_QUOTE ? " …" : "";
  return (
    "The longest stretch that stands word for word in the training text, underlined: " +
    `${count(length)} of ${count(written.length)} characters, “${quote}${rest}”. ` +
    "Anything longer is put together anew."
  );
}
