"""The peer natively: PyTorch trains the same network, from the same weights, on one thread."""

from __future__ import annotations

import torch

from rnn_pkg.engine.optimizers import BETAS
from tests.bench import speed

torch.set_num_threads(1)

LAYERS = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}


def begin(
    way: str, cell: str, hidden_size: int, batch_size: int, sequence_length: int
) -> list[float]:
    """Begin a training and warm up, see speed.begin; speed.run goes on with it."""
    ours = speed.trainer(cell, hidden_size, batch_size, sequence_length)
    size = len(ours.vocabulary)
    rnn, decoder = LAYERS[cell](size, hidden_size), torch.nn.Linear(hidden_size, size)
    model = torch.nn.ModuleDict({"rnn": rnn, "decoder": decoder})
    weights = ours.model.torch_state_dict()
    model.load_state_dict({name: torch.from_numpy(value) for name, value in weights.items()})
    rate = ours.config.learning_rate
    adam = torch.optim.Adam(model.parameters(), rate, BETAS, fused=True)
    state = None

    def step() -> float:
        nonlocal state
        inputs, targets = map(torch.from_numpy, ours.streams.next())
        hidden, state = rnn(torch.nn.functional.one_hot(inputs, size).float(), state)
        state = tuple(s.detach() for s in state) if cell == "lstm" else state.detach()
        loss = torch.nn.functional.cross_entropy(decoder(hidden).flatten(0, 1), targets.flatten())
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), ours.config.clip)
        adam.step()
        return float(loss.item())

    speed.steps[way] = step
    return speed.warm_up(way)


def version() -> str:
    return str(torch.__version__)
