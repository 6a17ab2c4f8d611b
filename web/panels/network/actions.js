/** What can be done with the settings: type them, and put them back to what the run has. */

/** @import { App } from "../../main.js" */
/** @import { Unit } from "../../types" */
/** @import { textActions } from "../text/actions.js" */

import { TYPED_AFTER_MS } from "../../numberbox.js";
import { plain } from "../../numbers.js";
import { asTyped, OWN, readSetting } from "../../settings.js";

/**
 * @param {App} app
 * @param {ReturnType<typeof textActions> & { openOwnCell(): void }} others
 */
export function settingActions(app, others) {
  const { store } = app;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let typing;

  /**
   * Take over what a person types into a field.
   * @param {string} name
   * @param {string} typed
   * @param {boolean} finished left the field, rather than still typing
   */
  function typeSetting(name, typed, finished) {
    const { settings, touched } = store.state;
    if (settings[name] !== typed) {
      store.update({
        settings: { ...settings, [name]: typed },
        touched: new Set([...touched, name]),
      });
    }
    if (name === "cell" && typed === OWN) others.openOwnCell();
    // A half-typed number is no mistake yet, nor a rate to train with.
    clearTimeout(typing);
    if (finished) takeSetting(name);
    else typing = setTimeout(() => takeSetting(name), TYPED_AFTER_MS);
  }

  /** Check a field, and hand a live one to the run at once. @param {string} name */
  async function takeSetting(name) {
    const { fields, settings, run } = store.state;
    const field = fields.find((each) => each.name === name);
    if (!field) return;
    const read = readSetting(field, settings[name]);
    store.problem(name, read.problem);
    if (name === "season" || name === "workers") others.describe(); // much else depends on it
    if (read.problem !== undefined || !field.live || !run) return;
    try {
      const { learning_rate } = await app.engine.call("set_learning_rate", Number(read.value));
      store.problem("rescue"); // it has said what the rate is
      const { progress } = store.state;
      if (progress && store.state.run === run)
        store.update({ progress: { ...progress, learning_rate } });
    } catch (error) {
      app.blame(error);
    }
  }

  /** Put settings that would help into their boxes. @param {Record<string, number>} settings */
  function takeAdvice(settings) {
    for (const [name, value] of Object.entries(settings)) typeSetting(name, plain(value), true);
  }

  /** Hand the run all that can change during it, as it stands in the boxes. */
  async function takeLiveSettings() {
    const live = store.state.fields.filter((field) => field.live);
    await Promise.all(live.map((field) => takeSetting(field.name)));
  }

  /** Put the text and the settings back to what the run has; the live ones have no need. */
  function undoChanges() {
    const { run, fields, settings } = store.state;
    if (!run) return;
    const defining = fields.filter((field) => !field.live).map((field) => field.name);
    for (const name of defining) store.problem(name);
    const before = asTyped({ cell_source: "", ...run.config });
    const names = [...defining, "cell_source"];
    const restored = Object.fromEntries(names.map((name) => [name, before[name]]));
    store.update({ settings: { ...settings, ...restored }, touched: run.touched });
    others.setText(run.text, run.example, { choices: run.choices });
  }

  /** @param {Unit} unit */
  const setUnit = (unit) => store.update({ unit });

  return { typeSetting, takeAdvice, takeLiveSettings, undoChanges, setUnit };
}
