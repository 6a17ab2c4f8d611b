/**
 * The peer's training: one layer of rnn_pkg's network, with the same weights, text and steps, by
 * TensorFlow.js.
 *
 * Of the ways to write it this is the fastest found. Characters per second with 128 units, 32 x 64,
 * the best of eight rounds that took turns, on two busy cores:
 *
 *                                                                RNN    LSTM     GRU
 *     tf.layers, stateful, with trainOnBatch                   7,400   1,600   2,700
 *     CELLS with tf.variableGrads                              9,000   1,600   3,900
 *     the same with `product` in place of tf.matMul           16,600   5,000   8,400
 *     the tape on the recurrence only, as here                21,200   7,000   8,600
 */

/**
 * What to train. Arrays are bytes in base64, matrices lie as (inputs, outputs).
 * @typedef {object} Task
 * @property {"rnn" | "lstm" | "gru"} cell
 * @property {number} batch
 * @property {number} sequence
 * @property {number} clip
 * @property {string} rates the learning rate of each step, float32; the last stays
 * @property {string} ids the text, int32
 * @property {Record<string, { shape: number[], values: string }>} parameters by rnn_pkg's names
 */

/**
 * A product whose gradients are products of transposed copies. tf.matMul's own gradient asks for
 * transposed products, which this backend computes without SIMD: 4 to 12 times slower.
 */
const product = tf.customGrad((a, b, save) => {
  save([a, b]);
  const gradFunc = (dy, [a, b]) => [
    tf.matMul(dy, tf.transpose(b)),
    tf.matMul(tf.transpose(a), dy),
  ];
  return { value: tf.matMul(a, b), gradFunc };
});

