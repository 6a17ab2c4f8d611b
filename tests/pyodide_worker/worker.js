// Runs Python on the built site's own Pyodide, with nothing of the page around it.

/** @param {unknown} error */
const fail = (error) => self.postMessage({ failed: String(error) });

// A fatal error of the interpreter does not reach whoever waits for Python's answer.
self.addEventListener("unhandledrejection", (event) => fail(event.reason));

self.onmessage = async ({ data: { site, code, files, wheels, kernels } }) => {
  try {
    const { loadPyodide } = await import(`${site}pyodide/pyodide.mjs`);
    /** @param {string} line */
    const print = (line) => self.postMessage({ printed: line });
    const pyodide = await loadPyodide({ stdout: print, stderr: print });
    await pyodide.loadPackage(["rnn_pkg", ...wheels], { messageCallback: () => {} });
    if (kernels.length > 0) {
      const { installKernels } = await import(`${site}kernels/kernels.js`);
      await installKernels(pyodide, kernels);
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
