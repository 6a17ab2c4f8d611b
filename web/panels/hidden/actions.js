/** What can be done inside the hidden state: choose what to look at, and silence units. */

/** @import { App } from "../../main.js" */
/** @import { Engine } from "../../engine.js" */
/** @import { Effect, HiddenUnit, Inside, Pairing, Reading, State } from "../../types" */
/** @import { runActions } from "../run/actions.js" */

import { workOn } from "../../openpanels.js";

/** Python reads no more of a passage, nor of what stands before it. */
const PASSAGE = 384;
const CONTEXT = 64;
/** Shorter work needs no progress bar. */
const SOON_MS = 400;

/**
 * @param {App} app
 * @param {ReturnType<typeof runActions>} runs
 */
export function hiddenActions(app, runs) {
  const { store } = app;
  /** What is to be looked at, and by which engine it is being done. */
  let wanted = { reading: false, units: false, effect: false };
  /** @type {{ engine: Engine, done: Promise<void> } | null} */
  let work = null;

  /** @param {Partial<Inside>} changes */
  const change = (changes) => store.update({ inside: { ...store.state.inside, ...changes } });

  /** @param {boolean} open */
  const toggleHidden = (open) => app.panels.toggle("hidden", open, refresh);

  /** The run has moved on. */
  const refresh = () => bring({ units: true, effect: true });

  /** Somebody has chosen something else. @param {Partial<typeof wanted>} [also] */
  async function look(also = {}) {
    const { open, run } = store.state;
    if (!open.has("hidden") || !run) return;
    try {
      await bring(also);
      store.problem("hidden");
    } catch (error) {
      if (store.state.run === run) store.problem("hidden", /** @type {Error} */ (error).message);
    }
  }

  /**
   * Fetch what is shown. One piece of work is done after another: Python knows a job by its name,
   * so two of a kind would take each other's place.
   * @param {Partial<typeof wanted>} also
   */
  function bring(also) {
    wanted = { ...wanted, ...also, reading: true };
    const { engine } = app;
    if (work?.engine !== engine) {
      const done = workAll().finally(() => {
        if (work?.engine === engine) work = null;
        if (store.state.inside.working !== null) change({ working: null });
      });
      work = { engine, done };
    }
    return work.done;
  }

  async function workAll() {
    while (wanted.reading && store.state.run) {
      const { run } = store.state;
      const now = wanted;
      wanted = { reading: false, units: false, effect: false };
      try {
        await fetchAll(now);
      } catch (error) {
        // A run that has ended takes its questions with it; another may be waiting for its turn.
        if (store.state.run === run) throw error;
      }
    }
  }

  /** @param {typeof wanted} now */
  async function fetchAll({ units, effect }) {
    const { run, progress, inside, prompt, temperature } = store.state;
    const passage = passageOf(store.state);
    const { layer, name, silenced } = inside;
    /** @type {Partial<Inside>} */
    const found = {};
    if (units) {
      await slowly("selectivity", [layer], (/** @type {Pairing[]} */ all) => (found.units = all));
    }
    if (store.state.run !== run) return;
    if (passage) {
      await slowly("read", [layer, name, ...passage], (/** @type {any} */ value) => {
        const activations = new Float32Array(value.activations.slice().buffer);
        /** @type {Reading} */
        const reading = { ...value, activations, layer, step: progress?.step ?? 0 };
        found.reading = reading;
      });
    } else {
      found.reading = null;
    }
    if (store.state.run !== run) return;
    // What was chosen meanwhile is already wanted, and will come next.
    if (store.state.inside.layer === layer) change(found);
    if (!effect || !silenced.length) return;
    await slowly("compare_silenced", [prompt, temperature], (/** @type {any} */ value) => {
      if (store.state.inside.silenced !== silenced) return;
      /** @type {Effect} */
      const compared = { ...value, silenced };
      change({ effect: compared });
    });
  }

  /**
   * Do a job, and say how far it is if it takes long.
   * @param {string} job
   * @param {unknown[]} values
   * @param {(value: any) => void} take what comes of it
   */
  async function slowly(job, values, take) {
    const began = performance.now();
    await workOn(app, job, values, (value, fraction) => {
      if (fraction === 1) take(value);
      else if (performance.now() - began > SOON_MS) change({ working: fraction });
    });
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
    const { run } = store.state;
    if (!run) return;
    change({ silenced, effect: null });
    try {
      await app.engine.call("silence", silenced);
      await runs.lookAtSample();
    } catch (error) {
      if (store.state.run === run) store.problem("hidden", /** @type {Error} */ (error).message);
    }
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
 * @returns {string[] | null}
 */
function passageOf({ inside, text, cursor, sample, writing }) {
  if (inside.source === "held-out") return [];
  if (inside.source === "cursor") return text ? atCursor(text, cursor) : null;
  if (inside.source === "sample") return sample && [sample.text];
  return writing && [writing.prompt + writing.text, writing.opening];
}

/**
 * The text from the cursor on, or its end if little is left; and what stands before.
 * @param {string} text
 * @param {number} cursor
 */
function atCursor(text, cursor) {
  let start = Math.max(0, Math.min(cursor, text.length - PASSAGE));
  const inPair = /[\uDC00-\uDFFF]/.test(text[start] ?? "");
  if (inPair) start -= 1;
  // A character is at most two units long.
  const before = text.slice(Math.max(0, start - 2 * CONTEXT), start);
  return [text.slice(start, start + 2 * PASSAGE), before];
}
