/**
 * The peer's training: one layer of rnn_pkg's network, with the same weights, text and steps, by
 * TensorFlow.js. It is compared as its users write it, plain.js, which is about as fast as its own
 * layers (tf.layers, with trainOnBatch), and at the best found, tuned.js.
 */

/**
 * What to train. Arrays are bytes in base64, matrices lie as (inputs, outputs).
 * @typedef {object} Task
 * @property {"rnn" | "lstm" | "gru"} cell
 * @property {number} batch
 * @property {number} sequence
 * @property {number} clip
 * @property {string} rates the learning rate of each step, float32; the last stays
 * @property {number} hiddenRate what that is multiplied by for the weights between hidden units
 * @property {[number, number]} betas what Adam keeps of its two running means
 * @property {string} ids the text, int32
 * @property {Record<string, { shape: number[], values: string }>} parameters by rnn_pkg's names
 */

/**
 * One step of each recurrence, see rnn_pkg/engine/cells.py, from the projected input x (B, G*H), the
 * product u of the hidden state with its weights (B, G*H), and the state, to the next state. The
 * biases are in x, but for the one of the GRU's candidate, which the reset gate scales.
 */
const CELLS = {
  rnn: { states: 1, step: (x, u) => [tf.tanh(tf.add(x, u))] },
  lstm: {
    states: 2,
    step(x, u, [, c]) {
      const [i, f, g, o] = tf.split(tf.add(x, u), 4, 1);
      const added = tf.mul(tf.sigmoid(i), tf.tanh(g));
      const cell = tf.add(tf.mul(tf.sigmoid(f), c), added);
      return [tf.mul(tf.sigmoid(o), tf.tanh(cell)), cell];
    },
  },
  gru: {
    states: 1,
    step(x, u, [h], candidateBias) {
      const size = h.shape[1];
      const [xGates, xCandidate] = tf.split(x, [2 * size, size], 1);
      const [uGates, uCandidate] = tf.split(u, [2 * size, size], 1);
      const [r, z] = tf.split(tf.sigmoid(tf.add(xGates, uGates)), 2, 1);
      const candidate = tf.add(xCandidate, tf.mul(r, tf.add(uCandidate, candidateBias)));
      const n = tf.tanh(candidate);
      return [tf.add(n, tf.mul(z, tf.sub(h, n)))];
    },
  },
};

/** The weights between hidden units. */
const HIDDEN = "rnn.weight_hh_l0";

/**
 * A training, but for how it finds its gradients:
 *
 *     lossAndGradients(inputs, targets) -> { loss, gradients, state }
 *
 * from T*B ids, those of a step side by side, and the ids that followed. The new state must have
 * been kept by tf.keep.
 * @abstract
 */
class Training {
  /** @param {Task} task */
  constructor({ cell, batch, sequence, clip, rates, hiddenRate, betas, ids, parameters }) {
    this.cell = CELLS[cell];
    this.batch = batch;
    this.sequence = sequence;
    this.clip = clip;
    this.rates = new Float32Array(fromBase64(rates));
    this.hiddenRate = hiddenRate;
    this.streams = new Streams(new Int32Array(fromBase64(ids)), batch, sequence);
    this.parameters = {};
    for (const [name, { shape, values }] of Object.entries(parameters)) {
      this.parameters[name] = tf.tidy(() => {
        const tensor = tf.tensor(new Float32Array(fromBase64(values)), shape);
        return tf.variable(tensor, true, name);
      });
    }
    [this.size] = this.parameters[HIDDEN].shape;
    [this.vocabulary] = this.parameters["rnn.weight_ih_l0"].shape;
    this.state = Array.from({ length: this.cell.states }, () => tf.zeros([batch, this.size]));
    const adam = () => tf.train.adam(this.rates[0], ...betas, 1e-8);
    this.adam = adam();
    this.hiddenAdam = adam();
    this.steps = 0;
  }

  dispose() {
    tf.dispose([this.parameters, this.state]);
    this.adam.dispose();
    this.hiddenAdam.dispose();
  }

