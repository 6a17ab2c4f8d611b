/** What networks, runs and their files are called, by their owner and before that. */

/** @import { Config, EarlierText, Field, Run, ShelvedRun, State, StayElsewhere } from "./types" */

import { exampleOf } from "./examples/index.js";
import { choiceLabel } from "./settings.js";

const PREVIOUS = "Last run before this";
const LONGEST_NAME = 80;
const WORDS_LENGTH = 24;
const MOST_STAYS = 3;

/**
 * What a run is about, before somebody gives it a name.
 * @param {Run} run
 * @param {Field[]} fields
 */
export function titleOf({ example, text, config }, fields) {
  const label = exampleOf(example)?.label ?? firstWords(text);
  const layers = config.layers === 1 ? "" : ` × ${config.layers}`;
  return `${label}, ${choiceLabel(fields, "cell", config.cell)} ${config.hidden_size}${layers}`;
}

/**
 * What a network is: “GRU, 128 units × 2 layers”.
 * @param {Config} config
 * @param {Field[]} fields
 */
export function networkName({ cell, hidden_size, layers }, fields) {
  const size = `${hidden_size} units${layers === 1 ? "" : ` × ${layers} layers`}`;
  return `${choiceLabel(fields, "cell", cell)}, ${size}`;
}

/** What was learned elsewhere, as far as it was of late. @param {StayElsewhere[]} stays */
export const lastStays = (stays) => stays.slice(-MOST_STAYS).map(({ words }) => words);

/** What a text of one's own is called. @param {string} text */
export function firstWords(text) {
  const line = text.slice(0, 1000).trim().split("\n")[0];
  const words = [...line].slice(0, WORDS_LENGTH).join("").trim();
  return (words.length < line.length ? `${words} …` : words) || "Own text";
}

/** Call each text by a label that no other has. @param {readonly EarlierText[]} earlier */
export function earlierLabels(earlier) {
  const taken = new Set();
  return earlier.map(({ text }) => {
    const label = freeName(`Earlier: ${firstWords(text).replace(/\s+/g, " ")}`, taken);
    taken.add(label);
    return label;
  });
}

/**
 * The name itself, or numbered so that it is not among those there are.
 * @param {string} name
 * @param {Set<string | undefined>} taken
 */
export function freeName(name, taken) {
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${name} (${number})`;
  return free;
}

/**
 * Call each run by a label that no other has; names that were given stay as they are.
 * @param {ShelvedRun[]} runs
 * @returns {(ShelvedRun & { label: string })[]}
 */
export function labelled(runs) {
  const taken = new Set(runs.map((run) => run.name));
  return runs.map((run) => {
    const title = run.previous ? PREVIOUS : run.title;
    const label = run.name ?? freeName(title, taken);
    taken.add(label);
    return { ...run, label };
  });
}

/**
 * What is wrong with a name for the run of this id, beside these others.
 * @param {string} name
 * @param {string} id
 * @param {ShelvedRun[]} others
 */
export function nameProblem(name, id, others) {
  const length = [...name].length;
  if (!length) return "A run needs a name to be kept under.";
  if (length > LONGEST_NAME) return `A name has at most ${LONGEST_NAME} characters, not ${length}.`;
  const taken = others.some((each) => each.id !== id && each.name === name);
  return taken || name === PREVIOUS ? `There is a run called “${name}” already.` : undefined;
}

/** What the model file of the present run is called. @param {State} state */
export const modelName = ({ progress }) => `rnn-playground-step-${progress?.step ?? 0}.npz`;
