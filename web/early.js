/** Starts Python before the rest of the page is even loaded: that takes longest. */

import { Engine } from "./engine.js";

/** The address ?engine=numpy leaves the SIMD kernels out. */
export const startEngine = () =>
  new Engine(new URLSearchParams(location.search).get("engine") !== "numpy");

export const firstEngine = startEngine();
