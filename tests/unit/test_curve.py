"""The loss curve stays small and keeps the means."""

import dataclasses

import numpy as np
import pytest

from rnn_pkg.training.curve import POINTS, Curve
from rnn_pkg.training.restoring import check_curve


def test_a_long_run_keeps_few_points_and_the_right_means():
    curve, losses = Curve(), np.random.default_rng(0).random(10 * POINTS)
    for step, loss in enumerate(losses.tolist(), start=1):
        curve.add(step, loss, 100.0 + step if step % 50 == 0 else None)
    assert POINTS / 2 <= len(curve.step) < POINTS
    assert curve.span == 16
    assert curve.step == list(range(16, 16 * len(curve.step) + 1, 16))
    means = losses[: 16 * len(curve.step)].reshape(-1, 16).mean(axis=1)
    np.testing.assert_allclose(curve.train, means)
    for step, validation in zip(curve.step, curve.validation, strict=True):
        measured = [s for s in range(step - 15, step + 1) if s % 50 == 0]
        assert validation == (100.0 + measured[-1] if measured else None)


def test_a_curve_survives_a_dict():
    curve = Curve()
    for step in range(1, POINTS + 4):
        curve.add(step, 1.0, None)
    again = Curve(**dataclasses.asdict(curve))
    check_curve(again, steps=POINTS + 3)
    assert again == curve
    curve.add(1, 2.0, 3.0)
    again.add(1, 2.0, 3.0)
    assert again == curve


@pytest.mark.parametrize(
    "change",
    [
        {"step": [1, 2]},
        {"step": [2]},
        {"span": 2},
        {"train": "x"},
        {"train": [1]},
        {"validation": ["y"]},
        {"span": 0},
        {"span": "1"},
        {"pending": [1.0]},
    ],
)
def test_what_is_no_curve_is_refused(change):
    curve = Curve()
    curve.add(1, 1.0, None)
    changed = Curve(**dataclasses.asdict(curve) | change)
    with pytest.raises(ValueError, match="loss curve"):
        check_curve(changed, steps=1)
