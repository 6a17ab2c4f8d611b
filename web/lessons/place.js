/** The third place of the page: the list of the lessons, or one of them, as the address says. */

/** @import { App } from "../main.js" */
/** @import { Engine } from "../engine.js" */
/** @import { LessonNumbers } from "../types" */
/** @import { Ask, Chosen, Kinds } from "./types" */

import { make } from "../dom.js";
import { addressOf, lessonsAreShown } from "../places.js";
import { phaseOf } from "../run-machine.js";
import { read, write } from "./address.js";
import { LESSONS } from "./index.js";
import { Latest } from "./latest.js";
import { drawList } from "./list.js";
import { networkOf, settingOf } from "./network.js";
import { Notebook } from "./notebook.js";
import { asked } from "./question.js";
import { Screen } from "./screen.js";
import { wordsIn } from "./words.js";

/** Milliseconds from one change of the address to the next: browsers want it done seldom. */
const ADDRESS_AFTER_MS = 400;

const STARTING = "Python is starting …";
const ENDED = "Python is not running, so there are no numbers.";

/** Why there is no network of the person's own here, and what leads to one. */
const MISSING = {
  none: ["Your own network is the one that you train under Text, and there is none yet.", "Train one"],
  shelved: [
    "Your own network is the one that was trained under Text. It is opened when you go there.",
    "Go to Text",
  ],
};
/** @typedef {keyof typeof MISSING} Missing */

/** @param {Missing} reason */
const missing = (reason) => {
  const [words, way] = MISSING[reason];
  const link = make("a", { href: addressOf(PLACE_OF_OWN) }, way);
  return [make("p", {}, `${words} `, link, ", then come back.")];
};

/** Where the network is trained that the lessons call one's own. */
const PLACE_OF_OWN = "text";

