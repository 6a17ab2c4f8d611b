# LSTM with peepholes: Gers and Schmidhuber, 2000.

gates = ("input gate", "forget gate", "candidate", "output gate")
states = ("hidden state", "cell state")
parameters = {"weight_peephole": (3, "H")}  # from the cell state to three of the gates


def start(W):
    """A twelfth of the units remember longer at first, and take in little at a time."""
    i, f, _, _ = np.split(W["bias_ih"], 4)
    slow = len(f) // 12
    longer = np.log(np.linspace(128, 2, slow) - 1)
    f[:slow] += longer
    i[:slow] -= longer


def step(x, state, W):
    h, c = state
    i, f, g, o = np.split(x + affine(h, W["weight_hh"], W["bias_hh"]), 4, axis=1)
    p = W["weight_peephole"]
    c = sigmoid(f + p[1] * c) * c + sigmoid(i + p[0] * c) * tanh(g)
    return sigmoid(o + p[2] * c) * tanh(c), c
