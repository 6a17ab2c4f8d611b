"""Every SIMD kernel against the NumPy function it replaces: in Pyodide, where the kernels are.

The file's name keeps pytest from collecting it natively; tests/page/test_in_pyodide.py runs it.
"""

import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

import rnn_pkg
from rnn_pkg import Config, Trainer
from rnn_pkg.engine import backend, linalg, optimizers
from rnn_pkg.engine.cells import CELLS
from rnn_pkg.engine.loss import cross_entropy
from rnn_pkg.training.trainer import TrainingError

TOLERANCE = 1e-5
SIZES = (1, 2, 3, 4, 5, 7, 8, 9, 16, 31, 33, 64, 100)
NATIVE_LOSSES = "NATIVE_LOSSES"
"""The environment variable that holds what each cell's loss is natively, as JSON."""

TEXT = "one two buckle my shoe\nthree four knock at the door\n" * 30


def floats(rng: np.random.Generator, *shape: int) -> Any:
    return rng.normal(size=shape).astype(np.float32)


def assert_close(kernel: Any, reference: Any) -> None:
    """Equal to 1e-5 of the largest value: sums are added up in another order."""
    assert kernel.dtype == reference.dtype
    assert kernel.shape == reference.shape
    np.testing.assert_allclose(
        kernel, reference, rtol=TOLERANCE, atol=TOLERANCE * np.abs(reference).max(initial=0)
    )


@contextmanager
def numpy_alone() -> Iterator[None]:
    """Compute without the kernels meanwhile."""
    kernels = backend.layers()["kernels"]
    backend.take_off("kernels")
    try:
        yield
    finally:
        backend.put_on("kernels", kernels)


def test_all_functions_are_replaced() -> None:
    assert sorted(backend.layers()["kernels"]) == backend.names()


