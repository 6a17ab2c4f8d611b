/** What can be done with releases of the page: keep this one for offline use, take up the next. */

/** @import { App } from "../main.js" */

import { ownScript } from "../trusted.js";

/** @param {App} app */
export function releaseActions(app) {
  const { store } = app;
  /** Was this page served by a worker, so that another one is another release? */
  const served = Boolean(navigator.serviceWorker?.controller);

  /** Have the browser keep this release, and hear of a new one. */
  async function keepRelease() {
    // On insecure addresses, and where storage is forbidden, the page does without.
    if (!navigator.serviceWorker) return;
    navigator.serviceWorker.addEventListener("controllerchange", () => {
      if (served) store.update({ release: "here" });
    });
    try {
      const registration = await navigator.serviceWorker.register(ownScript("service-worker.js"), {
        updateViaCache: "none",
      });
      look(registration);
      registration.addEventListener("updatefound", () => {
        registration.installing?.addEventListener("statechange", () => look(registration));
      });
    } catch (error) {
      console.warn(`Not kept for offline use: ${error}`);
    }
  }

  /** @param {ServiceWorkerRegistration} registration */
  function look({ waiting }) {
    if (waiting && served && !store.state.release) store.update({ release: "ready" });
  }

  /** Go on with the new release; the text and the run are there again afterwards. */
  async function takeUpRelease() {
    await app.autosave.save();
    const may = await app.mayLeaveRun({
      question: "Lose the present run?",
      words: "The new version begins with a reload of the page.",
      no: "Keep it",
      yes: "Reload",
    });
    if (!may) return;
    const registration = await navigator.serviceWorker.getRegistration();
    if (registration?.waiting) {
      const taken = new Promise((resolve) => {
        navigator.serviceWorker.addEventListener("controllerchange", resolve);
      });
      registration.waiting.postMessage("take over");
      await taken;
    }
    location.reload();
  }

  return { keepRelease, takeUpRelease };
}
