# A GRU with a fault to find: what does "Check the cell" say?

gates = ("reset gate", "update gate", "candidate")


def step(x, state, W):
    (h,) = state
    x_r, x_z, x_n = np.split(x, 3, axis=1)
    u_r, u_z, u_n = np.split(affine(h, W["weight_hh"], W["bias_hh"]), 3, axis=1)
    r, z = sigmoid(x_r + u_r), sigmoid(x_z + u_z)
    n = tanh(x_n + r * u_n)
    return (n + z * (h - n),)


def step_backward(x, state, W, dstate):
    (h,), (dh,) = state, dstate
    x_r, x_z, x_n = np.split(x, 3, axis=1)
    u_r, u_z, u_n = np.split(affine(h, W["weight_hh"], W["bias_hh"]), 3, axis=1)
    r, z = sigmoid(x_r + u_r), sigmoid(x_z + u_z)
    n = tanh(x_n + r * u_n)
    da_z = dh * (h - n) * z * (1 - z)
    da_n = dh * (1 - z) * (1 - n * n)
    da_r = da_n * u_n * r * (1 - r)
    da = np.concatenate([da_r, da_z, da_n], axis=1)
    du = np.concatenate([da_r, da_z, da_n * r], axis=1)
    dW = {"weight_hh": dot(du.T, h.T), "bias_hh": np.sum(du, axis=0)}
    return da, (dot(du, W["weight_hh"].T),), dW
