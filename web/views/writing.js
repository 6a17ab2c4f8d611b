/** The writing panel: a prompt, and what the network makes of it. */

/** @import { Run, View, Writing } from "../types" */

import { element, make, setText, showProblem } from "../dom.js";
import { count, without } from "../format.js";
import { permissions } from "../store.js";

/**
 * @param {{
 *   generate(): void,
 *   stopWriting(): void,
 *   setPrompt(prompt: string): void,
 *   setLength(length: string): void,
 *   setTemperature(temperature: number): void,
 * }} actions
 * @returns {View}
 */
export function mountWriting(actions) {
  const prompt = element("prompt", HTMLInputElement);
  const length = element("length", HTMLInputElement);
  const temperature = element("temperature", HTMLInputElement);
  const temperatureValue = element("temperature-value", HTMLElement);
  const generate = element("generate", HTMLButtonElement);
  const stop = element("stop-writing", HTMLButtonElement);
  const caption = element("writing-caption", HTMLElement);
  const problems = {
    prompt: element("prompt-problem", HTMLElement),
    length: element("length-problem", HTMLElement),
    writing: element("writing-problem", HTMLElement),
  };
  const output = mountOutput();

  element("writing-form", HTMLFormElement).onsubmit = () => {
    if (!generate.disabled) actions.generate();
  };
  stop.onclick = () => (actions.stopWriting(), generate.focus());
  prompt.oninput = () => actions.setPrompt(prompt.value);
  length.oninput = () => actions.setLength(length.value);
  temperature.oninput = () => actions.setTemperature(temperature.valueAsNumber);

  return (state) => {
    if (prompt.value !== state.prompt) prompt.value = state.prompt;
    if (length.value !== state.length) length.value = state.length;
    if (temperature.valueAsNumber !== state.temperature) {
      temperature.valueAsNumber = state.temperature;
    }
    generate.disabled = !permissions(state).generate;
    stop.hidden = !state.writing?.active;
    setText(temperatureValue, state.temperature.toFixed(2));
    showProblem(problems.prompt, state.problems.prompt);
    showProblem(problems.length, state.problems.length, length);
    showProblem(problems.writing, state.problems.writing);
    setText(caption, state.writing ? describe(state.writing, state.run) : "");
    output(state);
  };
}

/** @param {Writing} writing @param {Run | null} run */
function describe({ step, silenced }, run) {
  if (step === 0) return "Written before any training: noise. Train it, and write again.";
  const absent = without(silenced, Number(run?.config.layers));
  return `Written by the network as it was from step ${count(step)} on${absent && `, ${absent}`}.`;
}

/** Text that grows at its end. @returns {View} */
function mountOutput() {
  const output = element("generated", HTMLOutputElement);
  const prompt = make("span", { className: "prompt" });
  const text = new Text();
  output.append(prompt, text);

  return ({ writing }) => {
    const written = writing?.text ?? "";
    output.toggleAttribute("data-empty", !writing);
    output.setAttribute("aria-busy", String(writing?.active ?? false));
    setText(prompt, writing?.prompt ?? "");
    if (written.length < text.length) text.data = "";
    if (written.length === text.length) return;
    const atEnd = output.scrollTop + output.clientHeight >= output.scrollHeight - 4;
    text.appendData(written.slice(text.length));
    if (atEnd) output.scrollTop = output.scrollHeight;
  };
}
