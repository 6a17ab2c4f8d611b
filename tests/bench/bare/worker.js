// Starts Pyodide and NumPy as they are published, and as their documentation says.

import { loadPyodide } from "./pyodide/pyodide.mjs";

const pyodide = await loadPyodide({ packages: ["numpy"] });
pyodide.runPython("import numpy");
self.postMessage("ready");
