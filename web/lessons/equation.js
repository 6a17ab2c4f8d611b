/** Equations, as the browser's own mathematics. */

/** @import { Equation, MathNode } from "../types" */
/** @import { Symbols } from "./symbols.js" */

import { make } from "../dom.js";

const MATHML = "http://www.w3.org/1998/Math/MathML";
const TAGS = new Set([
  ...["math", "mrow", "mi", "mn", "mo", "mtext"],
  ...["msub", "msup", "mfrac"],
]);

/** Before these, and before words, an equation may go on in the next line; no browser lets it by itself. */
const BREAKS = new Set(["+", "−"]);

/** @param {Equation} equation @param {Symbols} symbols */
export function drawEquation({ label, text, math }, symbols) {
  const drawn = termsOf(math).map((children) => {
    const term = drawMath({ ...math, children }, symbols);
    term.setAttribute("displaystyle", "true");
    // The symbols in it can come to the keyboard, which nothing inside of what is called "math" may.
    term.setAttribute("role", "none");
    if (children[0]?.tag === "mo") term.firstElementChild?.setAttribute("form", "infix");
    return term;
  });
  const whole = make(
    "div",
    { role: "group", ariaLabel: text.replaceAll(/\s+/g, " ").trim() },
    ...drawn,
  );
  return make("div", { className: "equation" }, make("p", { className: "hint" }, label), whole);
}

/** Is this a row that may be broken, for it adds up something? @param {MathNode} node @returns {boolean} */
const isLong = ({ tag, symbol, children }) =>
  tag === "mrow" && !symbol && children.some((each) => each.text === "+" || isLong(each));

/** What is in a row, and in the long rows in it. @param {MathNode[]} nodes @returns {MathNode[]} */
const spread = (nodes) =>
  nodes.flatMap((node) => (isLong(node) ? spread(node.children) : [node]));

/** The parts between which an equation may be broken. @param {MathNode} math @returns {MathNode[][]} */
function termsOf(math) {
  const [row, ...others] = math.children;
  if (!row || others.length || row.tag !== "mrow" || row.symbol) return [math.children];
  const nodes = spread(row.children);
  /** @type {MathNode[][]} */
  const terms = [[]];
  let isRight = false;
  nodes.forEach((child, place) => {
    const isBreak = child.tag === "mo" ? BREAKS.has(child.text) : child.tag === "mtext";
    if (place && (isBreak || (isRight && nodes[place - 1].text === ","))) terms.push([]);
    isRight ||= child.text === "=";
    terms.at(-1)?.push(child);
  });
  return terms;
}

/**
 * @param {MathNode} node
 * @param {Symbols} [symbols] those in it are marked
 * @returns {MathMLElement}
 */
export function drawMath({ tag, text, symbol, children }, symbols) {
  const made = document.createElementNS(MATHML, TAGS.has(tag) ? tag : "mrow");
  if (children.length === 0) made.textContent = text;
  // Without a font for mathematics, browsers stretch these far beyond what they enclose.
  if (tag === "mo") made.setAttribute("stretchy", "false");
  made.append(...children.map((child) => drawMath(child, symbols)));
  if (symbol && symbols) symbols.mark(made, symbol);
  return made;
}
