"""Looking ahead in a series: a network's forecast is fed back to it as if it had come true."""

from typing import NamedTuple

import numpy as np

from rnn_pkg.engine.loss import LOG_VARIANCE
from rnn_pkg.engine.network import Network, NetworkState
from rnn_pkg.tasks.numbers import Numbers
from rnn_pkg.tasks.parts import Origins, Values, bridged, histories
from rnn_pkg.tasks.slices import Work, finished

READ = 2000
"""Of what is before the first place, only so many values are read, and what a forecast needs beside
them: no network's state knows of earlier ones, and to read a long series takes seconds."""


class Paths(NamedTuple):
    """How a series may go on from some places, in its own units.

    Attributes:
        central: (K, H), from each of K places, where each step is the mean that the network says.
        sampled: (K, H, P), ways that chance may lead, each step drawn from what the network says.
    """

    central: Values
    sampled: Values


def look_ahead(
    numbers: Numbers,
    network: Network,
    values: Values,
    origins: Origins,
    horizon: int,
    sampled: int = 0,
    rng: np.random.Generator | None = None,
) -> Paths:
    """Forecast from several places of a series at once: see `looking_ahead`."""
    return finished(looking_ahead(numbers, network, values, origins, horizon, sampled, rng))


def looking_ahead(
    numbers: Numbers,
    network: Network,
    values: Values,
    origins: Origins,
    horizon: int,
    sampled: int = 0,
    rng: np.random.Generator | None = None,
) -> Work[Paths]:
    """Forecast from several places of a series at once, having read up to one after the other.

    Args:
        numbers: the task that the network has learned.
        values: (n,), in the series' own units, NaN where one is missing; they need not be those
            that were learned.
        origins: at 7, the first 7 values are known. They grow.
        horizon: H, how many steps ahead.
        sampled: P, how many ways to draw.
        rng: draws them.
    """
    start = _first_read(values, origins, numbers.memory)
    values, origins = values[start:], origins - start
    levels = numbers.forward(values)
    said, states = yield from _read(numbers, network, levels, origins)
    ways = 1 + sampled  # the first without chance
    said = np.repeat(said, ways, axis=0)  # (K * P', O), P' with the first
    state = [tuple(np.repeat(part, ways, axis=0) for part in layer) for layer in states]
    recent = histories(levels, origins, numbers.memory).T  # (memory, K)
    recent = np.repeat(recent, ways, axis=1)
    chance = np.zeros((horizon, len(origins), ways))
    if sampled and rng is not None:
        chance[..., 1:] = rng.standard_normal((horizon, len(origins), sampled))
    made = []
    for step in range(horizon):
        if step > 0:
            inputs = numbers.read(recent)[-1:]
            outputs, state, _ = network.forward(inputs.astype(network.dtype), state)
            said = outputs[0].astype(np.float64)
        drawn = said[:, 0] + spread_of(said) * chance[step].reshape(-1)
        made.append(numbers.add(recent, drawn))
        recent = np.concatenate([recent[1:], made[-1][None]])
    ahead = numbers.back(np.stack(made)).reshape(horizon, len(origins), ways).swapaxes(0, 1)
    return Paths(ahead[..., 0], ahead[..., 1:])


def _first_read(values: Values, origins: Origins, memory: int) -> int:
    """Return the place of the first value that is read: 0, or some before the first origin, with
    one among them that is known."""
    start = max(0, int(origins[0]) - READ - memory)
    return start if not np.isnan(values[start : origins[0]]).all() else 0


def spread_of(said: Values) -> Values:
    """Return the standard deviation that the network says, (...), given what it says (..., O): 1 if
    it says none, which is that of what it learned from."""
    if said.shape[-1] == 1:
        return np.ones(said.shape[:-1])
    return np.exp(said[..., 1].clip(-LOG_VARIANCE, LOG_VARIANCE) / 2)


def _read(
    numbers: Numbers, network: Network, levels: Values, origins: Origins
) -> Work[tuple[Values, NetworkState]]:
    """Read a series once, and return what is said at each origin (K, O), and the states there.

    What is missing is bridged by a straight line, which before an origin would end at a value that
    comes only later: from there, all is read once more as it is known.
    """
    state, start = network.initial_state(1), 0
    said, states = list[Values](), list[NetworkState]()
    inputs = numbers.inputs(bridged(levels))[:, None].astype(network.dtype)  # (n, 1, I)
    for place, origin in enumerate(origins, start=1):
        if np.isnan(levels[origin - 1]):
            known = numbers.inputs(bridged(levels[:origin]))[:, None].astype(network.dtype)
            outputs, there, _ = network.forward(known)
        else:
            outputs, there, _ = network.forward(inputs[start:origin], state)
            start, state = origin, there
        said.append(outputs[-1, 0])
        states.append(there)
        yield place / len(origins)
    together = [
        tuple(
            np.concatenate([each[layer][part] for each in states])
            for part in range(len(states[0][layer]))
        )
        for layer in range(network.layers)
    ]
    return np.stack(said).astype(np.float64), together
