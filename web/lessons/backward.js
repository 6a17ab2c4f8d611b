/** Lesson 4: backward through time. */

/** @import { BackwardLesson } from "../types" */
/** @import { Lesson } from "./types" */

import { whole } from "./address.js";
import { button, TimeStep } from "./controls.js";
import { FlowPicture } from "./flowpicture.js";

/** @type {Lesson<BackwardLesson>} */
export const backward = {
  kinds: { t: whole },

  ask: (ask, setting, { t }) => ask("backward", setting, t),

  mount({ change }) {
    const time = new TimeStep((t) => change({ t }));
    let step = 0;
    const back = button("Step back", () => change({ t: step - 1 }));
    const last = button("To the last step", () => change({ t: undefined }));
    const picture = new FlowPicture();

    return {
      controls: [time.root, back, last],
      seen: [picture.root],
      show({ scene }, { t }) {
        time.show(scene, t);
        step = t ?? scene.step;
        back.disabled = step === 0;
        last.disabled = step === scene.inputs.length - 1;
        picture.show(scene);
      },
    };
  },
};
