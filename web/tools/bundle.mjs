/**
 * Makes one module of the many that the editor's library is: node bundle.mjs ENTRY OUT. Beside it,
 * with the ending .LICENSE, go the licences of all packages that are in it.
 */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { build } from "esbuild";

const [entry, out] = process.argv.slice(2);
const { metafile } = await build({
  entryPoints: [entry],
  outfile: out,
  bundle: true,
  format: "esm",
  minify: true,
  metafile: true,
});

/** A package's folder, of the path of a module in it. */
const PACKAGE = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/;
const folders = Object.keys(metafile.inputs).map((path) => path.match(PACKAGE)?.[0]);
const licences = [...new Set(folders)].filter((folder) => folder !== undefined).map((folder) => {
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  if (!file) throw new Error(`${folder} has no licence`);
  return `${folder.replace(/^.*node_modules\//, "")}\n\n${readFileSync(resolve(join(folder, file)), "utf8")}`;
});
writeFileSync(out.replace(/\.\w+$/, ".LICENSE"), licences.sort().join("\n\n"));
