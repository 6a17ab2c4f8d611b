/**
 * What this browser keeps: pages with their runs, in IndexedDB, for the page and the worker alike.
 *
 * A page and its run have one id. Store `pages` has what stands in the boxes, but for the texts,
 * which have a store of their own: under the page's id those in use, under [id, number] each earlier
 * one, so that it is written but once; `runs` has what a list shows of a run, `models` its model file.
 * So the small is read without the large, and the page and the worker don't undo each other's work.
 */

/** @import { IDBPDatabase, IDBPTransaction } from "idb" */
/** @import { ShelvedPage, ShelvedRun, Texts } from "./types" */

import { openDB } from "./lib/idb.mjs";

const STORES = ["pages", "texts", "runs", "models"];
const VERSION = 1;
const PATIENCE_MS = 3000;
// Neighbours on the same host, such as somebody's fork, keep their own.
const PLACE = `rnn-playground ${new URL(".", import.meta.url).pathname}`;

/** @typedef {IDBPTransaction<unknown, string[], "readwrite">} Transaction */

/** @type {Promise<IDBPDatabase> | null} */
let opened = null;

async function database() {
  // Where storage is forbidden, this throws, rejects or stays silent.
  opened ??= open();
  try {
    return await opened;
  } catch (error) {
    opened = null;
    throw error;
  }
}

/** @returns {Promise<IDBPDatabase>} */
function open() {
  const opening = openDB(PLACE, VERSION, {
    upgrade(database) {
      for (const name of STORES) database.createObjectStore(name);
    },
    // A newer page in another tab wants to change the stores; this one asks again when it must.
    blocking() {
      opened = null;
      opening.then((database) => database.close());
    },
    terminated() {
      opened = null;
    },
  });
  return Promise.race([opening, silence()]);
}

/** @returns {Promise<never>} rejected when nobody has answered for too long */
function silence() {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error("it does not answer")), PATIENCE_MS);
  });
}

/** All runs. @returns {Promise<ShelvedRun[]>} */
export async function allRuns() {
  return (await database()).getAll("runs");
}

/** The pages that tabs work on, or did when they were closed. @returns {Promise<ShelvedPage[]>} */
export async function allPages() {
  return (await database()).getAll("pages");
}

/** @param {string} id @returns {Promise<ShelvedPage | undefined>} */
export async function readPage(id) {
  return (await database()).get("pages", id);
}

/** @param {string} id @returns {Promise<Texts | undefined>} */
export async function readTexts(id) {
  const { store } = (await database()).transaction("texts");
  const texts = await store.get(id);
  if (!texts) return undefined;
  const earlierTexts = [];
  // One after another: all at once, large ones would hold up the page.
  for (const key of await store.getAllKeys(partsOf(id))) {
    const [, number] = /** @type {[string, number]} */ (key);
    earlierTexts.unshift({ number, text: await store.get(key) });
  }
  return { ...texts, earlierTexts };
}

/** @param {string} id @returns {Promise<ShelvedRun | undefined>} */
export async function readRun(id) {
  return (await database()).get("runs", id);
}

/** @param {string} id @returns {Promise<Uint8Array<ArrayBuffer> | undefined>} */
export async function readModel(id) {
  return (await database()).get("models", id);
}

/**
 * Write a page, and of its texts what has changed.
 * @param {ShelvedPage} page
 * @param {Texts} texts
 * @param {Texts | null} saved what is there of them; null if that doesn't count
 */
export function writePage(page, texts, saved) {
  const { id } = page;
  const { text, ownText, earlierTexts: earlier } = texts;
  const savedEarlier = saved?.earlierTexts ?? [];
  return transact(["pages", "texts"], (transaction) => {
    const store = transaction.objectStore("texts");
    // All is asked for at once: of a page that is being closed, nothing later is done.
    const requests = [transaction.objectStore("pages").put(page, id)];
    const ask = (/** @type {Promise<any>} */ request) => requests.push(request);
    if (text !== saved?.text || ownText !== saved.ownText) ask(store.put({ text, ownText }, id));
    if (!saved) ask(store.delete(partsOf(id)));
    for (const each of savedEarlier) {
      if (!earlier.includes(each)) ask(store.delete([id, each.number]));
    }
    for (const each of earlier) {
      if (!savedEarlier.includes(each)) ask(store.put(each.text, [id, each.number]));
    }
    transaction.commit();
    return Promise.all(requests);
  });
}

// What a page writes as it is closed is sometimes lost, for the browser closes its database, too. So
// the page leaves a note, which is there at once, and whoever comes next puts it on the shelf.

const NOTE = `${PLACE} note `;

/** @param {ShelvedPage} page @param {Texts} texts */
export function leaveNote(page, texts) {
  const touched = [...page.boxes.touched];
  try {
    localStorage.setItem(NOTE + page.id, JSON.stringify({ page, texts, touched }));
  } catch {
    // It is too long, or forbidden; mostly what has been written isn't lost either.
  }
}

/** @param {string} id */
export function dropNote(id) {
  try {
    localStorage.removeItem(NOTE + id);
  } catch {
    // Then there is none.
  }
}

