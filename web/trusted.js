/** Addresses of scripts: those of the page's own, and no others, for browsers with Trusted Types. */

/** @typedef {"worker.js" | "service-worker.js"} Script */

const rules = { createScriptURL: (/** @type {string} */ address) => address };
const policy = globalThis.trustedTypes?.createPolicy("rnn-playground", rules) ?? rules;

/** Where a script of the site is. @param {Script} script */
export const ownScript = (script) =>
  policy.createScriptURL(new URL(script, import.meta.url).href);

/**
 * Where a script is that only imports one of the site. A worker from there, unlike one from a
 * server, is bound by the page's Content-Security-Policy: it can send nothing anywhere either.
 * @param {Script} script
 */
export function boundScript(script) {
  const code = `import ${JSON.stringify(new URL(script, import.meta.url).href)};`;
  return policy.createScriptURL(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
}
