/** The further workers, as the first one has them: it asks them for steps, and waits for answers. */

/** How long they may take: so many seconds, and so many times what the first takes for the same. */
const PATIENCE_S = 10;
const PATIENCE_TIMES = 20;

/** @typedef {number[]} Place where a helper is in a run; only Python reads it */
/** @typedef {{ value?: any, error?: any }} Answer of Python */

export class Team {
  /** By their names. @type {Map<string, Helper>} */
  #helpers = new Map();
  /** The answers that helpers owe. @type {Promise<Uint8Array | undefined>[]} */
  #asked = [];

  /** @param {(method: string, ...values: unknown[]) => Answer} call of Python */
  constructor(call) {
    this.call = call;
  }

  /** @param {string} name @param {MessagePort} port */
  join(name, port) {
    this.#helpers.set(name, new Helper(port));
  }

  /** @param {string} name @param {boolean} isLost it was still wanted */
  leave(name, isLost) {
    this.#helpers.get(name)?.giveUp();
    this.#helpers.delete(name);
    if (isLost) this.call("lose");
  }

  /** Those who could take a step now. */
  get #free() {
    return [...this.#helpers.values()].filter(({ isFree }) => isFree);
  }

  /** Is there anybody who helps? */
  get helps() {
    return this.#free.length > 0 || this.#asked.length > 0;
  }

  /**
   * Train, each worker its part, as long as there is time, or without a budget one step.
   * @param {number} [budgetMs]
   */
  async train(budgetMs) {
    const ready = this.call("has_asked", budgetMs);
    if (ready.error) return ready;
    if (!ready.value) {
      await withPatience(this.#asked, PATIENCE_S); // nobody wants those answers any more
      const orders = this.call("ask", budgetMs, this.#places);
      if (orders.error) return orders;
      this.#send(orders.value);
    }
    const asked = this.#asked;
    const began = performance.now();
    const learned = this.call("learn", asked.length);
    if (learned.error) return learned;
    const seconds = (performance.now() - began) / 1000;
    const lessons = await withPatience(asked, PATIENCE_S + PATIENCE_TIMES * seconds);
    this.#asked = [];
    /** @param {any} orders a Python list */
    const send = (orders) => this.#send(orders.toJs());
    return this.call("take", lessons, budgetMs, this.#places, send);
  }

  get #places() {
    return this.#free.map(({ place }) => place);
  }

  /** @param {Uint8Array[]} orders one for each of the first who are free */
  #send(orders) {
    const free = this.#free;
    this.#asked = orders.map((order, i) => free[i].follow(order));
  }
}

class Helper {
  /** Where it is, as it has told last. @type {Place | undefined} */
  place;
  /** Is it there, and nothing asked of it? */
  isFree = false;
  /** Takes the answer that is waited for. @type {(lesson?: Uint8Array) => void} */
  #answer = () => {};

  /** @param {MessagePort} port */
  constructor(port) {
    this.port = port;
    // It says once that it is there, and then answers whatever it is asked.
    port.onmessage = ({ data }) => {
      this.isFree = true;
      this.place = data.place;
      this.#answer(data.lesson);
    };
  }

  /**
   * @param {Uint8Array} order
   * @returns {Promise<Uint8Array | undefined>} what it has learned; nothing if it has ended
   */
  follow(order) {
    this.isFree = false;
    this.port.postMessage(order, [order.buffer]);
    return new Promise((resolve) => (this.#answer = resolve));
  }

  /** It has ended, and won't answer any more. */
  giveUp() {
    this.isFree = false;
    this.#answer();
    this.port.close();
  }
}

/**
 * Wait for answers, but not for ever. The seconds are counted one by one, for while a machine sleeps
 * nobody can answer, and the clock may go on.
 * @param {Promise<Uint8Array | undefined>[]} answers
 * @param {number} seconds
 */
async function withPatience(answers, seconds) {
  const all = Promise.all(answers);
  for (let left = seconds; left > 0; left--) {
    const got = await Promise.race([all, after(1000, null)]);
    if (got) return got;
  }
  return Promise.all(answers.map((answer) => Promise.race([answer, undefined])));
}

/** @template Value @param {number} ms @param {Value} value @returns {Promise<Value>} */
const after = (ms, value) => new Promise((resolve) => setTimeout(resolve, ms, value));
