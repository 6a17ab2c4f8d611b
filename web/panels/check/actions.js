/** Checking gradients: of the network that learns, and of the tutorial's RNN. */

/** @import { Check, CheckReport } from "../../types" */
/** @import { App } from "../../main.js" */
/** @import { runActions } from "../run/actions.js" */

import { workOn } from "../../openpanels.js";

const LOSSES = ["squared_error", "cross_entropy"];

/**
 * @param {App} app
 * @param {ReturnType<typeof runActions>} runs
 */
export function checkActions(app, runs) {
  const { store } = app;
  /** Counts the checks begun, so that an older one knows it is over. */
  let checks = 0;

  /** @param {boolean} open */
  function toggleCheck(open) {
    app.panels.toggle("check", open, async () => {});
    if (!open) stopCheck();
  }

  const checkNetwork = () => check("network", ["cross_entropy"]);
  const checkTutorial = () => check("tutorial", LOSSES);

  /** @param {Check["of"]} of @param {string[]} losses */
  async function check(of, losses) {
    if (!(await runs.ensureRun())) return;
    const mine = ++checks;
    const { run } = store.state;
    const wanted = () => mine === checks && store.state.run === run;
    store.problem("check");
    store.update({ check: { of, reports: {}, fraction: 0, active: true } });
    try {
      for (const [place, loss] of losses.entries()) {
        /** @param {CheckReport} report @param {number} done */
        const take = (report, done) => {
          const { check } = store.state;
          if (!check) return;
          const reports = { ...check.reports, [loss]: report };
          const fraction = (place + done) / losses.length;
          store.update({ check: { ...check, reports, fraction, active: fraction < 1 } });
        };
        const [job, ...values] = of === "network" ? ["check"] : ["check_tutorial", loss];
        if (!(await workOn(app, job, values, take, wanted))) return;
      }
    } catch (error) {
      if (!wanted()) return;
      stopCheck();
      store.problem("check", /** @type {Error} */ (error).message);
    }
  }

  /** What has been checked until now stays. */
  function stopCheck() {
    checks += 1;
    const { check } = store.state;
    if (check?.active) store.update({ check: { ...check, active: false } });
  }

  return { toggleCheck, checkNetwork, checkTutorial, stopCheck };
}
