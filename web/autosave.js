/** The page and its run put on the shelf every few seconds while anything changes. */

/** @import { App } from "./main.js" */
/** @import { Place, Run, ShelvedPage, ShelvedRun, State, Texts } from "./types" */

import { newId } from "./ids.js";
import { titleOf } from "./naming.js";
import * as shelf from "./shelf.js";
import { boxesOf, extrasOf, hasLearned, isUntouched, textsOf } from "./store.js";

const SAVE_AFTER_MS = 4000;
const TRY_AGAIN_AFTER_MS = 30_000;
/** Saving takes at most one part of so many of the time. */
const SHARE = 20;
/** Of a save during which the computer slept, the time it took says nothing. */
const LONGEST_PAUSE_MS = 60_000;
const CLOSING_MS = 10_000;
const MY_PAGE = "rnn-playground page";
const CLOSING = "rnn-playground closing";

/** By its place: under this name a tab remembers something. @param {string} name @param {Place} place */
const ofPlace = (name, place) => (place === "text" ? name : `${name} ${place}`);

/** One for each place: at each, what is there is a page of its own on the shelf. */
export class Autosave {
  /** What this page and its run are saved under. */
  id = "";
  /** Called after each save, with nothing to wait for. */
  whenSaved = () => {};
  /** Resolves once all that was left has found its place on the shelf. */
  moved = Promise.resolve();

  /** @type {Promise<shelf.Release | null>} */
  #hold = Promise.resolve(null);
  /** The state whose boxes were saved last. @type {State | null} */
  #savedPage = null;
  /** The state whose run was saved last. @type {State | null} */
  #savedRun = null;
  /** @type {Set<Promise<boolean>>} */
  #saving = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #tookMs = 0;

  /** @param {App} app @param {Place} place */
  constructor(app, place) {
    this.app = app;
    this.place = place;
    this.mine = ofPlace(MY_PAGE, place);
    this.closing = ofPlace(CLOSING, place);
    document.addEventListener("visibilitychange", () => document.hidden && this.save());
    // What a page writes at its very end is sometimes lost: so it writes a moment before, too.
    for (const leaving of ["beforeunload", "pagehide"]) addEventListener(leaving, () => this.save());
    addEventListener("pagehide", () => this.#close());
    // It was put aside, not closed, and has come back.
    addEventListener("pageshow", (event) => {
      if (/** @type {PageTransitionEvent} */ (event).persisted) shelf.dropNote(this.id);
    });
  }

  /**
   * Take up what was this tab's page, else the latest whose tab was closed, else a new one.
   * @returns {Promise<ShelvedPage | undefined>}
   */
  async takeUp() {
    const [mine, closing] = [sessionValue(this.mine), sessionValue(this.closing)];
    await shelf.takeUpNotes().catch(() => {});
    const all = await shelf.allPages().catch(() => []);
    const left = all.filter(({ place = "text" }) => place === this.place);
    const rank = (/** @type {ShelvedPage} */ page) => (page.id === mine ? Infinity : page.saved);
    for (const { id } of left.sort((one, other) => rank(other) - rank(one))) {
      // Of a tab that is reloaded, the page that was there may take a while to close; a tab that is
      // a copy of another has what that one remembers, but that one doesn't close.
      const release = await shelf.hold(id, id === closing ? CLOSING_MS : 0);
      if (!release) continue;
      const page = await shelf.readPage(id).catch(() => undefined);
      if (page) {
        this.#take(id, release);
        return page;
      }
      release();
    }
    this.#take(newId());
    return undefined;
  }

  /** Hold what was this tab's page, so that no other tab takes it before one comes to its place. */
  async claim() {
    const mine = sessionValue(this.mine);
    if (mine) await shelf.hold(mine, mine === sessionValue(this.closing) ? CLOSING_MS : 0);
  }

  /** @param {string} id @param {shelf.Release} [release] */
  #take(id, release) {
    this.id = id;
    this.#hold = release ? Promise.resolve(release) : shelf.hold(id);
    this.#savedPage = this.#savedRun = null;
    sessionValue(this.mine, id);
    sessionValue(this.closing, "");
  }

  /** The page may be gone before what is being saved has arrived. */
  #close() {
    sessionValue(this.closing, this.id);
    const state = this.#state;
    if (this.#saving.size && !state.unsaved) shelf.leaveNote(ofPage(this.id, state), textsOf(state));
  }

