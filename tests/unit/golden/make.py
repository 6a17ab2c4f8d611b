"""Make the golden values: what PyTorch computes where rnn_pkg must compute the same.

    pip install torch==2.13.0 numpy && python tests/unit/golden/make.py

writes networks.npz and optimizers.npz beside this file. PyTorch is needed for this only.
"""

from functools import partial
from pathlib import Path

import numpy as np
import torch

FOLDER = Path(__file__).parent
VOCABULARY, HIDDEN, STEPS, BATCH = 7, 5, 6, 3


class Stacked(torch.nn.Module):
    """Layers of a cell that PyTorch doesn't have, by its equations; called and named as torch.nn's.

    A subclass says how many gates there are, how many peepholes, and what a step is.
    """

    gates = 4
    peepholes = 0

    def __init__(self, inputs: int, hidden: int, layers: int) -> None:
        super().__init__()
        self.layers = layers
        rows, bound = self.gates * hidden, hidden**-0.5
        for layer in range(layers):
            shapes = {
                "weight_ih": (rows, hidden if layer else inputs),
                "weight_hh": (rows, hidden),
                "bias_ih": (rows,),
                "bias_hh": (rows,),
            }
            if self.peepholes:
                shapes["weight_peephole"] = (self.peepholes, hidden)
            for name, shape in shapes.items():
                value = torch.empty(shape).uniform_(-bound, bound)
                self.register_parameter(f"{name}_l{layer}", torch.nn.Parameter(value))

    def forward(self, x: torch.Tensor, state: tuple[torch.Tensor, torch.Tensor]) -> tuple:
        ends = []
        for layer in range(self.layers):
            h, c = (part[layer] for part in state)
            w = {
                name.removesuffix(f"_l{layer}"): value
                for name, value in self.named_parameters()
                if name.endswith(f"_l{layer}")
            }
            hidden = []
            for x_t in x:
                a = x_t @ w["weight_ih"].T + w["bias_ih"] + h @ w["weight_hh"].T + w["bias_hh"]
                h, c = self.step(a.chunk(self.gates, dim=-1), c, w)
                hidden.append(h)
            x = torch.stack(hidden)
            ends.append((h, c))
        return x, tuple(torch.stack(part) for part in zip(*ends, strict=True))

    def step(self, a: tuple, c: torch.Tensor, w: dict[str, torch.Tensor]) -> tuple:
        raise NotImplementedError


class Peephole(Stacked):
    """Gers and Schmidhuber (2000)."""

    peepholes = 3

    def step(self, a: tuple, c: torch.Tensor, w: dict[str, torch.Tensor]) -> tuple:
        a_i, a_f, a_g, a_o = a
        p_i, p_f, p_o = w["weight_peephole"]
        after = torch.sigmoid(a_f + p_f * c) * c + torch.sigmoid(a_i + p_i * c) * torch.tanh(a_g)
        return torch.sigmoid(a_o + p_o * after) * torch.tanh(after), after


class Coupled(Stacked):
    """i = 1 - f."""

    gates = 3

    def step(self, a: tuple, c: torch.Tensor, w: dict[str, torch.Tensor]) -> tuple:
        a_f, a_g, a_o = a
        f = torch.sigmoid(a_f)
        after = f * c + (1 - f) * torch.tanh(a_g)
        return torch.sigmoid(a_o) * torch.tanh(after), after


CELLS = {
    "rnn": torch.nn.RNN,
    "lstm": torch.nn.LSTM,
    "gru": torch.nn.GRU,
    "peephole": Peephole,
    "coupled": Coupled,
}
HAS_CELL_STATE = ("lstm", "peephole", "coupled")


class Model(torch.nn.Module):
    """One-hot characters -> stacked cells -> logits, as rnn_pkg's Network."""

    def __init__(self, cell: str, layers: int) -> None:
        super().__init__()
        self.rnn = CELLS[cell](VOCABULARY, HIDDEN, layers)
        self.decoder = torch.nn.Linear(HIDDEN, VOCABULARY)


def networks() -> dict[str, np.ndarray]:
    """Logits, loss, final state and gradients of every cell, 1 to 3 layers, both precisions."""
    values = {}
    generator = torch.Generator().manual_seed(1)
    inputs = torch.randint(VOCABULARY, (STEPS, BATCH), generator=generator)
    targets = torch.randint(VOCABULARY, (STEPS, BATCH), generator=generator)
    values["inputs"], values["targets"] = inputs.numpy(), targets.numpy()
    for dtype in (torch.float32, torch.float64):
        for cell in CELLS:
            for layers in (1, 2, 3):
                torch.manual_seed(layers)
                model = Model(cell, layers).to(dtype)
                shape = (layers, BATCH, HIDDEN)
                h = torch.rand(shape, dtype=dtype) - 0.5
                c = torch.rand(shape, dtype=dtype) - 0.5
                state = (h, c) if cell in HAS_CELL_STATE else h
                one_hot = torch.nn.functional.one_hot(inputs, VOCABULARY).to(dtype)
                hidden, after = model.rnn(one_hot, state)
                logits = model.decoder(hidden)
                loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten())
                loss.backward()
                key = f"{cell}/{layers}/{str(dtype).removeprefix('torch.')}"
                values[f"{key}/state/0"] = h.numpy()
                if cell in HAS_CELL_STATE:
                    values[f"{key}/state/1"] = c.numpy()
                after = after if isinstance(after, tuple) else (after,)
                for k, value in enumerate(after):
                    values[f"{key}/after/{k}"] = value.detach().numpy()
                values[f"{key}/logits"] = logits.detach().numpy()
                values[f"{key}/loss"] = loss.detach().numpy()
                for name, parameter in model.named_parameters():
                    values[f"{key}/parameters/{name}"] = parameter.detach().numpy()
                    values[f"{key}/gradients/{name}"] = parameter.grad.numpy()
    return values


def optimizers() -> dict[str, np.ndarray]:
    """Five steps of each optimizer along given gradients, with a rate that changes."""
    rng = np.random.default_rng(0)
    start, gradients = rng.normal(size=(4, 3)), rng.normal(size=(5, 4, 3))
    rates = np.array([0.1, 0.1, 0.05, 0.05, 0.01])
    values = {"start": start, "gradients": gradients, "rates": rates}
    makers = {
        "sgd": torch.optim.SGD,
        "rmsprop": torch.optim.RMSprop,
        "adam": partial(torch.optim.Adam, betas=(0.9, 0.99)),
    }
    for name, maker in makers.items():
        parameter = torch.nn.Parameter(torch.tensor(start))
        optimizer = maker([parameter], lr=1.0)
        steps = []
        for gradient, rate in zip(gradients, rates, strict=True):
            optimizer.param_groups[0]["lr"] = rate
            parameter.grad = torch.tensor(gradient)
            optimizer.step()
            steps.append(parameter.detach().numpy().copy())
        values[name] = np.stack(steps)
    norms = [torch.tensor(g) for g in gradients]
    leaves = [torch.nn.Parameter(torch.zeros(4, 3, dtype=torch.float64)) for _ in norms]
    for leaf, gradient in zip(leaves, norms, strict=True):
        leaf.grad = gradient.clone()
    values["norm"] = torch.nn.utils.clip_grad_norm_(leaves, 2.0).numpy()
    values["clipped"] = torch.stack([leaf.grad for leaf in leaves]).numpy()
    return values


if __name__ == "__main__":
    np.savez_compressed(FOLDER / "networks.npz", **networks())
    np.savez_compressed(FOLDER / "optimizers.npz", **optimizers())
