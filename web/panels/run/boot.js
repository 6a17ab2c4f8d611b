/** How far the start of Python is, told where the loss will be drawn. */

/** @import { View } from "../../types" */

import { element, setText } from "../../dom.js";
import { megabytes } from "../../format.js";
import { phaseOf } from "../../run-machine.js";

const EMPTY = "Here the loss will be drawn, falling as the network learns.";

/** @returns {View} */
export function mountBoot() {
  const note = element("plot-note", HTMLElement);
  const words = element("plot-note-words", HTMLElement);
  const bar = element("boot-progress", HTMLProgressElement);
  const bytes = element("boot-bytes", HTMLElement);
  return (state) => {
    const { boot, curve } = state;
    const phase = phaseOf(state);
    const loading = phase === "loading" && !state.about;
    note.hidden = !loading && (Boolean(curve?.step.length) || phase === "training");
    setText(words, loading ? `${boot.stage} …` : EMPTY);
    bar.hidden = bytes.hidden = !loading;
    bar.value = boot.total ? boot.loaded / boot.total : 0;
    setText(
      bytes,
      boot.total ? `${megabytes(boot.loaded)} of ${megabytes(boot.total)} MB` : "\u00a0",
    );
  };
}
