/** Releases of the page: this one is kept for offline use, and the next taken up. */

/** @import { App } from "../main.js" */
/** @import { View } from "../types" */

import { element } from "../dom.js";
import { PLACES } from "../places.js";
import { ownScript } from "../trusted.js";

/** @param {App} app */
export function releaseActions(app) {
  const { store } = app;
  // On insecure addresses there are no service workers: then the page does without.
  const workers = navigator.serviceWorker;
  /** Was this page served by a worker, so that another one is another release? */
  const served = Boolean(workers?.controller);

  /** Hear of a new release from the beginning: this one may not even start. */
  async function watchReleases() {
    workers?.addEventListener("controllerchange", () => {
      if (served) store.update({ release: "here" });
    });
    const registration = await workers?.getRegistration().catch(() => undefined);
    if (!registration) return;
    const look = () => {
      if (registration.waiting && served && !store.state.release) {
        store.update({ release: "ready" });
      }
    };
    const follow = () => {
      look();
      registration.installing?.addEventListener("statechange", look);
    };
    registration.addEventListener("updatefound", follow);
    follow();
  }

  /** Have the browser keep this release. */
  async function keepRelease() {
    const script = ownScript("service-worker.js");
    try {
      await workers?.register(script, { updateViaCache: "none" });
    } catch (error) {
      console.warn(`Not kept for offline use: ${error}`);
    }
  }

  /** Go on with the new release; the text and the run are there again afterwards. */
  async function takeUpRelease() {
    const all = PLACES.map((place) => app.autosaves[place].save());
    const saved = (await Promise.all(all)).every(Boolean);
    const question = {
      question: "Reload without saving?",
      words:
        "This browser does not save the page, so its text and its run are lost with a reload. " +
        "“Save model” keeps the run in a file.",
      no: "Stay here",
      yes: "Reload",
    };
    if (!saved && !(await app.ask(question))) return;
    const registration = await workers.getRegistration();
    if (registration?.waiting) {
      const taken = new Promise((resolve) => {
        workers.addEventListener("controllerchange", resolve, { once: true });
      });
      registration.waiting.postMessage("take over");
      await taken;
    }
    location.reload();
  }

  return { watchReleases, keepRelease, takeUpRelease };
}

/**
 * @param {{ takeUpRelease(): void }} actions
 * @returns {View}
 */
export function mountRelease(actions) {
  const note = element("release", HTMLElement);
  element("take-up-release", HTMLButtonElement).onclick = actions.takeUpRelease;
  return ({ release }) => {
    note.hidden = release === null;
  };
}
