# GRU: Cho et al., 2014.

gates = ("reset gate", "update gate", "candidate")


def step(x, state, W):
    (h,) = state
    x_r, x_z, x_n = np.split(x, 3, axis=1)
    u_r, u_z, u_n = np.split(affine(h, W["weight_hh"], W["bias_hh"]), 3, axis=1)
    r = sigmoid(x_r + u_r)  # how much of the state before the candidate sees
    z = sigmoid(x_z + u_z)  # how much of it is kept
    n = tanh(x_n + r * u_n)
    return (n + z * (h - n),)
