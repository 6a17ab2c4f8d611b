/** The curve of −ln p, with a mark where one is on it. */

/** @import { LossLesson } from "../types" */

import { draw } from "./drawing.js";

const [WIDTH, HEIGHT, LEFT, BOTTOM] = [320, 132, 28, 20];
const HIGHEST = 7;

/** @param {number} p */
const x = (p) => LEFT + p * (WIDTH - LEFT - 8);
/** @param {number} loss */
const y = (loss) => 6 + (1 - loss / HIGHEST) * (HEIGHT - BOTTOM - 6);

export class LossCurve {
  constructor() {
    this.curve = draw("path", { class: "curve" });
    this.mark = draw("circle", { r: 5, class: "mark" });
    this.down = draw("path", { class: "mark-line" });
    this.root = draw(
      "svg",
      { class: "loss-curve", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" },
      draw("path", { class: "axis", d: `M${LEFT} ${y(HIGHEST)}V${y(0)}H${x(1)}` }),
      ...[0, 2, 4, 6].map((each) =>
        draw("text", { x: LEFT - 6, y: y(each) + 4, "text-anchor": "end" }, String(each)),
      ),
      ...[0, 0.5, 1].map((each) =>
        draw("text", { x: x(each), y: HEIGHT - 5, "text-anchor": "middle" }, String(each)),
      ),
      draw("text", { x: x(0.72), y: HEIGHT - 5, "text-anchor": "middle" }, "p"),
      draw("text", { x: x(0.3), y: y(3.4) }, "−ln p"),
      this.down,
      this.curve,
      this.mark,
    );
  }

  /** @param {LossLesson["curve"]} curve @param {LossLesson["chosen"]} chosen */
  show({ probabilities, losses }, { probability, loss }) {
    const points = probabilities.map((p, i) => `${x(p).toFixed(1)} ${y(losses[i]).toFixed(1)}`);
    this.curve.setAttribute("d", `M${points.join("L")}`);
    const height = y(Math.min(loss, HIGHEST));
    this.mark.setAttribute("cx", String(x(probability)));
    this.mark.setAttribute("cy", String(height));
    this.down.setAttribute("d", `M${LEFT} ${height}H${x(probability)}V${y(0)}`);
    this.root.setAttribute(
      "aria-label",
      `The curve of −ln p falls from ${HIGHEST} to 0. At p = ${probability.toFixed(3)} it is ${loss.toFixed(3)}.`,
    );
  }
}
