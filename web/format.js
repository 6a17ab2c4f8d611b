/** How numbers are written on the page. */

/** @import { Unit } from "./types" */

const NOT_YET = "–";
const counts = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const threeDigits = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });

/** @param {number | undefined} number a whole number: 12,345 */
export const count = (number) => (number === undefined ? NOT_YET : counts.format(number));

/** @param {number | undefined} number a measured number: 21,300 */
export const rough = (number) => (number === undefined ? NOT_YET : threeDigits.format(number));

/** @param {number | null | undefined} nats a loss: 2.134 */
export const loss = (nats) => (nats == null ? NOT_YET : nats.toFixed(3));

/** A loss in nats, counted in the unit that is wanted. @param {number} nats @param {Unit} unit */
export const inUnit = (nats, unit) => (unit === "bits" ? nats / Math.LN2 : nats);

/** @param {number | undefined} nats the same loss in bits */
export const bits = (nats) =>
  nats === undefined ? "\u00a0" : `${inUnit(nats, "bits").toFixed(2)} bits`;

/** @param {number} bytes */
export const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
