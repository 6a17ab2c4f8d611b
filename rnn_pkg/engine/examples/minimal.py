# Minimal gated unit: Zhou et al., 2016.

gates = ("forget gate", "candidate")


def step(x, state, W):
    (h,) = state
    x_f, x_n = np.split(x, 2, axis=1)
    W_f, W_n = np.split(W["weight_hh"], 2)
    b_f, b_n = np.split(W["bias_hh"], 2)
    f = sigmoid(x_f + affine(h, W_f, b_f))  # how much is new, and how much of h the candidate sees
    n = tanh(x_n + affine(f * h, W_n, b_n))
    return (h + f * (n - h),)
