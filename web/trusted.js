/** Addresses of scripts: those of the page's own, and no others, for browsers with Trusted Types. */

/** @typedef {"worker.js" | "helper.js" | "service-worker.js"} Script */
/** @typedef {{ said: "alive" | "loaded" } | { said: "lost", why: string }} Sign of a bound worker */

const rules = { createScriptURL: (/** @type {string} */ address) => address };
const policy = globalThis.trustedTypes?.createPolicy("rnn-playground", rules) ?? rules;

/** @param {Script} script */
const addressOf = (script) => new URL(script, import.meta.url).href;

/** Where a script of the site is. @param {Script} script */
export const ownScript = (script) => policy.createScriptURL(addressOf(script));

/**
 * Where a script is that only imports one of the site, and tells how that goes. A worker from there,
 * unlike one from a server, is bound by the page's Content-Security-Policy: it can send nothing
 * anywhere either.
 * @param {Script} script
 * @param {string} life the name of a lock that the worker is to hold as long as it lives
 */
export function boundScript(script, life) {
  const code = `(${begin})(${JSON.stringify(addressOf(script))}, ${JSON.stringify(life)});`;
  return policy.createScriptURL(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
}

/**
 * What the worker does first. It has nothing but itself there.
 * @param {string} address
 * @param {string} life
 */
function begin(address, life) {
  const tell = (/** @type {Sign} */ sign) => self.postMessage(sign);
  const hold = () => (tell({ said: "alive" }), new Promise(() => {}));
  // There are no locks on insecure addresses, and none are to be had where storage is forbidden.
  navigator.locks?.request(life, hold).catch(() => {});
  // Firefox's service workers don't hear of what a script from such a place imports otherwise.
  import(address).then(
    () => tell({ said: "loaded" }),
    (error) => tell({ said: "lost", why: error.message }),
  );
}