@pytest.mark.parametrize("seed", range(60))
def test_products_of_any_shape_and_layout(seed: int) -> None:
    rng = np.random.default_rng(seed)
    m, k, n = (int(size) for size in rng.choice(SIZES, 3))
    if seed % 4 == 0:
        k = int(rng.integers(250, 1100))  # more than one block
    a, b = floats(rng, m, k), floats(rng, n, k)
    expected = linalg.dot.reference(a, b)
    assert_close(linalg.dot(a, b), expected)
    assert_close(linalg.dot(np.asfortranarray(a), b), expected)
    assert_close(linalg.dot(a, np.asfortranarray(b)), expected)
    bias = floats(rng, n)
    assert_close(linalg.affine(a, b, bias), linalg.affine.reference(a, b, bias))
    wide = floats(rng, m, 2 * k)
    assert_close(linalg.dot(wide[:, ::2], b), linalg.dot.reference(wide[:, ::2], b))


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("cell", CELLS)
def test_cells(cell: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    steps, batch, size = (int(number) for number in rng.choice(SIZES[:10], 3))
    functions = CELLS[cell]
    rows = len(functions.gates) * size
    # Weights small enough that a rounding error fades through time rather than grows, and arguments
    # small enough that 1 - tanh^2 doesn't cancel to little more than one.
    weights = {
        name: floats(rng, *parameter.shape(size, size)) / (2 * size**0.5)
        for name, parameter in functions.parameters.items()
    }
    projected = floats(rng, steps, batch, rows) / 2
    state = tuple(floats(rng, batch, size) for _ in functions.states)
    dhidden = floats(rng, steps, batch, size)
    dstate = tuple(floats(rng, batch, size) for _ in functions.states)

    def run() -> list[Any]:
        hidden, after, cache = functions.forward(projected, weights, state)
        dprojected, gradients, dfirst = functions.backward(cache, dhidden, dstate)
        return [hidden, *after, dprojected, *gradients.values(), *dfirst]

    with numpy_alone():
        expected = run()
    for kernel, reference in zip(run(), expected, strict=True):
        assert_close(kernel, reference)


@pytest.mark.parametrize("size", SIZES)
def test_one_step_of_a_cell_is_exact(size: int) -> None:
    rng = np.random.default_rng(size)
    for functions in CELLS.values():
        rows = len(functions.gates) * size
        weights = {
            name: floats(rng, *parameter.shape(size, size)) / size
            for name, parameter in functions.parameters.items()
        }
        projected = floats(rng, 1, 3, rows) * 10
        state = tuple(floats(rng, 3, size) for _ in functions.states)
        hidden, after, _ = functions.forward(projected, weights, state)
        with numpy_alone():
            expected_hidden, expected_after, _ = functions.forward(projected, weights, state)
        np.testing.assert_allclose(hidden, expected_hidden, rtol=0, atol=1e-6)
        for kernel, reference in zip(after, expected_after, strict=True):
            np.testing.assert_allclose(kernel, reference, rtol=0, atol=2e-6)


def test_activations_of_extreme_arguments() -> None:
    x = np.array([-1e30, -1000, -100, -88, -20, -1e-3, 0, 1e-3, 20, 88, 100, 1000, 1e30], "f4")
    weights = {"weight_hh": np.zeros((len(x), len(x)), "f4"), "bias_hh": np.zeros(len(x), "f4")}
    hidden, _, _ = CELLS["rnn"].forward(x[None, None], weights, (np.zeros((1, len(x)), "f4"),))
    np.testing.assert_allclose(hidden[0, 0], np.tanh(x), rtol=0, atol=1e-6)


@pytest.mark.parametrize("cell", CELLS)
def test_what_is_not_a_number_is_not_made_one(cell: str) -> None:
    trainer = Trainer(TEXT, Config.for_text(TEXT, cell=cell, hidden_size=8))
    trainer.model.parameters["rnn.weight_hh_l0"][0, 0] = np.nan
    with pytest.raises(TrainingError, match="no longer a number"):
        trainer.step()


@pytest.mark.parametrize("vocabulary", SIZES)
def test_cross_entropy(vocabulary: int) -> None:
    rng = np.random.default_rng(vocabulary)
    logits, targets = 5 * floats(rng, 3, 4, vocabulary), rng.integers(0, vocabulary, (3, 4))
    before = logits.copy()
    loss, dlogits = cross_entropy(logits, targets)
    expected_loss, expected = cross_entropy.reference(logits, targets)
    np.testing.assert_array_equal(logits, before)
    assert loss == pytest.approx(expected_loss, rel=TOLERANCE, abs=1e-6)
    np.testing.assert_allclose(dlogits, expected, rtol=TOLERANCE, atol=1e-7)


@pytest.mark.parametrize("columns", SIZES)
def test_rows(columns: int) -> None:
    rng = np.random.default_rng(columns)
    weight, bias = floats(rng, columns, 11), floats(rng, columns)
    ids = rng.integers(linalg.NOTHING, 11, (4, 5))
    assert_close(linalg.look_up(weight, bias, ids), linalg.look_up.reference(weight, bias, ids))
    rows, flat = floats(rng, 20, columns), ids.reshape(-1)
    gradients = linalg.look_up_gradients(rows, flat, 11)
    expected = linalg.look_up_gradients.reference(rows, flat, 11)
    for kernel, reference in zip(gradients, expected, strict=True):
        assert_close(kernel, reference)
    assert_close(linalg.column_sums(rows), linalg.column_sums.reference(rows))


@pytest.mark.parametrize("size", SIZES)
def test_adam(size: int) -> None:
    rng = np.random.default_rng(size)
    parameter, gradient, mean = floats(rng, 3, size)
    square = floats(rng, size) ** 2
    expected = [array.copy() for array in (parameter, mean, square)]
    optimizers.adam_update.reference(expected[0], gradient, expected[1], expected[2], 0.01, 1.5)
    optimizers.adam_update(parameter, gradient, mean, square, 0.01, 1.5)
    for kernel, reference in zip((parameter, mean, square), expected, strict=True):
        assert_close(kernel, reference)


@pytest.mark.parametrize("size", SIZES)
def test_move_towards(size: int) -> None:
    average, value = floats(np.random.default_rng(size), 2, size)
    expected = average.copy()
    optimizers.move_towards.reference(expected, value, 0.3)
    optimizers.move_towards(average, value, 0.3)
    assert_close(average, expected)


@pytest.mark.parametrize("size", [*SIZES, 100_001])
def test_sum_of_squares(size: int) -> None:
    numbers = floats(np.random.default_rng(size), size)
    expected = optimizers.sum_of_squares.reference(numbers)
    assert optimizers.sum_of_squares(numbers) == pytest.approx(expected, rel=1e-6)
    every_other = np.repeat(numbers, 2)[::2]
    assert optimizers.sum_of_squares(every_other) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("cell", CELLS)
def test_float64_goes_to_numpy(cell: str) -> None:
    config = Config.for_text(TEXT, cell=cell, hidden_size=8, layers=2)
    trainer = Trainer(TEXT, config, dtype=np.float64)
    with numpy_alone():
        expected = Trainer(TEXT, config, dtype=np.float64)
        expected.train(steps=3)
    assert trainer.train(steps=3) == expected.metrics


def test_a_growing_memory_does_not_disturb_the_kernels() -> None:
    configs = [Config.for_text(TEXT, cell=cell, hidden_size=24) for cell in CELLS]
    runs = [(Trainer(TEXT, config), Trainer(TEXT, config)) for config in configs]
    held = []
    for _ in range(4):
        held.append(np.ones(16_000_000, np.float32))  # 64 MB: the memory must grow
        assert all(first.step() == second.step() for first, second in runs)
    assert all(array[-1] == 1 for array in held)


def loss_after_two_hundred_steps(cell: str) -> float:
    config = Config.for_text(TEXT, cell=cell, hidden_size=32, learning_rate=1e-3)
    return Trainer(TEXT, config).train(steps=200).smooth_loss


@pytest.mark.parametrize("cell", CELLS)
def test_two_hundred_steps_end_at_the_same_loss(cell: str) -> None:
    """As natively, where NumPy takes far less time for so many."""
    native = json.loads(os.environ[NATIVE_LOSSES])
    assert loss_after_two_hundred_steps(cell) == pytest.approx(native[cell], rel=0.01)


def test_a_run_moves_between_the_engines() -> None:
    trainer = Trainer(TEXT, Config.for_text(TEXT, hidden_size=16))
    trainer.train(steps=5)
    file = io.BytesIO()
    trainer.save(file)
    expected = trainer.train(steps=5)
    with numpy_alone():
        metrics = rnn_pkg.load(file).train(steps=5)
    assert metrics.step == expected.step == 10
    assert metrics.train_loss == pytest.approx(expected.train_loss, rel=1e-3)
