/** Checking gradients: of the network that learns, and of the tutorial's RNN. */

/** @import { Check, CheckReport } from "../../types" */
/** @import { App } from "../../main.js" */
/** @import { runActions } from "../run/actions.js" */

import { Work } from "../../work.js";

const LOSSES = ["squared_error", "cross_entropy"];

/**
 * @param {App} app
 * @param {ReturnType<typeof runActions>} runs
 */
export function checkActions(app, runs) {
  const { store } = app;
  const work = new Work(app, "check", {
    // What has been checked until the end stays.
    show: (fraction) => fraction === null && change({ active: false }),
  });

  /** @param {Partial<Check>} changes */
  function change(changes) {
    const { check } = store.state;
    if (check) store.update({ check: { ...check, ...changes } });
  }

  /** @param {boolean} open */
  function toggleCheck(open) {
    app.panels.toggle("check", open);
    if (!open) work.stop();
  }

  const checkNetwork = () => check("network", ["cross_entropy"]);
  const checkTutorial = () => check("tutorial", LOSSES);

  /** @param {Check["of"]} of @param {string[]} losses */
  async function check(of, losses) {
    if (!(await runs.ensureRun())) return;
    store.problem("check");
    store.update({ check: { of, reports: {}, fraction: 0, active: true } });
    await work.begin(async ({ job }) => {
      for (const [place, loss] of losses.entries()) {
        /** @param {CheckReport} report @param {number} done */
        const take = (report, done) => {
          const reports = { ...store.state.check?.reports, [loss]: report };
          change({ reports, fraction: (place + done) / losses.length });
        };
        if (of === "network") await job("check", [], take);
        else await job("check_tutorial", [loss], take);
      }
    });
  }

  const stopCheck = () => work.stop();

  return { toggleCheck, checkNetwork, checkTutorial, stopCheck };
}
