/**
 * Starts Pyodide as published, under Node, and has it walk through rnn_pkg and trim itself:
 * node trim.mjs FOLDER, which holds Pyodide's files, a lock file, and the wheels that it names.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(join(folder, "pyodide.mjs")).href);
const lock = JSON.parse(readFileSync(join(folder, "pyodide-lock.json"), "utf-8"));
const pyodide = await loadPyodide({ packages: Object.keys(lock.packages) });
pyodide.mountNodeFS("/published", folder);
for (const name of ["walk", "trim"]) {
  pyodide.FS.writeFile(`${name}.py`, readFileSync(new URL(`${name}.py`, import.meta.url)));
}
pyodide.runPython(`
from pathlib import Path
import walk
walk.walk()
import trim
trim.trim(Path("/published"))
`);
