# LSTM: Hochreiter and Schmidhuber, 1997; forget gate by Gers, 1999.

gates = ("input gate", "forget gate", "candidate", "output gate")
states = ("hidden state", "cell state")


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
    c = sigmoid(f) * c + sigmoid(i) * tanh(g)
    return sigmoid(o) * tanh(c), c


def step_backward(x, state, W, dstate):
    """Of what step returned, dstate; of what it took, dx, dstate and dW."""
    h, c = state
    i, f, g, o = np.split(x + affine(h, W["weight_hh"], W["bias_hh"]), 4, axis=1)
    i, f, g, o = sigmoid(i), sigmoid(f), tanh(g), sigmoid(o)
    tanh_c = tanh(f * c + i * g)
    dh, dc = dstate
    dc = dc + dh * o * (1 - tanh_c * tanh_c)
    da = np.concatenate(
        [
            dc * g * i * (1 - i),
            dc * c * f * (1 - f),
            dc * i * (1 - g * g),
            dh * tanh_c * o * (1 - o),
        ],
        axis=1,
    )
    dW = {"weight_hh": dot(da.T, h.T), "bias_hh": np.sum(da, axis=0)}
    return da, (dot(da, W["weight_hh"].T), dc * f), dW
