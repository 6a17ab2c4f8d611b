/** The words of the lessons, as lessons.html has them. */

/**
 * @typedef {object} Words
 * @property {string} name by which the lesson's own module is known
 * @property {string} title
 * @property {string} line for the list
 * @property {Element} idea
 * @property {Element} touch what to do
 * @property {Element | null} touchOwn the same on one's own network, where that is something else
 * @property {HTMLFieldSetElement} question
 * @property {Element} explanation
 * @property {Element} summary
 */

/** The lessons in their order. @param {Document} page @returns {Words[]} */
export const wordsIn = (page) =>
  [...page.querySelectorAll("article[data-lesson]")].map((article) => {
    const part = (/** @type {string} */ selector) => {
      const found = article.querySelector(selector);
      if (!found) throw new Error(`lessons.html has no ${selector} in ${article.id}`);
      return document.importNode(found, true);
    };
    const hasOwn = article.querySelector("[data-touch-own]") !== null;
    return {
      name: article.getAttribute("data-lesson") ?? "",
      title: textOf(part("h2")),
      line: textOf(part("[data-line]")),
      idea: part("[data-idea]"),
      touch: part("[data-touch]"),
      touchOwn: hasOwn ? part("[data-touch-own]") : null,
      question: /** @type {HTMLFieldSetElement} */ (part("[data-question]")),
      explanation: part("[data-explanation]"),
      summary: part("[data-summary]"),
    };
  });

/** @param {Element} element */
export const textOf = (element) => (element.textContent ?? "").replaceAll(/\s+/g, " ").trim();
