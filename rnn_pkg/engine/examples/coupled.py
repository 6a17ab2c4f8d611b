# LSTM with coupled gates: Greff et al., 2017.

gates = ("forget gate", "candidate", "output gate")
states = ("hidden state", "cell state")


def step(x, state, W):
    h, c = state
    f, g, o = np.split(x + affine(h, W["weight_hh"], W["bias_hh"]), 3, axis=1)
    f, g = sigmoid(f), tanh(g)
    c = g + f * (c - g)  # it takes in as much as it forgets
    return sigmoid(o) * tanh(c), c
