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

declare module "*/lib/codemirror.mjs" {
  export * from "@codemirror/commands";
  export * from "@codemirror/lang-python";
  export * from "@codemirror/language";
  export * from "@codemirror/state";
  export * from "@codemirror/view";
  export * from "@lezer/highlight";
}

declare module "*/pyodide/pyodide.mjs" {
  export * from "pyodide";
}

// What TypeScript's own declarations of browsers don't have yet.
declare var trustedTypes:
  | {
      createPolicy(
        name: string,
        rules: { createScriptURL(address: string): string },
      ): { createScriptURL(address: string): string };
    }
  | undefined;

// What build.py puts before service-worker.js.
declare const FILES: Record<string, string>;
declare const RELEASE: string;