  /** Learn from the next piece of text. @returns {number} its loss, nats per character */
  step() {
    const { loss, state } = tf.tidy(() => {
      const { loss, gradients, state } = this.lossAndGradients(...this.streams.next());
      const { [HIDDEN]: hidden, ...others } = clipped(gradients, this.clip);
      this.adam.learningRate = this.rates[Math.min(this.steps, this.rates.length - 1)];
      this.hiddenAdam.learningRate = this.hiddenRate * this.adam.learningRate;
      this.adam.applyGradients(others);
      this.hiddenAdam.applyGradients({ [HIDDEN]: hidden });
      return { loss, state };
    });
    tf.dispose(this.state);
    this.state = state;
    this.steps += 1;
    const [value] = loss.dataSync();
    loss.dispose();
    return value;
  }

  /** The parameters but for the recurrence's biases. */
  weights() {
    return {
      inputWeights: this.parameters["rnn.weight_ih_l0"],
      hiddenWeights: this.parameters["rnn.weight_hh_l0"],
      decoderWeights: this.parameters["decoder.weight"],
      decoderBias: this.parameters["decoder.bias"],
    };
  }

  /** @returns {any[]} the bias of the projected inputs; of the GRU, also the candidate's */
  biases() {
    const { "rnn.bias_ih_l0": input, "rnn.bias_hh_l0": hidden } = this.parameters;
    if (this.cell !== CELLS.gru) return [tf.add(input, hidden)];
    const [gates, candidate] = tf.split(hidden, [2 * this.size, this.size]);
    return [tf.add(input, tf.concat([gates, tf.zeros([this.size])])), candidate];
  }

  /**
   * Run the recurrence from the present state.
   * @param {any[]} projected T inputs of the cell
   * @param {(h: any) => any} product of a hidden state with its weights
   * @param {(t: number) => any} candidateBias of step t, for the GRU
   * @returns {{ hidden: any[], state: any[] }} the T + 1 hidden states; the last state, kept
   */
  unroll(projected, product, candidateBias) {
    let { state } = this;
    const hidden = [state[0]];
    projected.forEach((x, t) => {
      state = this.cell.step(x, product(state[0]), state, candidateBias(t));
      hidden.push(state[0]);
    });
    return { hidden, state: state.map((part) => tf.keep(part)) };
  }

  /** @param {Int32Array} ids @returns {any} a row for each */
  oneHot(ids) {
    return tf.cast(tf.oneHot(tf.tensor1d(ids, "int32"), this.vocabulary), "float32");
  }
}

/** A text read by B readers at once, in contiguous pieces, round and round: rnn_pkg/tasks/text.py. */
class Streams {
  /** @param {Int32Array} ids @param {number} batch @param {number} length of a piece */
  constructor(ids, batch, length) {
    this.ids = ids;
    this.length = length;
    this.starts = Array.from({ length: batch }, (_, b) => Math.floor((b * ids.length) / batch));
    this.position = 0;
  }

  /** @returns {[Int32Array, Int32Array]} inputs and targets, T*B ids: each step's side by side */
  next() {
    const { ids, starts, position, length } = this;
    const batch = starts.length;
    const window = Int32Array.from({ length: (length + 1) * batch }, (_, i) => {
      return ids[(starts[i % batch] + position + Math.floor(i / batch)) % ids.length];
    });
    this.position = (position + length) % ids.length;
    return [window.subarray(0, -batch), window.subarray(batch)];
  }
}

/** Gradients, together no longer than the limit; 0 is no limit. */
function clipped(gradients, limit) {
  if (limit === 0) return gradients;
  const squares = Object.values(gradients).map((gradient) => tf.sum(tf.square(gradient)));
  const scale = tf.minimum(1, tf.div(limit, tf.sqrt(tf.addN(squares))));
  const scaled = Object.entries(gradients).map(([name, value]) => [name, tf.mul(value, scale)]);
  return Object.fromEntries(scaled);
}

/** @param {string} text */
function fromBase64(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0)).buffer;
}

/** @param {Float32Array} floats */
function toBase64(floats) {
  const characters = Array.from(new Uint8Array(floats.buffer), (byte) => String.fromCharCode(byte));
  return btoa(characters.join(""));
}
