/**
 * Starts Pyodide as published, under Node, and has it walk through rnn_pkg, trim itself, and pack
 * what is left: node make.mjs FOLDER TOOLS CELLS. The first holds Pyodide's files and the wheels of
 * NumPy and rnn_pkg, the second the wheels that pack.py needs, the third those of cells.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, tools, cells] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(join(folder, "pyodide.mjs")).href);
const pyodide = await loadPyodide({
  args: ["-OO"], // what is compiled in here has neither docstrings nor asserts
  env: { SOURCE_DATE_EPOCH: process.env.SOURCE_DATE_EPOCH },
  packages: ["numpy"],
});
pyodide.mountNodeFS("/published", folder);
pyodide.mountNodeFS("/tools", tools);
pyodide.mountNodeFS("/cells", cells);
pyodide.FS.mkdirTree("web/runtime");
for (const name of ["walk.py", "trim.py", "pack.py"]) {
  const source = readFileSync(new URL(name, import.meta.url));
  pyodide.FS.writeFile(`web/runtime/${name}`, source);
}
pyodide.runPython(`
import json
import sys
from pathlib import Path
published = Path("/published")
sys.path += map(str, published.glob("rnn_pkg-*.whl"))
from web.runtime.walk import walk, walk_cells
walk()
from rnn_pkg.page.facts import about
(published / "numbers.json").write_text(json.dumps(about()["numbers"]))
always = set(sys.modules)
wheels = list(Path("/cells").glob("*.whl"))
sys.path += map(str, wheels)
walk_cells()
from web.runtime.trim import trim
trim(published, always, wheels)
sys.path += map(str, Path("/tools").glob("*.whl"))
from web.runtime.pack import pack
pack(published)
`);
