/** The training panel without its chart: the buttons, the numbers, the live sample. */

/** @import { Field, Run, Progress, Sample, State, View } from "../../types" */

import { boxAt } from "../../databox.js";
import { element, make, setText, showProblem } from "../../dom.js";
import { bits, choices, count, loss, rough, without } from "../../format.js";
import { lastStays, networkName } from "../../naming.js";
import { terms } from "../../places.js";
import { phaseOf } from "../../run-machine.js";
import { mountSilenced } from "../../silenced.js";
import { changesSinceRun, hasLearned, isOfRun, permissions } from "../../store.js";
import { mountBoot } from "./boot.js";

/**
 * @param {{
 *   train(): void,
 *   step(): void,
 *   reset(): Promise<void>,
 *   saveModel(): void,
 *   loadModel(file: File): void,
 *   startOver(): Promise<void>,
 *   goOn(): Promise<void>,
 *   undoChanges(): void,
 *   takeAdvice(settings: Record<string, number>): void,
 *   silenceNone(): void,
 *   stopPython(): void,
 * }} actions
 * @returns {View}
 */
export function mountRun(actions) {
  const train = element("train", HTMLButtonElement);
  const step = element("step", HTMLButtonElement);
  const reset = element("reset", HTMLButtonElement);
  const save = element("save", HTMLButtonElement);
  const load = element("load", HTMLInputElement);
  const startOver = element("start-over", HTMLButtonElement);
  const goOn = element("go-on", HTMLButtonElement);
  const undo = element("undo", HTMLButtonElement);
  const runProblem = element("run-problem", HTMLElement);
  const modelProblem = element("model-problem", HTMLElement);
  const rescue = element("rescue", HTMLElement);
  const lostWorkers = element("lost-workers", HTMLElement);
  const unsaved = element("unsaved", HTMLElement);
  const silent = element("silent", HTMLElement);
  element("stop-python", HTMLButtonElement).onclick = () => (actions.stopPython(), train.focus());

  train.onclick = actions.train;
  step.onclick = actions.step;
  save.onclick = actions.saveModel;
  load.onchange = () => {
    if (load.files?.[0]) actions.loadModel(load.files[0]);
    load.value = "";
  };
  // These disappear or are switched off by their own work; the keyboard goes on from Train.
  reset.onclick = async () => {
    await actions.reset();
    if (reset.disabled) train.focus();
  };
  const beginAnother = (/** @type {HTMLElement} */ button, /** @type {() => Promise<void>} */ act) => {
    button.onclick = async () => {
      await act();
      if (!button.checkVisibility()) train.focus();
    };
  };
  beginAnother(startOver, actions.startOver);
  beginAnother(goOn, actions.goOn);
  undo.onclick = () => (actions.undoChanges(), train.focus());

  const numbers = mountNumbers();
  const changes = mountChanges();
  const boot = mountBoot();
  const sample = mountSample();
  const silenced = mountSilenced("sample-silenced", actions);
  const advice = mountAdvice(actions);

  return (state) => {
    const may = permissions(state);
    train.disabled = !may.train;
    step.disabled = !may.step;
    reset.disabled = !may.reset;
    save.disabled = !may.save;
    load.disabled = !may.load;
    setText(train, trainLabel(state));
    showProblem(runProblem, state.problems.run);
    showProblem(modelProblem, state.problems.model, load);
    silent.hidden = !state.isSilent;
    showProblem(rescue, state.problems.rescue);
    showProblem(lostWorkers, state.problems.helpers);
    showProblem(unsaved, state.unsaved ? notSaved(state) : undefined);
    numbers(state);
    changes(state);
    boot(state);
    advice(state);
    sample(state);
    silenced(state);
  };
}

/** @param {State} state */
function trainLabel(state) {
  const phase = phaseOf(state);
  if (phase === "training") return "Pause";
  return phase === "paused" && state.run ? "Resume" : "Train";
}

/** @param {State} state */
function notSaved({ unsaved, savedStep }) {
  const last = savedStep === null ? "" : `, since step ${count(savedStep)}`;
  return (
    `This browser does not save the page${last}: ${unsaved}. ` +
    "Training goes on, and the page tries again; “Save model” keeps the run in a file."
  );
}

