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
 * Gradients written by hand where the library's are slow. The tape follows the recurrence only.
 * What it finds for the projected inputs of all T steps gives the gradients of all weights below in
 * one product each, where a tape would make one product a step and add them up.
 */
class Tuned extends Training {
  lossAndGradients(inputs, targets) {
    const { inputWeights, hiddenWeights, decoderWeights, decoderBias } = this.weights();
    const steps = this.sequence;
    const [bias, candidateBias] = this.biases();

    // A one-hot row takes one row of the weights: with the biases added to these, it takes both.
    const table = tf.add(inputWeights, bias);
    const oneHots = this.oneHot(inputs);
    const projected = tf.split(oneHots, steps).map((rows) => tf.matMul(rows, table)); // (B, G*H)
    // A copy for each step, to learn the gradient of each.
    const candidateBiases = candidateBias
      ? projected.map(() => tf.tile(tf.reshape(candidateBias, [1, -1]), [this.batch, 1]))
      : [];

    const transposed = tf.transpose(hiddenWeights);
    const recur = tf.customGrad((h) => ({
      value: tf.matMul(h, hiddenWeights),
      gradFunc: (du) => tf.matMul(du, transposed),
    }));
    let before; // the hidden states before each step, (T*B, H)
    let kept;
    const lossOf = (decoderWeights, decoderBias, ...perStep) => {
      const [projected, candidateBiases] = [perStep.slice(0, steps), perStep.slice(steps)];
      const { hidden, state } = this.unroll(projected, recur, (t) => candidateBiases[t]);
      before = tf.keep(tf.concat(hidden.slice(0, -1)));
      kept = state;
      const logits = tf.add(product(tf.concat(hidden.slice(1)), decoderWeights), decoderBias);
      return tf.losses.softmaxCrossEntropy(this.oneHot(targets), logits);
    };
    const { value, grads } = tf.valueAndGrads(lossOf)([
      ...[decoderWeights, decoderBias],
      ...[...projected, ...candidateBiases],
    ]);

    const [dDecoderWeights, dDecoderBias, ...dSteps] = grads;
    const dx = tf.concat(dSteps.slice(0, steps)); // (T*B, G*H)
    let du = dx;
    if (candidateBias) {
      const [dGates] = tf.split(dx, [2 * this.size, this.size], 1);
      du = tf.concat([dGates, tf.concat(dSteps.slice(steps))], 1);
    }
    const dTable = tf.matMul(tf.transpose(oneHots), dx);
    const dInputBias = tf.sum(dTable, 0);
    const gradients = {
      "rnn.weight_ih_l0": dTable,
      "rnn.weight_hh_l0": tf.matMul(tf.transpose(before), du),
      "rnn.bias_ih_l0": dInputBias,
      "rnn.bias_hh_l0": candidateBias ? tf.sum(du, 0) : dInputBias,
      "decoder.weight": dDecoderWeights,
      "decoder.bias": dDecoderBias,
    };
    before.dispose();
    return { loss: value, gradients, state: kept };
  }
}