  /** What there is at its place. */
  get #state() {
    return this.app.store.at(this.place);
  }

  /** @param {Partial<State>} changes */
  #update(changes) {
    this.app.store.updateAt(this.place, changes);
  }

  /** The boxes are as the shelf has them. */
  settlePage() {
    this.#savedPage = this.#state;
  }

  /** The run is as the shelf has it. */
  settleRun() {
    this.#savedRun = this.#state;
  }

  /** The state may have changed: save it in a while. @param {State} state */
  changed(state) {
    if (this.#timer !== undefined || this.#saving.size || !this.#isDue(state)) return;
    this.#schedule(state.unsaved ? TRY_AGAIN_AFTER_MS : SAVE_AFTER_MS);
  }

  /** Save as soon as that is not too often. */
  saveSoon() {
    clearTimeout(this.#timer);
    this.#schedule(0);
  }

  /** @param {number} milliseconds */
  #schedule(milliseconds) {
    const due = Math.max(milliseconds, Math.min(SHARE * this.#tookMs, LONGEST_PAUSE_MS));
    this.#timer = setTimeout(() => this.save(), due);
  }

  /** @param {State} state */
  #isDue(state) {
    return this.id !== "" && (this.#pageIsDue(state) || this.#runIsDue(state));
  }

  /** @param {State} state */
  #pageIsDue(state) {
    // What the page begins with by itself may be another tomorrow.
    const saved = this.#savedPage;
    if (!saved) return !isUntouched(state);
    return [textsOf, boxesOf].some((part) => differ(part(state), part(saved)));
  }

  /** @param {State} state */
  #runIsDue(state) {
    if (!hasLearned(state)) return false;
    const saved = this.#savedRun;
    if (!saved || state.run !== saved.run || state.progress !== saved.progress) return true;
    return differ(extrasOf(state), extrasOf(saved));
  }

  /**
   * Save what has changed, now. Of the run, what there is once all that Python has been asked for
   * is done.
   * @returns {Promise<boolean>} whether all is saved
   */
  async save() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#isDue(this.#state)) return (await Promise.all(this.#saving)).every(Boolean);
    const saving = this.#save(this.#state);
    this.#saving.add(saving);
    const saved = await saving;
    this.#saving.delete(saving);
    this.changed(this.#state);
    this.whenSaved();
    return saved;
  }

  /** @param {State} state */
  async #save(state) {
    const { id, app } = this;
    const before = this.#savedPage;
    const [pageIsDue, runIsDue] = [this.#pageIsDue(state), this.#runIsDue(state)];
    if (pageIsDue) this.#savedPage = state;
    if (runIsDue) this.#savedRun = state;
    try {
      const [kept] = await Promise.all([
        runIsDue ? app.engine.keep(this.place, id, ofRun(state)) : null,
        pageIsDue ? writePage(ofPage(id, state), state, before) : null,
      ]);
      if (kept) this.#tookMs = kept.milliseconds;
      if (kept && this.#state.run === state.run) this.#update({ savedStep: kept.step });
      if (this.#state.unsaved) this.#update({ unsaved: null });
      return true;
    } catch (error) {
      if (this.id === id) this.#savedPage = this.#savedRun = null;
      this.#update({ unsaved: /** @type {Error} */ (error).message });
      return false;
    }
  }

  /**
   * Save a run that is about to be replaced. Called right before Python is asked to replace it,
   * this saves its very last step.
   * @returns {Promise<boolean> | null} whether it is saved; null if it has learned nothing
   */
  lastSave() {
    return hasLearned(this.#state) ? this.save() : null;
  }

  /**
   * Another run takes the place of the one there was; that one stays on the shelf.
   * @param {Promise<boolean> | null} keeping what lastSave has returned
   * @param {{ id: string, release: shelf.Release }} [to] the page of the other run, if it is on the shelf
   */
  moveOn(keeping, to) {
    if (!keeping && !to) return;
    const [left, hold, { name }] = [this.id, this.#hold, this.#state];
    this.#take(to?.id ?? newId(), to?.release);
    const before = this.moved;
    const move = async () => {
      await before;
      await keeping;
      // The new page comes first, so that there is never none.
      if (!(await this.save())) return;
      await shelf.removePage(left);
      if (to) await shelf.writeRun(to.id, { previous: false });
      if (name === null && (await shelf.readRun(left))) await shelf.retire(left);
    };
    this.moved = move()
      .catch((error) => this.#update({ unsaved: shelf.reason(error) }))
      .finally(() => this.#leave(hold));
  }

  /** @param {Promise<shelf.Release | null>} hold */
  async #leave(hold) {
    await (await hold)?.();
    this.whenSaved();
  }

  /** What is here on the shelf can't be read: leave all of it, and save under another id. */
  async stepAside() {
    const hold = this.#hold;
    this.#take(newId());
    await this.#leave(hold);
  }

  /** The run can't be read: leave it on the shelf as it is, and save under another id. */
  async setAside() {
    const [left, hold] = [this.id, this.#hold];
    this.#take(newId());
    if (await this.save()) await shelf.removePage(left).catch(() => {});
    await this.#leave(hold);
  }

  /** Leave the page for good, and delete it with its run. */
  async remove() {
    const [left, hold] = [this.id, this.#hold];
    const writing = [...this.#saving];
    this.#take(newId());
    await Promise.all(writing);
    await this.save();
    await shelf.remove(left);
    await this.#leave(hold);
  }

  /**
   * Nobody answers any more whom the worker has left waiting.
   * @param {boolean} opening was the run being taken from the shelf?
   */
  engineEnded(opening) {
    this.#saving.clear();
    this.moved = Promise.resolve();
    this.#savedRun = null;
    if (opening) this.setAside();
  }
}

/** @param {ShelvedPage} page @param {Texts} texts @param {Texts | null} saved */
async function writePage(page, texts, saved) {
  try {
    await shelf.writePage(page, texts, saved);
  } catch (error) {
    throw new Error(shelf.reason(error), { cause: error });
  }
}

/** @param {object} one @param {object} other of the same keys */
function differ(one, other) {
  const values = Object.values(other);
  return Object.values(one).some((value, index) => value !== values[index]);
}

/** @param {string} id @param {State} state @returns {ShelvedPage} */
const ofPage = (id, state) => ({
  id,
  place: state.place,
  saved: Date.now(),
  boxes: boxesOf(state),
});

/** What the page knows of its run. @param {State} state @returns {Partial<ShelvedRun>} */
function ofRun(state) {
  const run = /** @type {Run} */ (state.run);
  const { example, touched } = run;
  const title = titleOf(run, state.fields);
  return { saved: Date.now(), title, example, touched, extras: extrasOf(state) };
}

/** Read or write what outlives a reload of this tab. @param {string} name @param {string} [value] */
function sessionValue(name, value) {
  try {
    if (value !== undefined) sessionStorage.setItem(name, value);
    return sessionStorage.getItem(name);
  } catch {
    return null; // forbidden, as IndexedDB then mostly is
  }
}
