// Runs Python on the built site's own Pyodide, with nothing of the page around it.

/** @param {unknown} error */
const fail = (error) => self.postMessage({ failed: String(error) });

// A fatal error of the interpreter does not reach whoever waits for Python's answer.
self.addEventListener("unhandledrejection", (event) => fail(event.reason));

self.onmessage = async ({ data: { site, code, files, wheels, untrimmed, kernels } }) => {
  try {
    const { Downloads } = await import(`${site}downloads.js`);
    const runtime = await (await fetch(`${site}runtime.json`)).json();
    const downloads = new Downloads(runtime.files, () => {});
    const stopAnswering = downloads.answerFetch();
    const { loadPyodide } = await import(`${site}pyodide/pyodide.mjs`);
    /** @param {string} line */
    const print = (line) => self.postMessage({ printed: line });
    const pyodide = await loadPyodide({ stdout: print, stderr: print });
    await pyodide.loadPackage("rnn_pkg", { messageCallback: () => {} });
    stopAnswering();
    await fallBackOn(pyodide, untrimmed);
    await pyodide.loadPackage(wheels, { messageCallback: () => {} });
    if (kernels.length > 0) {
      const { fetchKernels, installKernels } = await import(`${site}kernels/kernels.js`);
      await installKernels(pyodide, await fetchKernels(kernels));
    }
    if (files) {
      const bytes = Uint8Array.from(atob(files), (character) => character.charCodeAt(0));
      pyodide.unpackArchive(bytes, "zip");
    }
    Object.assign(self, { pyodide }); // for who asks for more afterwards
    self.postMessage({ answer: await pyodide.runPythonAsync(code) });
  } catch (error) {
    fail(error);
  }
};

/**
 * Have Python find in these archives what its site doesn't ship.
 * @param {import("pyodide").PyodideAPI} pyodide
 * @param {string[]} archives their addresses
 */
async function fallBackOn(pyodide, archives) {
  if (archives.length === 0) return;
  const places = archives.map((_, index) => `/untrimmed-${index}.zip`);
  for (const [index, archive] of archives.entries()) {
    const content = await (await fetch(archive)).arrayBuffer();
    pyodide.FS.writeFile(places[index], new Uint8Array(content));
  }
  pyodide.FS.writeFile("untrimmed.py", await (await fetch("untrimmed.py")).text());
  pyodide.pyimport("untrimmed").install(pyodide.toPy(places));
}