/** @returns {View} */
function mountNumbers() {
  const step = element("step-number", HTMLOutputElement);
  const epoch = element("epoch", HTMLElement);
  const training = element("train-loss", HTMLOutputElement);
  const trainingBits = element("train-bits", HTMLElement);
  const trainingChoices = element("train-choices", HTMLElement);
  const validation = element("validation-loss", HTMLOutputElement);
  const validationBits = element("validation-bits", HTMLElement);
  const validationChoices = element("validation-choices", HTMLElement);
  const speed = element("speed", HTMLOutputElement);
  const workers = element("workers", HTMLElement);
  const caption = element("run-caption", HTMLElement);

  return (state) => {
    const { run, progress } = state;
    const phase = phaseOf(state);
    // A network that has only been asked to write has taken no step.
    const known = phase === "ready" ? null : progress;
    setText(step, count(known?.step));
    const { whole } = terms();
    setText(epoch, known ? `${whole} read ${known.epoch.toFixed(1)} times` : "\u00a0");
    setText(training, loss(known?.train_loss));
    setText(trainingBits, bits(known?.train_loss));
    setText(trainingChoices, choices(known?.train_loss));
    setText(validation, loss(known?.validation_loss));
    setText(validationBits, bits(known?.validation_loss));
    setText(validationChoices, choices(known?.validation_loss));
    setText(speed, rough(known?.characters_per_second));
    setText(workers, run && known ? describeWorkers(run, known) : "\u00a0");
    setText(caption, run && known ? describeRun(run, known, state.fields) : (BEFORE_RUN[state.about && phase === "loading" ? "ready" : phase] ?? ""));
  };
}

/** @type {Record<string, string>} */
const BEFORE_RUN = {
  loading: "Python is starting in this tab. You can choose what it is to learn meanwhile.",
  ready: "Press Train, and watch. Everything else can stay as it is.",
};

/** Who is at work, if it isn't one network in one worker. @param {Run} run @param {Progress} progress */
function describeWorkers({ config }, { workers, characters_per_second }) {
  if (config.workers === 1 || !characters_per_second) return "\u00a0";
  return workers > 1 ? `${workers} workers` : `${config.workers} networks in turn`;
}

/** @param {Run} run @param {Progress} progress @param {Field[]} fields */
function describeRun(
  { config, parameters, learned, held_out, origin, stays },
  { learning_rate },
  fields,
) {
  const falling = config.schedule === "constant" ? "" : "from ";
  return [
    networkName(config, fields),
    `${count(parameters)} weights`,
    `learns ${count(learned)} ${terms().units}, ${count(held_out)} held out`,
    `learning rate ${falling}${learning_rate}`,
    ...(origin ? [origin] : []),
    ...lastStays(stays),
  ].join(" · ");
}

/** What differs from the run, if the run has anything to lose. @returns {View} */
function mountChanges() {
  const notice = element("changes", HTMLElement);
  const message = element("changes-message", HTMLElement);
  const goOn = element("go-on", HTMLButtonElement);
  const words = element("go-on-words", HTMLElement);
  return (state) => {
    const changed = hasLearned(state) ? changesSinceRun(state) : "";
    setText(
      message,
      changed && `You have changed the ${changed}; this run still uses the earlier ${changed}.`,
    );
    notice.hidden = !changed;
    goOn.hidden = words.hidden = state.place !== "text" || isOfRun(state);
  };
}

/**
 * What is to be said of the run, with a button for each thing that helps.
 * @param {{ train(): void, takeAdvice(settings: Record<string, number>): void }} actions
 * @returns {View}
 */
function mountAdvice(actions) {
  const words = element("advice", HTMLOutputElement);
  const buttons = element("advice-buttons", HTMLElement);
  const pause = make("button", { type: "button", onclick: actions.train }, "Pause here");
  const toText = () => boxAt("text").focus();
  const more = make("button", { type: "button", onclick: toText }, "More text");
  const notice = element("changes", HTMLElement);
  /** What the buttons belong to. */
  let shown = "";

  return (state) => {
    const advice = state.progress?.advice;
    buttons.hidden = !advice;
    setText(words, advice?.message ?? "");
    pause.hidden = phaseOf(state) !== "training";
    if (!advice || advice.message === shown) return;
    shown = advice.message;
    const changes = advice.changes.map(({ label, settings }) => {
      const onclick = () => {
        actions.takeAdvice(settings);
        notice.scrollIntoView({ block: "nearest" }); // what comes of it is said there
      };
      return make("button", { type: "button", onclick }, label);
    });
    const wantsMore = advice.kind === "by heart" && state.place === "text";
    buttons.replaceChildren(pause, ...(wantsMore ? [more] : []), ...changes);
  };
}

/** @returns {View} */
function mountSample() {
  const output = element("live-sample", HTMLOutputElement);
  const caption = element("sample-caption", HTMLElement);
  return ({ sample, run }) => {
    // Many texts begin with empty lines, and there is little room.
    setText(output, sample?.text.replace(/^\n+/, "") ?? "");
    setText(caption, sample ? describeSample(sample, run) : "\u00a0");
  };
}

/** @param {Sample} sample @param {Run | null} run */
function describeSample({ step, loss: nats, silenced }, run) {
  const absent = without(silenced, Number(run?.config.layers));
  return `step ${count(step)}, loss ${loss(nats)}${absent && `, ${absent}`}`;
}
