/** As its users write it: the library finds the gradients of the whole step. */
class Plain extends Training {
  lossAndGradients(inputs, targets) {
    const { inputWeights, hiddenWeights, decoderWeights, decoderBias } = this.weights();
    let kept;
    const { value, grads } = tf.variableGrads(() => {
      const [bias, candidateBias] = this.biases();
      // tf.gather would take the rows of the weights, but this backend lacks its gradient.
      const oneHots = tf.split(this.oneHot(inputs), this.sequence);
      const { hidden, state } = this.unroll(
        oneHots.map((rows) => tf.add(tf.matMul(rows, inputWeights), bias)),
        (h) => tf.matMul(h, hiddenWeights),
        () => candidateBias,
      );
      kept = state;
      const logits = tf.add(tf.matMul(tf.concat(hidden.slice(1)), decoderWeights), decoderBias);
      return tf.losses.softmaxCrossEntropy(this.oneHot(targets), logits);
    });
    return { loss: value, gradients: grads, state: kept };
  }
}
