// Keeps a whole release of the site, so that the page opens without a network, and never with files
// of two releases. build.py puts the table FILES before this: the path of each file of the release,
// with its SHA-256 hash. Where a release differs from the last, so does this script, and the browser
// runs it as a new worker; that waits until no page uses the old one, or until a page lets it in.

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const { scope } = worker.registration;
const PREFIX = `rnn-playground ${scope} `;
const NAME = PREFIX + RELEASE;

worker.addEventListener("install", (event) => event.waitUntil(keepAll()));
worker.addEventListener("activate", (event) => event.waitUntil(removeOthers()));
worker.addEventListener("message", ({ data }) => data === "take over" && worker.skipWaiting());
worker.addEventListener("fetch", (event) => {
  const path = pathOf(event.request);
  if (path in FILES) event.respondWith(answer(path, event.request));
});

/** All or nothing: a release of which something is missing or different is not kept. */
async function keepAll() {
  const isNew = !(await caches.has(NAME));
  const cache = await caches.open(NAME);
  try {
    await Promise.all(Object.keys(FILES).map((path) => keep(cache, path)));
  } catch (error) {
    if (isNew) await caches.delete(NAME);
    throw error;
  }
}

/** @param {Cache} cache @param {string} path */
async function keep(cache, path) {
  const integrity = `sha256-${FILES[path]}`;
  // Mostly the browser still has what the page was made of; a copy of another release won't do.
  const response = await fetch(path, { integrity }).catch(() =>
    fetch(path, { integrity, cache: "reload" }),
  );
  if (!response.ok) throw new Error(`${path}: the server answered ${response.status}`);
  // No page may be opened with an answer that came from elsewhere on the server.
  const { body, headers, redirected } = response;
  await cache.put(path, redirected ? new Response(body, { headers }) : response);
}

async function removeOthers() {
  const others = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== NAME);
  await Promise.all(others.map((name) => caches.delete(name)));
}

/** The path of what is asked for on the site, a page's without what follows it. @param {Request} request */
function pathOf({ url, mode }) {
  const { origin, pathname, search } = new URL(url);
  const path = (origin + pathname).replace(scope, "");
  if (mode === "navigate") return path || "index.html";
  return path + search;
}

/**
 * A browser that is short of room may have dropped the cache: then it is filled again, unless the
 * server has only another release by now.
 * @param {string} path
 * @param {Request} request
 */
async function answer(path, request) {
  const cache = await caches.open(NAME);
  const kept = await cache.match(path);
  if (kept) return kept;
  try {
    await keep(cache, path);
    return /** @type {Response} */ (await cache.match(path));
  } catch {
    return fetch(request);
  }
}