/** Put on the shelf what closed pages have left; what can't be put there stays a note. */
export async function takeUpNotes() {
  const ids = Object.keys(localStorage).filter((key) => key.startsWith(NOTE));
  await Promise.allSettled(ids.map((key) => takeUpNote(key.slice(NOTE.length))));
}

/** @param {string} id */
async function takeUpNote(id) {
  const { page, texts, touched } = JSON.parse(localStorage.getItem(NOTE + id) ?? "null");
  const written = await readPage(id);
  // Has the page come to write as much, or more?
  if (!written || written.saved < page.saved) {
    await writePage({ ...page, boxes: { ...page.boxes, touched: new Set(touched) } }, texts, null);
  }
  dropNote(id);
}

/** The keys of all that is kept piece by piece under an id. @param {string} id */
const partsOf = (id) => IDBKeyRange.bound([id], [id, []]);

/**
 * Change what is known of a run, and its model with it.
 * @param {string} id
 * @param {Partial<ShelvedRun>} changes
 * @param {Uint8Array<ArrayBuffer>} [model]
 */
export function writeRun(id, changes, model) {
  return transact(["runs", "models"], async (transaction) => {
    const runs = transaction.objectStore("runs");
    if (model) await transaction.objectStore("models").put(model, id);
    await runs.put({ ...(await runs.get(id)), ...changes, id }, id);
  });
}

/** Where on the page a run is. @param {ShelvedRun} run */
export const placeOf = ({ summary }) => summary.task ?? "text";

/**
 * Make a run the last one before the present; at each place there is one such run, and the one that
 * was it is gone.
 * @param {string} id
 */
export async function retire(id) {
  await writeRun(id, { previous: true });
  const all = await allRuns();
  const mine = all.find((run) => run.id === id);
  const before = all.filter(
    (run) => run.previous && run.id !== id && mine && placeOf(run) === placeOf(mine),
  );
  for (const run of before) await remove(run.id);
}

/** Remove a page and its run. @param {string} id */
export const remove = (id) => removeFrom(STORES, id);

/** Remove a page that no tab works on any more; its run stays. @param {string} id */
export const removePage = (id) => removeFrom(["pages", "texts"], id);

/** @param {string[]} stores @param {string} id */
function removeFrom(stores, id) {
  return transact(stores, (transaction) =>
    Promise.all(
      stores.flatMap((name) =>
        [id, partsOf(id)].map((keys) => transaction.objectStore(name).delete(keys)),
      ),
    ),
  );
}

/**
 * Do all of some work or, on an error, nothing.
 * @param {string[]} stores
 * @param {(transaction: Transaction) => Promise<unknown>} work
 */
async function transact(stores, work) {
  const transaction = (await database()).transaction(stores, "readwrite");
  // Where the work fails, the transaction does, and is not to be heard of a second time.
  transaction.done.catch(() => {});
  try {
    await work(transaction);
    await transaction.done;
  } catch (error) {
    try {
      transaction.abort();
    } catch {
      // It has been by itself.
    }
    throw transaction.error ?? error;
  }
}

/**
 * Why the shelf could not be used, in words that end a sentence.
 * @param {unknown} error
 */
export function reason(error) {
  const { name, message } = /** @type {Error} */ (error);
  if (name === "QuotaExceededError") return "its storage is full";
  if (typeof indexedDB === "undefined") return "it has no storage";
  return message ? `it says: ${message.replace(/\.$/, "")}` : `it says: ${name}`;
}

// Each tab holds the page it works on, so that no other tab writes there.

/** @param {string} id */
const lockName = (id) => `rnn-playground ${id}`;

/** What this tab holds, by the names of the locks. @type {Map<string, Release>} */
const mine = new Map();

/** @typedef {() => Promise<unknown>} Release lets go of a page; resolves once others can have it */

/**
 * Hold a page and its run until it is released, or the tab is closed.
 * @param {string} id
 * @param {number} [patienceMs] how long to wait for another tab to let go
 * @returns {Promise<Release | null>} null if another tab has it
 */
export function hold(id, patienceMs = 0) {
  const name = lockName(id);
  // On insecure addresses there are no locks: then two tabs may take up the same page.
  if (!navigator.locks) return Promise.resolve(async () => {});
  const already = mine.get(name);
  if (already) return Promise.resolve(already);
  const options = patienceMs ? { signal: AbortSignal.timeout(patienceMs) } : { ifAvailable: true };
  return new Promise((resolve) => {
    const released = navigator.locks.request(name, options, (lock) => {
      if (!lock) return resolve(null);
      return new Promise((letGo) => {
        const release = () => (letGo(undefined), released.then(() => mine.delete(name)));
        mine.set(name, release);
        resolve(release);
      });
    });
    released.catch(() => resolve(null));
  });
}

/** Wait until no tab holds a page. @param {string} id */
export async function whenReleased(id) {
  await navigator.locks.request(lockName(id), { mode: "shared" }, () => {});
}

/** @returns {Promise<(id: string) => boolean>} tells whether another tab holds a page */
export async function heldElsewhere() {
  const held = (await navigator.locks?.query())?.held ?? [];
  const names = new Set(held.map((lock) => lock.name));
  return (id) => names.has(lockName(id)) && !mine.has(lockName(id));
}
