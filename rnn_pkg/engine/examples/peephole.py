# LSTM with peepholes: Gers and Schmidhuber, 2000.

gates = ("input gate", "forget gate", "candidate", "output gate")
states = ("hidden state", "cell state")
parameters = {"weight_peephole": (3, "H")}  # from the cell state to three of the gates


def step(x, state, W):
    h, c = state
    i, f, g, o = np.split(x + affine(h, W["weight_hh"], W["bias_hh"]), 4, axis=1)
    p = W["weight_peephole"]
    c = sigmoid(f + p[1] * c) * c + sigmoid(i + p[0] * c) * tanh(g)
    return sigmoid(o + p[2] * c) * tanh(c), c
