/** Starts Python before the rest of the page is even loaded: that takes longest. */

import { Engine } from "./engine.js";

/** The address ?engine=numpy leaves the SIMD kernels out; ?workers=1 does all in one worker. */
export function startEngine() {
  const asked = new URLSearchParams(location.search);
  return new Engine(asked.get("engine") !== "numpy", Number(asked.get("workers")) || Infinity);
}

export const firstEngine = startEngine();
