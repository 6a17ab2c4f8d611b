/** The three regions of a lesson that belong together: equation, source and values. */

/** @import { Equation, Scene, Source, Symbol as KnownSymbol } from "../types" */

import { make, setText } from "../dom.js";
import { drawEquation } from "./equation.js";
import { drawSource } from "./source.js";
import { Symbols } from "./symbols.js";
import { Tables } from "./values.js";

/** @param {string} name @param {...(Node | string)} children */
const region = (name, ...children) =>
  make("section", { className: "region", ariaLabel: name }, make("h3", {}, name), ...children);

const HINT = "Point at a symbol; a click keeps it in view. Or go to it with Tab and the arrow keys.";

/** Where the regions stand one above the other, what one watches comes first. */
const narrow = matchMedia("(max-width: 600px)");

export class Regions {
  /** What is shown, for what is the same needn't be made anew. */
  #shown = "";
  #values = new Tables();

  /**
   * @param {Node[]} seen what the lesson shows above the values
   */
  constructor(seen) {
    const meaning = make("p", { className: "meaning", role: "status", ariaLabel: "Meaning" });
    this.equations = make("div", { className: "equations" });
    this.sources = make("div", { className: "sources" });
    this.network = make("span", { className: "hint" });
    const all = [
      region("Equation", this.equations),
      region("Source", this.sources),
      region("Values", make("div", { className: "lead" }, ...seen), this.#values.root),
    ];
    all[2].querySelector("h3")?.append(" ", this.network);
    this.symbols = new Symbols(all, meaning);
    this.root = make("div", { className: "regions" });
    const [equation, source, values] = all;
    const place = () =>
      this.root.replaceChildren(
        ...(narrow.matches ? [values, equation, source] : [equation, source, values]),
      );
    narrow.onchange = place;
    place();
    const hint = make("p", { className: "hint" }, HINT);
    this.meaning = make("div", { className: "meaning-line" }, meaning, hint);
  }

  /** @param {boolean} busy is Python computing what is to be shown? */
  wait(busy) {
    this.root.ariaBusy = String(busy);
  }

  /** @param {Scene} scene @param {number[]} marked lines of the source, by their numbers */
  show({ symbols, equations, sources, values, network }, marked) {
    setText(this.network, `of ${network}`);
    const shown = JSON.stringify([symbols, equations, sources, marked]);
    if (shown !== this.#shown) this.#draw(symbols, equations, sources, marked);
    this.#shown = shown;
    this.#values.show(values, this.symbols);
  }

  /** @param {KnownSymbol[]} symbols @param {Equation[]} equations @param {Source[]} sources @param {number[]} marked */
  #draw(symbols, equations, sources, marked) {
    this.symbols.know(symbols);
    this.equations.replaceChildren(...equations.map((each) => drawEquation(each, this.symbols)));
    this.sources.replaceChildren(...sources.map((each) => drawSource(each, this.symbols, marked)));
    for (const each of this.root.children) each.scrollTop = 0;
  }
}