/**
 * One step of each recurrence, see rnn_pkg/cells.py, from the projected input x (B, G*H), the
 * product u of the hidden state with its weights (B, G*H), and the state, to the next state. The
 * biases are in x, but for the one of the GRU's candidate (B, H), which the reset gate scales.
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

class Training {
  /** @param {Task} task */
  constructor({ cell, batch, sequence, clip, rates, ids, parameters }) {
    this.cell = CELLS[cell];
    this.batch = batch;
    this.clip = clip;
    this.rates = new Float32Array(fromBase64(rates));
    this.streams = new Streams(new Int32Array(fromBase64(ids)), batch, sequence);
    this.parameters = {};
    for (const [name, { shape, values }] of Object.entries(parameters)) {
      this.parameters[name] = tf.tidy(() => {
        const tensor = tf.tensor(new Float32Array(fromBase64(values)), shape);
        return tf.variable(tensor, true, name);
      });
    }
    [this.size] = this.parameters["rnn.weight_hh_l0"].shape;
    this.state = Array.from({ length: this.cell.states }, () => tf.zeros([batch, this.size]));
    this.adam = tf.train.adam(this.rates[0], 0.9, 0.99, 1e-8); // as in rnn_pkg/optimizers.py
    this.steps = 0;
  }

  dispose() {
    tf.dispose([this.parameters, this.state]);
    this.adam.dispose();
  }

  /** Learn from the next piece of text. @returns {number} its loss, nats per character */
  step() {
    const { loss, state } = tf.tidy(() => {
      const { loss, gradients, state } = this.lossAndGradients(...this.streams.next());
      this.adam.learningRate = this.rates[Math.min(this.steps, this.rates.length - 1)];
      this.adam.applyGradients(clipped(gradients, this.clip));
      return { loss, state };
    });
    tf.dispose(this.state);
    this.state = state;
    this.steps += 1;
    const [value] = loss.dataSync();
    loss.dispose();
    return value;
  }

  /**
   * The tape follows the recurrence only. What it finds for the projected inputs of all T steps
   * gives the gradients of all weights below in one product each, where a tape would make one
   * product a step and add them up.
   * @param {Int32Array[]} inputs T arrays of B ids
   * @param {Int32Array[]} targets the characters that followed
   */
  lossAndGradients(inputs, targets) {
    const steps = inputs.length;
    const {
      "rnn.weight_ih_l0": inputWeights,
      "rnn.weight_hh_l0": hiddenWeights,
      "rnn.bias_ih_l0": inputBias,
      "rnn.bias_hh_l0": hiddenBias,
      "decoder.weight": decoderWeights,
      "decoder.bias": decoderBias,
    } = this.parameters;
    const [vocabulary] = inputWeights.shape;
    const isGru = this.cell === CELLS.gru;

    // A one-hot row takes one row of the weights: with the biases added to these, it takes both.
    const inGates = isGru ? withoutLast(hiddenBias, this.size) : hiddenBias;
    const table = tf.add(inputWeights, tf.add(inputBias, inGates));
    const oneHots = inputs.map((ids) => oneHot(ids, vocabulary));
    const projected = oneHots.map((rows) => tf.matMul(rows, table)); // T times (B, G*H)
    // A copy for each step, to learn the gradient of each.
    const candidateBias = isGru && tf.slice(hiddenBias, 2 * this.size);
    const candidateBiases = isGru
      ? inputs.map(() => tf.tile(tf.reshape(candidateBias, [1, this.size]), [this.batch, 1]))
      : [];

    const transposed = tf.transpose(hiddenWeights);
    const recur = tf.customGrad((h) => ({
      value: tf.matMul(h, hiddenWeights),
      gradFunc: (du) => tf.matMul(du, transposed),
    }));
    let state = this.state;
    let before; // the hidden states before each step, (T*B, H)
    const lossOf = (decoderWeights, decoderBias, ...perStep) => {
      const hidden = [state[0]];
      for (let t = 0; t < steps; t++) {
        state = this.cell.step(perStep[t], recur(state[0]), state, perStep[steps + t]);
        hidden.push(state[0]);
      }
      before = tf.keep(tf.concat(hidden.slice(0, -1)));
      state = state.map((part) => tf.keep(tf.clone(part)));
      const logits = tf.add(product(tf.concat(hidden.slice(1)), decoderWeights), decoderBias);
      const answers = oneHot(Int32Array.from(targets.flatMap((ids) => [...ids])), vocabulary);
      return tf.losses.softmaxCrossEntropy(answers, logits);
    };
    const { value, grads } = tf.valueAndGrads(lossOf)([
      ...[decoderWeights, decoderBias],
      ...[...projected, ...candidateBiases],
    ]);

    const [dDecoderWeights, dDecoderBias, ...dSteps] = grads;
    const dx = tf.concat(dSteps.slice(0, steps)); // (T*B, G*H)
    let du = dx;
    if (isGru) {
      const [dGates] = tf.split(dx, [2 * this.size, this.size], 1);
      du = tf.concat([dGates, tf.concat(dSteps.slice(steps))], 1);
    }
    const dTable = tf.matMul(tf.transpose(tf.concat(oneHots)), dx);
    const dInputBias = tf.sum(dTable, 0);
    const gradients = {
      "rnn.weight_ih_l0": dTable,
      "rnn.weight_hh_l0": tf.matMul(tf.transpose(before), du),
      "rnn.bias_ih_l0": dInputBias,
      "rnn.bias_hh_l0": isGru ? tf.sum(du, 0) : dInputBias,
      "decoder.weight": dDecoderWeights,
      "decoder.bias": dDecoderBias,
    };
    before.dispose();
    return { loss: value, gradients, state };
  }
}

/** A text read by B readers at once, in contiguous pieces, round and round: rnn_pkg/text.py. */
class Streams {
  /** @param {Int32Array} ids @param {number} batch @param {number} length of a piece */
  constructor(ids, batch, length) {
    this.ids = ids;
    this.length = length;
    this.starts = Array.from({ length: batch }, (_, b) => Math.floor((b * ids.length) / batch));
    this.position = 0;
  }

  /** @returns {[Int32Array[], Int32Array[]]} inputs and targets: T arrays of B ids each */
  next() {
    const { ids, starts, position } = this;
    const window = Array.from({ length: this.length + 1 }, (_, t) =>
      Int32Array.from(starts, (start) => ids[(start + position + t) % ids.length]),
    );
    this.position = (position + this.length) % ids.length;
    return [window.slice(0, -1), window.slice(1)];
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

/** @param {Int32Array} ids @param {number} size @returns {any} (ids, size) */
function oneHot(ids, size) {
  return tf.cast(tf.oneHot(tf.tensor1d(ids, "int32"), size), "float32");
}

/** A vector with zeros for its last numbers. @param {number} count */
function withoutLast(vector, count) {
  return tf.concat([tf.slice(vector, 0, vector.shape[0] - count), tf.zeros([count])]);
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
