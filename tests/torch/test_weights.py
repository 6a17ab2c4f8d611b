"""The weights of a run load into torch.nn unchanged, and give the same logits."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from rnn_pkg import Config
from rnn_pkg.engine.ends import character_ends
from rnn_pkg.engine.network import Network

KINDS = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}


@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("cell", KINDS)
def test_weights_move_to_torch(cell: str, layers: int) -> None:
    size, vocabulary = 16, 11
    network = Network(
        Config(cell=cell, layers=layers, hidden_size=size),
        character_ends(vocabulary),
        np.random.default_rng(0),
    )
    rnn, decoder = KINDS[cell](vocabulary, size, layers), torch.nn.Linear(size, vocabulary)
    model = torch.nn.ModuleDict({"rnn": rnn, "decoder": decoder})
    weights = network.torch_state_dict()
    model.load_state_dict({name: torch.from_numpy(array) for name, array in weights.items()})
    ids = np.random.default_rng(1).integers(0, vocabulary, (20, 4))
    one_hot = torch.nn.functional.one_hot(torch.from_numpy(ids), vocabulary).float()
    expected = decoder(rnn(one_hot)[0]).detach().numpy()
    np.testing.assert_allclose(network.forward(ids)[0], expected, rtol=1e-5, atol=1e-5)
