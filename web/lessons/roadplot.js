/** What comes back along each state, by distance, in powers of ten. */

/** @import { Road } from "../types" */
/** @import { PlotOptions } from "../plot.js" */

import { make, token } from "../dom.js";
import { powerOfTen } from "../format.js";
import {
  axis,
  decadesBetween,
  finite,
  lineKey,
  lineLook,
  PlotPlace,
  wholeDecades,
} from "../plot.js";

/** What is so much smaller than the largest is left out of the picture: powers of ten. */
const DECADES = 18;

/** @typedef {{ name: string, shown: number[] }} Line */

/** @param {Road} road */
export const nameOf = ({ symbol, state }) => `|∂L/∂${symbol.replace(/^d|_.*/g, "")}|, ${state}`;

export class RoadPlot {
  constructor() {
    const box = make("div", { className: "road-plot", ariaHidden: "true" });
    this.legend = make("ul", { className: "legend", ariaHidden: "true" });
    this.root = make("figure", { ariaLabel: "Length of what comes back" }, make("figcaption", { className: "hint" }, "Length of what comes back, in powers of ten"), box, this.legend);
    this.place = new PlotPlace(box);
  }

  /** @param {Line[]} lines */
  show(lines) {
    const distances = [...lines[0].shown.keys()];
    // Nothing of a length of 0 can be drawn in powers of ten.
    const drawn = lines.map(({ shown }) => shown.map((each) => finite(each) || null));
    this.place.draw(options(lines.length), [distances, ...drawn]);
    this.legend.replaceChildren(
      ...lines.map(({ name }, place) => make("li", {}, lineKey(lineLook(place)), " ", name)),
    );
  }
}

/** @param {number} lines @returns {PlotOptions} */
const options = (lines) => ({
  padding: [6, 8, 0, 0],
  legend: { show: false },
  cursor: { show: false },
  scales: { x: { time: false }, y: { distr: 3, range: wholeDecades(DECADES) } },
  axes: [
    { ...axis(), label: "time steps back", labelSize: 16, size: 20, grid: { show: false } },
    {
      ...axis(),
      size: 44,
      splits: (_plot, _axis, lowest, highest) => decadesBetween(lowest, highest),
      values: (_, splits) => splits.map((each) => powerOfTen(Math.round(Math.log10(each)))),
      filter: (_, splits) => splits,
    },
  ],
  series: [
    {},
    ...Array.from({ length: lines }, (_, place) => {
      const { colour, dash } = lineLook(place);
      return { stroke: () => token(colour), width: 2, dash, points: { show: false } };
    }),
  ],
});
