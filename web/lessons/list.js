/** The list of the lessons. */

/** @import { Notebook } from "./notebook.js" */
/** @import { Words } from "./words.js" */

import { make, showProblem } from "../dom.js";
import { write } from "./address.js";

/** @param {Words[]} lessons @param {Notebook} notebook @param {string[]} wrong with the address */
export function drawList(lessons, notebook, wrong) {
  const items = lessons.map(({ name, title, line }, place) => {
    const link = make("a", { href: write(place) }, title);
    const isAnswered = notebook.chosen[name] !== undefined;
    const mark = isAnswered ? [" ", make("span", { className: "answered" }, "answered")] : [];
    return make("li", {}, make("p", {}, link, ...mark), make("p", { className: "hint" }, line));
  });
  const problem = make("p", { className: "notice", role: "alert", hidden: true });
  const list = make("ol", { className: "lesson-list", ariaLabel: "Lessons" }, ...items);
  const heading = make("h2", { tabIndex: -1 }, "Lessons");
  const panel = make(
    "section",
    { className: "panel stacked" },
    heading,
    problem,
    list,
  );
  showProblem(problem, wrong[0]);
  return { panel, heading };
}
