/** The panel to share what is set up, and to take the network home. */

/** @import { State, View } from "../../types" */

import { element, setText, showProblem } from "../../dom.js";
import { modelName } from "../../naming.js";
import { OWN } from "../../settings.js";
import { permissions } from "../../store.js";

/** So many steps the command takes, unless somebody changes that. */
const STEPS = 5000;

/** What a link is made of: when any of it changes, the link is of something else. */
const CARRIED = /** @type {const} */ (["text", "settings", "prompt", "temperature", "length"]);

/**
 * @param {{ makeLink(): Promise<void>, saveScript(): void, saveModel(): void }} actions
 * @returns {View}
 */
export function mountShare(actions) {
  const make = element("make-link", HTMLButtonElement);
  const link = element("link", HTMLInputElement);
  const row = element("link-row", HTMLElement);
  const copied = element("link-copied", HTMLElement);
  const save = element("take-model", HTMLButtonElement);
  const script = element("save-script", HTMLButtonElement);
  const exporting = element("export-command", HTMLElement);
  const installing = element("install-command", HTMLElement);
  const goingOn = element("torch-command", HTMLElement);
  const problem = element("share-problem", HTMLElement);
  script.onclick = actions.saveScript;
  save.onclick = actions.saveModel;
  make.onclick = async () => {
    setText(copied, "");
    await actions.makeLink();
    if (!link.value) return;
    link.select();
    try {
      await navigator.clipboard.writeText(link.value);
      setText(copied, "Copied.");
    } catch {
      setText(copied, "Copy it from here."); // the browser doesn't let the page do that
    }
  };

  /** The state that the link is of. @type {State | null} */
  let linked = null;

  return (state) => {
    const may = permissions(state);
    if (state.link !== linked?.link) linked = state;
    const isLinked = state.link && CARRIED.every((key) => state[key] === linked?.[key]);
    link.value = isLinked ? state.link : "";
    row.hidden = !isLinked;
    make.disabled = !may.link;
    save.disabled = script.disabled = !may.save;
    const model = modelName(state);
    const { cell, batch_size } = state.run?.config ?? {};
    const own = cell === OWN ? " --run-source" : "";
    const extras = cell === OWN ? "torch,export,cells" : "torch,export";
    setText(installing, `pip install "rnn_pkg[${extras}]"`);
    // Each process reads for one at least.
    const processes = Math.min(2, Number(batch_size ?? 2));
    setText(exporting, `python -m rnn_pkg export ${model} --out weights.safetensors${own}`);
    setText(
      goingOn,
      `torchrun --nproc-per-node ${processes} -m rnn_pkg.pytorch ${model} --steps ${STEPS} --out more.npz${own}`,
    );
    showProblem(problem, state.problems.share);
  };
}
