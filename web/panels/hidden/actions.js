/** What can be done inside the hidden state: choose what to look at, and silence units. */

/** @import { App } from "../../main.js" */
/** @import { About, HiddenUnit, Inside, State } from "../../types" */
/** @import { Means } from "../../work.js" */
/** @import { runActions } from "../run/actions.js" */

import { writersStep } from "../../store.js";
import { Work } from "../../work.js";

/** Shorter work needs no progress bar. */
const SOON_MS = 400;

/**
 * @param {App} app
 * @param {ReturnType<typeof runActions>} runs
 */
export function hiddenActions(app, runs) {
  const { store } = app;
  /** @param {Partial<Inside>} changes */
  const change = (changes) => store.update({ inside: { ...store.state.inside, ...changes } });

  const looking = new Work(app, "hidden", {
    show: (working) => change({ working }),
    after: SOON_MS,
  });
  const silencing = new Work(app, "hidden");
  /** What is to be fetched besides the reading, until it is there. */
  const due = { units: false, effect: false };

  /** @param {boolean} open */
  function toggleHidden(open) {
    app.panels.toggle("hidden", open, { refresh, place: "text" });
    if (!open) looking.stop();
  }

  /** The run has moved on. */
  const refresh = () => look({ units: true, effect: true });

  /**
   * Look again: the run has moved on, or somebody has chosen something else.
   * @param {Partial<typeof due>} [also]
   */
  async function look(also) {
    if (!app.panels.shows("hidden")) return;
    Object.assign(due, also);
    await looking.begin(fetchAll);
  }

  /** Fetch what is shown. @param {Means} means */
  async function fetchAll({ job }) {
    const { inside, prompt, temperature } = store.state;
    const { layer, name, silenced } = inside;
    const passage = passageOf(store.state);
    /** @type {Partial<Inside>} */
    const found = { reading: null };
    if (due.units) found.units = await job("selectivity", [layer]);
    if (passage) {
      const value = await job("read", [layer, name, ...passage]);
      const activations = new Float32Array(value.activations.slice().buffer);
      found.reading = { ...value, activations, layer, step: writersStep(store.state) };
    }
    change(found);
    due.units = false;
    if (due.effect && silenced.length) {
      const effect = await job("compare_silenced", [prompt, temperature]);
      change({ effect: { ...effect, silenced } });
    }
    due.effect = false;
    store.problem("hidden");
  }

  // A text that is being written is looked at when it is finished.
  let { writing: seen } = store.state;
  store.subscribe(({ writing, inside }) => {
    if (writing?.active || writing?.characters === seen?.characters) return;
    seen = writing;
    if (inside.source === "written") look();
  });

  /** @param {Inside["source"]} source */
  function choosePassage(source) {
    change({ source });
    return look();
  }

  /** @param {number} layer */
  function chooseLayer(layer) {
    change({ layer, unit: null });
    return look({ units: true });
  }

  /** @param {string} name */
  function chooseShown(name) {
    change({ name });
    return look();
  }

  /** @param {number} unit */
  const chooseUnit = (unit) => change({ unit });

  /** @param {number} cursor */
  function setCursor(cursor) {
    store.update({ cursor });
    if (store.state.inside.source === "cursor") look();
  }

  /**
   * Silence a unit, or let it be heard again.
   * @param {HiddenUnit} unit
   * @param {boolean} silent
   */
  function silence([layer, unit], silent) {
    const others = store.state.inside.silenced.filter(([l, u]) => l !== layer || u !== unit);
    return setSilenced(silent ? [...others, [layer, unit]] : others);
  }

  const silenceNone = () => setSilenced([]);

  /** @param {HiddenUnit[]} silenced */
  async function setSilenced(silenced) {
    if (!store.state.run) return;
    // What is being fetched is about other units.
    looking.stop();
    change({ silenced, effect: null });
    await silencing.begin(async ({ ask }) => {
      await ask("silence", silenced);
      await runs.lookAtSample();
    });
  }

  return {
    toggleHidden,
    choosePassage,
    chooseLayer,
    chooseShown,
    chooseUnit,
    setCursor,
    silence,
    silenceNone,
  };
}

/**
 * The passage to read, and what stands before it; empty for the held-out part, which Python knows;
 * null if there is none.
 * @param {State} state
 * @returns {[] | [string] | [string, string] | null}
 */
function passageOf({ inside, about, text, cursor, sample, writing }) {
  if (inside.source === "held-out") return [];
  if (inside.source === "cursor") return text && about ? atCursor(text, cursor, about) : null;
  if (inside.source === "sample") return sample && [sample.text];
  return writing && [writing.prompt + writing.text, writing.opening];
}

/**
 * The text from the cursor on, or its end if little is left; and what stands before.
 * @param {string} text
 * @param {number} cursor
 * @param {About} about
 * @returns {[string, string]}
 */
function atCursor(text, cursor, { numbers: { passage, context } }) {
  let start = Math.max(0, Math.min(cursor, text.length - passage));
  const inPair = /[\uDC00-\uDFFF]/.test(text[start] ?? "");
  if (inPair) start -= 1;
  // A character is at most two units long.
  const before = text.slice(Math.max(0, start - 2 * context), start);
  return [text.slice(start, start + 2 * passage), before];
}
