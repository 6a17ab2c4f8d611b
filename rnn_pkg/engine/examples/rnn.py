# Recurrent network: Elman, 1990.

gates = ("hidden state",)  # for each of these, x has H columns


def step(x, state, W):
    """Make h_t of x_t (B, H) and h_{t-1} (B, H)."""
    (h,) = state
    return (tanh(x + affine(h, W["weight_hh"], W["bias_hh"])),)
