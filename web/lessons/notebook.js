/** What somebody has answered, kept in this browser and nowhere else. */

const KEY = "rnn-playground lessons";

/**
 * @typedef {{ lesson: string, question: string, answer: string }} Written to a question of a teacher's
 * @typedef {{ name: string, title: string, question: string, answers: Record<string, string>, right: string }} Asked
 *   a lesson's question, its answers by their values, and which is right
 */

export class Notebook {
  /** The value of the answer that was chosen, by the lesson. @type {Record<string, string>} */
  chosen = {};
  /** @type {Written[]} */
  written = [];
  /** Is all of it kept? */
  #isKept = true;

  constructor() {
    this.reread();
  }

  /** Another tab may have written into it. */
  reread() {
    if (!this.#isKept) return; // or what only this tab knows would be lost
    try {
      const { chosen, written } = JSON.parse(localStorage.getItem(KEY) ?? "{}");
      this.chosen = stringsIn(chosen);
      this.written = Array.isArray(written) ? written.map(stringsIn).filter(isWritten) : [];
    } catch {
      // Where nothing may be kept, or what is there makes no sense, it stays as it is.
    }
  }

  /** @param {string} lesson @param {string | undefined} value none, to answer it anew */
  choose(lesson, value) {
    this.reread();
    const { [lesson]: _, ...others } = this.chosen;
    this.chosen = value === undefined ? others : { ...others, [lesson]: value };
    this.#keep();
  }

  /** @param {string} lesson @param {string} question */
  answerTo(lesson, question) {
    return (
      this.written.find((each) => each.lesson === lesson && each.question === question)?.answer ??
      ""
    );
  }

  /** @param {Written} written an empty answer is none */
  write(written) {
    this.reread();
    const { lesson, question, answer } = written;
    const others = this.written.filter(
      (each) => each.lesson !== lesson || each.question !== question,
    );
    this.written = answer.trim() ? [...others, written] : others;
    this.#keep();
  }

  #keep() {
    try {
      localStorage.setItem(KEY, JSON.stringify({ chosen: this.chosen, written: this.written }));
      this.#isKept = true;
    } catch {
      this.#isKept = false; // it lasts as long as the page
    }
  }

  /** All questions with their answers, as a text. @param {Asked[]} lessons */
  asText(lessons) {
    const parts = lessons.map(({ name, title, question, answers, right }, place) => {
      const value = this.chosen[name];
      const answer = answers[value];
      const verdict = value === right ? "right" : `not right; it is: ${answers[right]}`;
      const lines = [`${place + 1}  ${title}`, "", `Question: ${question}`];
      lines.push(answer === undefined ? "Answer: none yet" : `Answer: ${answer} (${verdict})`);
      for (const written of this.written.filter(({ lesson }) => lesson === name)) {
        lines.push("", `A teacher’s question: ${written.question}`, `Answer: ${written.answer}`);
      }
      return lines.join("\n");
    });
    return [`RNN Playground: answers to the lessons`, ...parts].join("\n\n\n") + "\n";
  }
}

/** What of it is strings. @param {unknown} value @returns {any} */
const stringsIn = (value) =>
  Object.fromEntries(Object.entries(value ?? {}).filter(([, each]) => typeof each === "string"));

/** @param {Partial<Written>} written */
const isWritten = ({ lesson, question, answer }) =>
  lesson !== undefined && question !== undefined && answer !== undefined;
