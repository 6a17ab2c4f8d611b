/** One lesson on the screen. */

/** @import { LessonNumbers, Scene } from "../types" */
/** @import { Chosen, Lesson, Parts } from "./types" */
/** @import { Notebook } from "./notebook.js" */
/** @import { Words } from "./words.js" */

import { make, setText, showProblem } from "../dom.js";
import { button } from "./controls.js";
import { NetworkControls } from "./network.js";
import { drawQuestion, drawTeachersQuestion } from "./question.js";
import { Regions } from "./regions.js";
import { drawSharing } from "./share.js";

/**
 * @typedef {object} Way what a lesson is asked for from outside
 * @property {Words[]} all
 * @property {Notebook} notebook
 * @property {(changes: Chosen) => void} change
 * @property {(place: number) => void} go to another lesson
 * @property {() => LessonNumbers | undefined} numbers that Python has told, once it has
 * @property {() => string} answers as a text
 * @property {(place: number, question: string | undefined) => string} addressWith
 */

/** Milliseconds after which it is told that something takes long. */
const LONG_MS = 300;

export class Screen {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** A teacher's question, drawn. @type {ReturnType<typeof drawTeachersQuestion> | null} */
  #asked = null;

  /**
   * @param {number} place of the lesson, counted from 0
   * @param {Lesson<any>} lesson
   * @param {Way} way
   */
  constructor(place, lesson, way) {
    const words = way.all[place];
    this.place = place;
    this.words = words;
    this.lesson = lesson;
    this.name = words.name;
    this.title = words.title;
    this.way = way;
    this.problem = make("p", { className: "problem", role: "alert", hidden: true });
    this.wrong = make("p", { className: "notice", role: "alert", hidden: true });
    this.waiting = make("p", { className: "hint", role: "status" });
    this.missing = make("div", { className: "notice", role: "status", hidden: true });
    this.network = new NetworkControls(way.change, (problem) => this.tell(problem), !lesson.isUntrained);
    /** @type {Parts<{ scene: Scene }>} */
    this.parts = lesson.mount({
      change: way.change,
      numbers: () => /** @type {LessonNumbers} */ (way.numbers()),
      tell: (problem) => this.tell(problem),
    });
    this.regions = new Regions(this.parts.seen);
    this.heading = make(
      "h2",
      { tabIndex: -1 },
      make("span", { className: "lesson-number" }, `${place + 1}`),
      ` ${words.title}`,
    );
    this.teachers = make("div", { className: "stacked" });
    this.sharing = make("div", { className: "stacked" });
    /** All that is touched, and what is seen of it. */
    this.bench = make(
      "div",
      { className: "bench" },
      make("div", { className: "controls" }, ...this.parts.controls),
      this.problem,
      this.regions.meaning,
      this.regions.root,
    );
    this.question = drawQuestion(words, way.notebook);
    this.root = make(
      "article",
      { className: "lesson" },
      make(
        "div",
        { className: "panel first" },
        this.#bar(),
        this.wrong,
        make("div", { className: "idea" }, words.idea),
        make("div", { className: "touch" }, ...this.#touch(), this.waiting),
        this.missing,
        this.bench,
      ),
      section("Question", ...this.question.question, this.teachers),
      section("Summary", ...this.question.summary, this.#bar(false)),
      section("To take along", this.sharing),
    );
    /** The question of a teacher; undefined if there is none. @type {string | null | undefined} */
    this.posed = null;
  }

  #touch() {
    const { touch, touchOwn, question } = this.words;
    const toQuestion = button("To the question", () => question.querySelector("input")?.focus());
    toQuestion.className = "to-question";
    return touchOwn ? [touch, touchOwn, toQuestion] : [touch, toQuestion];
  }

  /** @param {boolean} [whole] with the title, and the way back to the list */
  #bar(whole = true) {
    const { all, go } = this.way;
    const [previous, next] = [
      button("Previous", () => go(this.place - 1)),
      button("Next", () => go(this.place + 1)),
    ];
    previous.disabled = this.place === 0;
    next.disabled = this.place === all.length - 1;
    const steps = make("div", { className: "row steps" }, previous, next);
    if (!whole) return steps;
    const back = make("a", { href: "#lessons", className: "back" }, "Lessons");
    return make("div", { className: "bar" }, back, this.heading, this.network.root, steps);
  }

  /** @param {string | undefined} question of a teacher's */
  #pose(question) {
    if (question === this.posed) return;
    this.posed = question;
    const { notebook, answers, addressWith } = this.way;
    this.#asked = question ? drawTeachersQuestion(this.name, question, notebook) : null;
    this.teachers.replaceChildren(...(this.#asked?.nodes ?? []));
    this.sharing.replaceChildren(
      ...drawSharing(answers, (asked) => addressWith(this.place, asked), question ?? ""),
    );
  }

  /** Say what was wrong with the address. @param {string[]} wrong */
  tellWrong(wrong) {
    showProblem(
      this.wrong,
      wrong.length ? `Left out of this address: ${wrong.join("; ")}` : undefined,
    );
  }

  /** @param {string | undefined} problem */
  tell(problem) {
    showProblem(this.problem, problem);
  }

  /** Something is asked for. @param {string} [words] why it takes time */
  wait(words) {
    this.#lack(null);
    if (words === undefined) {
      this.#timer ??= setTimeout(() => setText(this.waiting, "Computing …"), LONG_MS);
    } else {
      this.#tellTime(words);
    }
    this.regions.wait(true);
    delete this.root.dataset.shown;
  }

  /** @param {string} words why something takes time; none if it doesn't any more */
  #tellTime(words) {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    setText(this.waiting, words);
  }

  /**
   * There is no network to look at.
   * @param {Node[]} words why, and where there is one
   * @param {string} address of this
   */
  miss(words, address) {
    this.settle(address);
    this.#lack(words);
  }

  /** @param {Node[] | null} words why there is nothing to be seen; null if there is */
  #lack(words) {
    this.bench.hidden = words !== null;
    this.missing.hidden = words === null;
    if (words) this.missing.replaceChildren(...words);
  }

  /** What was asked for is there. @param {string} address of what is shown */
  settle(address) {
    this.#tellTime("");
    this.regions.wait(false);
    this.root.dataset.shown = address;
  }

  /**
   * @param {{ scene: Scene }} answer
   * @param {Chosen} chosen
   */
  show(answer, chosen) {
    this.#tellTime("");
    this.tellNetwork(chosen);
    this.regions.show(answer.scene, this.parts.marked?.(answer) ?? []);
    this.parts.show(answer, chosen, this.regions.symbols);
    this.regions.symbols.settle();
  }

  /** What the address says is known before Python is there. @param {Chosen} chosen */
  begin(chosen) {
    this.tellNetwork(chosen);
    this.#pose(chosen.question);
  }

  /** @param {Chosen} chosen which network, and what to do with it */
  tellNetwork(chosen) {
    this.network.show(chosen, this.way.numbers());
    const { touch, touchOwn } = this.words;
    if (!touchOwn) return;
    touch.toggleAttribute("hidden", chosen.own === true);
    touchOwn.toggleAttribute("hidden", chosen.own !== true);
  }

  /** Another tab has answered something. */
  reread() {
    this.question.show();
    this.#asked?.show();
  }

  /** Another lesson is shown, or none. */
  leave() {
    this.#tellTime("");
    this.parts.leave?.();
  }
}

/** @param {string} name @param {...Node} children */
const section = (name, ...children) =>
  make(
    "section",
    { className: "panel stacked", ariaLabel: name },
    make("h3", {}, name),
    ...children,
  );
