"""What PyTorch computed (golden/make.py), computed here."""

from pathlib import Path

import numpy as np
import pytest

from rnn_pkg import Config
from rnn_pkg.engine.cells import CELLS
from rnn_pkg.engine.ends import character_ends
from rnn_pkg.engine.network import Network
from rnn_pkg.engine.optimizers import OPTIMIZERS, clip_by_global_norm

FOLDER = Path(__file__).parent / "golden"
TOLERANCE = {"float32": 1e-5, "float64": 1e-10}


@pytest.fixture(scope="module")
def networks():
    return dict(np.load(FOLDER / "networks.npz"))


@pytest.fixture(scope="module")
def optimizers():
    return dict(np.load(FOLDER / "optimizers.npz"))


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("cell", CELLS)
def test_network(networks, cell, layers, dtype):
    key = f"{cell}/{layers}/{dtype}"

    def golden(name):
        return networks[f"{key}/{name}"]

    config = Config(cell=cell, layers=layers, hidden_size=5)
    network = Network(config, character_ends(7), np.random.default_rng(0), dtype)
    for name in network.parameters:
        network.parameters[name] = golden(f"parameters/{name}")
    states = [golden(f"state/{k}") for k in range(len(network.cell.states))]
    state = [tuple(array[layer] for array in states) for layer in range(layers)]

    tolerance = {"rtol": TOLERANCE[dtype], "atol": TOLERANCE[dtype]}
    logits, after, _ = network.forward(networks["inputs"], state)
    np.testing.assert_allclose(logits, golden("logits"), **tolerance)
    for k in range(len(network.cell.states)):
        stacked = np.stack([layer_state[k] for layer_state in after])
        np.testing.assert_allclose(stacked, golden(f"after/{k}"), **tolerance)

    inputs, targets = networks["inputs"], networks["targets"]
    loss, gradients, _ = network.loss_and_gradients(inputs, targets, state)
    np.testing.assert_allclose(loss, golden("loss"), **tolerance)
    for name, gradient in gradients.items():
        np.testing.assert_allclose(gradient, golden(f"gradients/{name}"), err_msg=name, **tolerance)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizer(optimizers, name):
    parameters = {"x": optimizers["start"].copy()}
    optimizer = OPTIMIZERS[name](parameters)
    steps = zip(optimizers["gradients"], optimizers["rates"], optimizers[name], strict=True)
    for gradient, rate, expected in steps:
        optimizer.step(parameters, {"x": gradient}, float(rate))
        np.testing.assert_allclose(parameters["x"], expected, rtol=1e-10, atol=1e-12)


def test_clipping(optimizers):
    gradients = {str(k): g.copy() for k, g in enumerate(optimizers["gradients"])}
    norm = clip_by_global_norm(gradients, 2.0)
    assert norm == pytest.approx(float(optimizers["norm"]), rel=1e-12)
    np.testing.assert_allclose(np.stack(list(gradients.values())), optimizers["clipped"], rtol=1e-6)
