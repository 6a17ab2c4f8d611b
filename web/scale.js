/** Colours for numbers: two hues about a neutral middle, or one hue that grows. */

import { token } from "./dom.js";

const SHADES = 256;

export class Scale {
  /**
   * The browser mixes the colours, in a space that is even to the eye.
   * @param {number} low
   * @param {number} high
   */
  constructor(low, high) {
    this.low = low;
    this.high = high;
    const middle = token("--panel");
    const ends = [low < 0 ? token("--scale-low") : middle, token("--scale-high")];
    const canvas = new OffscreenCanvas(SHADES, 1);
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
    for (let shade = 0; shade < SHADES; shade++) {
      const place = low < 0 ? (2 * shade) / (SHADES - 1) - 1 : shade / (SHADES - 1);
      const share = `${100 * Math.abs(place)}%`;
      context.fillStyle = `color-mix(in oklab, ${ends[place < 0 ? 0 : 1]} ${share}, ${middle})`;
      context.fillRect(shade, 0, 1, 1);
    }
    this.image = context.getImageData(0, 0, SHADES, 1);
    this.colours = new Uint32Array(this.image.data.buffer);
  }

  /** @param {number} value */
  #shade(value) {
    const share = (value - this.low) / (this.high - this.low);
    return Math.round(Math.min(1, Math.max(0, share)) * (SHADES - 1));
  }

  /** The colour of a value, as a pixel of an image. @param {number} value */
  pixel(value) {
    return this.colours[this.#shade(value)];
  }

  /** The colour of a value, as a style. @param {number} value */
  style(value) {
    const [red, green, blue] = this.image.data.subarray(4 * this.#shade(value));
    return `rgb(${red} ${green} ${blue})`;
  }
}
