// The page imports its libraries by the relative addresses they have in the built site.
// Here those addresses get the types of the npm packages the files are copied from.

declare module "*/lib/comlink.mjs" {
  export * from "comlink";
}

declare module "*/lib/idb.mjs" {
  export * from "idb";
}

declare module "*/lib/uplot.mjs" {
  import uPlot from "uplot";
  export default uPlot;
}

declare module "*/pyodide/pyodide.mjs" {
  export * from "pyodide";
}