export class LessonsPlace {
  #notebook = new Notebook();
  /** @type {Screen | null} */
  #screen = null;
  /** What is chosen in the lesson. @type {Chosen} */
  #chosen = {};
  /** What was shown last of this address; null if nothing was yet. @type {Chosen | null} */
  #good = null;
  /** What was wrong with the address. @type {string[]} */
  #wrong = [];
  #latest = new Latest();
  /** Whom Python is asked of. @type {Engine | null} */
  #engine = null;
  /** What could be asked last: see #standing. @type {Engine | string | null} */
  #heard = null;
  /** The address's part after "#" that was followed or written last. */
  #hash = "";
  /** When the address was changed last. */
  #kept = -Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {App} app
   * @param {HTMLElement} root
   * @param {Document} page the words
   */
  constructor(app, root, page) {
    this.app = app;
    this.root = root;
    this.words = wordsIn(page).filter(({ name }) => name in LESSONS);
    this.asked = this.words.map(asked);
    /** @type {Kinds[]} */
    this.kinds = this.words.map(({ name }) => LESSONS[name].kinds);
    app.store.subscribe(() => this.#hear());
    addEventListener("pagehide", () => this.#keepAddress());
    // Another tab has written into the notebook.
    addEventListener("storage", () => this.#reread());
  }

  /** Show what an address says. @param {string} hash */
  follow(hash) {
    clearTimeout(this.#timer);
    this.#hash = hash;
    const { place, chosen, wrong } = read(hash, this.kinds);
    if (place === null) return this.#showList(wrong);
    const isNew = this.#screen?.place !== place;
    if (isNew) this.#enter(place);
    const screen = /** @type {Screen} */ (this.#screen);
    this.#chosen = chosen;
    this.#good = null; // what was shown before is of another address
    this.#tellWrong(wrong);
    screen.tell(undefined);
    screen.begin(chosen);
    this.#refresh();
    document.title = `${place + 1} ${screen.title} – RNN Playground`;
    // The keyboard, and who reads the page aloud, begin with the title.
    if (isNew) screen.heading.focus({ preventScroll: true });
    return undefined;
  }

  /** The panels are shown instead: what one comes back to is what has become of it meanwhile. */
  leave() {
    clearTimeout(this.#timer);
    if (this.#heard === this.app.engine) this.app.engine.callAt("lessons", "leave");
    this.#heard = null;
  }

  /** @param {string[]} wrong */
  #showList(wrong) {
    const isBack = this.#screen !== null;
    this.#leaveScreen();
    const { panel, heading } = drawList(this.words, this.#notebook, wrong);
    this.root.replaceChildren(panel);
    document.title = "Lessons – RNN Playground";
    if (isBack) heading.focus({ preventScroll: true });
  }

  #leaveScreen() {
    this.#screen?.leave();
    this.#screen = null;
  }

  #reread() {
    this.#notebook.reread();
    if (this.#screen) this.#screen.reread();
    else if (location.hash === "#lessons") this.#showList([]);
  }

  /** What was wrong with the address. @param {string[]} wrong */
  #tellWrong(wrong) {
    this.#wrong = wrong;
    this.#screen?.tellWrong(wrong);
  }

  /** @param {number} place */
  #enter(place) {
    this.#leaveScreen();
    this.#screen = new Screen(place, LESSONS[this.words[place].name], {
      all: this.words,
      notebook: this.#notebook,
      change: (changes) => this.#change(changes),
      go: (to) => this.#go(to),
      numbers: () => this.#numbers,
      answers: () => this.#notebook.asText(this.asked),
      addressWith: (at, question) => {
        // The link leads to the same network should the defaults ever change.
        const { word, seed } = this.#numbers?.defaults ?? {};
        return write(at, { word, seed, ...this.#chosen, question }, this.kinds[at]);
      },
    });
    this.root.replaceChildren(this.#screen.root);
    scrollTo(0, 0);
  }

  /** To another lesson, on the same network. @param {number} place */
  #go(place) {
    this.#keepAddress();
    location.hash = write(place, networkOf(this.#chosen));
  }

  /** @param {Chosen} changes */
  #change(changes) {
    this.#chosen = { ...this.#chosen, ...changes };
    this.#tellWrong([]);
    this.#refresh();
  }

  get #numbers() {
    return this.app.store.state.about?.numbers.lessons;
  }

  /** Python has come, or gone, or the run has that a lesson is about. */
  #hear() {
    if (this.#screen && lessonsAreShown() && this.#standing() !== this.#heard) this.#refresh();
  }

  /** Who can be asked for what is chosen; or why nobody can, in words, or because of what is missing. */
  #standing() {
    const { engine, store } = this.app;
    const { state } = store;
    if (state.failure !== null) return ENDED;
    if (!state.about) return STARTING;
    if (!this.#chosen.own) return engine;
    // What was left of the run is opened where the page is.
    if (phaseOf(state) === "loading") return STARTING;
    const { run, runState } = store.at(PLACE_OF_OWN);
    if (run) return engine;
    return runState === "loading" ? "shelved" : "none";
  }

  #refresh() {
    const screen = this.#screen;
    if (!screen) return;
    const standing = this.#standing();
    this.#heard = standing;
    if (typeof standing === "string") {
      if (standing in MISSING) this.#miss(screen, /** @type {Missing} */ (standing));
      else screen.wait(standing);
      return;
    }
    if (this.#engine !== standing) {
      // What was asked of one that has gone is never answered.
      this.#engine = standing;
      this.#latest = new Latest();
    }
    screen.wait();
    this.#latest.run(() => this.#ask(screen, standing));
  }

  /** @param {Screen} screen @param {Missing} reason */
  #miss(screen, reason) {
    this.#good = this.#chosen;
    screen.tell(undefined);
    screen.tellNetwork(this.#chosen);
    screen.miss(missing(reason), this.#address());
    this.#keepAddress(); // one may go there at once, and come back
  }

  /** @param {Screen} screen @param {Engine} engine */
  async #ask(screen, engine) {
    const isAsked = () => this.#screen === screen && this.#heard === engine;
    if (!isAsked()) return;
    screen.wait();
    const chosen = this.#chosen;
    try {
      const answer = await this.#answerTo(chosen, screen, engine);
      if (!isAsked()) return;
      this.#good = chosen;
      screen.tell(undefined);
      screen.show(answer, this.#chosen);
      this.#keepAddressSoon();
    } catch (error) {
      if (!isAsked()) return;
      await this.#refuse(screen, engine, chosen, /** @type {Error} */ (error).message);
    }
    if (isAsked() && this.#chosen === this.#good) screen.settle(this.#address());
  }

  /** What Python says to it. @param {Chosen} chosen @param {Screen} screen @param {Engine} engine */
  #answerTo(chosen, screen, engine) {
    /** @type {Ask} */
    const ask = (method, ...values) => engine.callAt("lessons", method, ...values);
    const { defaults } = /** @type {LessonNumbers} */ (this.#numbers);
    return screen.lesson.ask(ask, settingOf(chosen, defaults), chosen, defaults);
  }

  /**
   * What can't be shown is told, and what was shown before stays; of an address that one has just come
   * to, what is wrong is left out.
   * @param {Screen} screen
   * @param {Engine} engine
   * @param {Chosen} chosen
   * @param {string} why
   */
  async #refuse(screen, engine, chosen, why) {
    const isWanted = () => this.#screen === screen && this.#chosen === chosen;
    if (!isWanted()) return;
    if (this.#good) {
      this.#chosen = this.#good;
      screen.tell(why);
      this.#keepAddressSoon();
      return;
    }
    const less = await this.#withoutFault(chosen, why, screen, engine);
    if (!isWanted()) return;
    if (!less) {
      screen.settle("");
      screen.tell(why);
      return;
    }
    this.#tellWrong([...this.#wrong, why]);
    this.#chosen = less;
    this.#refresh();
  }

  /**
   * Leave out what is wrong: that without which Python says something else, be it that something else
   * is wrong too.
   * @param {Chosen} chosen
   * @param {string} why what Python says with it
   * @param {Screen} screen
   * @param {Engine} engine
   * @returns {Promise<Chosen | null>} null if there is no such thing
   */
  async #withoutFault(chosen, why, screen, engine) {
    // What comes later may be wrong only with what comes before it, and all only with this word.
    const ofLesson = Object.keys(screen.lesson.kinds).reverse();
    for (const key of [...ofLesson, ...Object.keys(networkOf(chosen)).reverse()]) {
      const { [/** @type {keyof Chosen} */ (key)]: left, ...others } = chosen;
      if (left === undefined) continue;
      try {
        await this.#answerTo(others, screen, engine);
        return others;
      } catch (error) {
        if (/** @type {Error} */ (error).message !== why) return others;
      }
    }
    return null;
  }

  /** Of what is shown. */
  #address() {
    const place = this.#screen?.place ?? 0;
    return write(place, this.#good ?? {}, this.kinds[place]);
  }

  #keepAddressSoon() {
    clearTimeout(this.#timer);
    const wait = this.#kept + ADDRESS_AFTER_MS - performance.now();
    if (wait <= 0) this.#keepAddress();
    else this.#timer = setTimeout(() => this.#keepAddress(), wait);
  }

  /** Have the address say what is shown. */
  #keepAddress() {
    clearTimeout(this.#timer);
    if (!this.#screen || !this.#good) return;
    const address = this.#address();
    // An address that is not yet followed is where one is going.
    if (location.hash !== this.#hash || address === this.#hash) return;
    this.#kept = performance.now();
    try {
      history.replaceState(history.state, "", address);
      this.#hash = location.hash;
    } catch {
      // A browser that finds this too often keeps the address that it has; the page goes on.
    }
  }
}
