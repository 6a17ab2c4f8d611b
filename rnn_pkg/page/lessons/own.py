"""The network that a person has trained, copied for the lessons."""

import weakref
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from rnn_pkg.engine.cells import OWN
from rnn_pkg.engine.network import Network
from rnn_pkg.look import forgetting
from rnn_pkg.look.gradcheck import (
    network_gradients,
    relative_error,
    sample_of,
    slope,
    smallest_told,
)
from rnn_pkg.look.rehearsal import Rehearsal, rehearse_network, write_network
from rnn_pkg.page.desk import Desk
from rnn_pkg.page.lessons.view import Reader, View

LENGTH = 12
"""So many characters it reads; of forgetting more can be seen."""

STEPS = 20
"""So many steps of training are rehearsed."""

MEASURED = 4
"""So many weights of each parameter are moved to check its gradient."""

NO_RUN = "there is no run yet: train a network under Text first"

OWN_CELL = (
    "the lessons show the equations of the cells that come with this page, and your network has a "
    "cell of your own: train one of the others under Text first"
)


class Frozen:
    """A network as it was when it was first looked at: training goes on with the run's own.

    Attributes:
        reader: a copy of the network, and the first LENGTH characters of the held-out part.
        far_reader: the same, with as many characters as forgetting takes.
    """

    def __init__(self, desk: Desk[Any]) -> None:
        """Copy the network that reads and writes for the person at a desk with a run."""
        run = desk.team.trainer
        if run.config.cell == OWN:
            raise ValueError(OWN_CELL)
        self._run, self._choice = weakref.ref(run), desk.instruments.choice
        network = desk.instruments.network.copy(np.float64)
        name = "held-out" if len(run.held_out_ids) > 1 else "training"
        part = run.held_out_ids if name == "held-out" else run.training_ids
        units = f"{network.hidden_size} hidden units"
        if network.layers > 1:
            units = f"layer {network.layers} of {network.layers} with {units}"
        words = (
            f"your own network ({network.cell.label}, {units}), after step "
            f"{desk.instruments.step:,} of training, at the beginning of the {name} part"
        )
        ids, alphabet = part[: forgetting.STEPS + 1].copy(), run.vocabulary.characters
        self.far_reader = Reader(network, run.config.cell, ids, alphabet, words)
        self.reader = self.far_reader._replace(ids=ids[: LENGTH + 1])
        self._views: dict[tuple[int, ...], View] = {}
        self._rehearsed: dict[tuple[float, float], Rehearsal[Network]] = {}
        self._written: dict[int, str] = {}

    def is_of(self, desk: Desk[Any]) -> bool:
        """Tell whether it is the network that still is chosen at a desk, in the same run."""
        return self._run() is desk.team.trainer and self._choice == desk.instruments.choice

    def view(self, units: Sequence[int]) -> View:
        """Look at some of its units; those that were looked at last are kept."""
        key = tuple(units)
        if key not in self._views:
            self._views = {key: View(self.reader, units)}
        return self._views[key]

    def rehearsed(self, rate: float, clip: float) -> Rehearsal[Network]:
        """Return how a copy learns these characters by heart; the last one is kept."""
        key = (rate, clip)
        if key not in self._rehearsed:
            network, _, ids, *_ = self.reader
            self._rehearsed = {key: rehearse_network(network, ids, rate, clip, STEPS)}
            self._written = {}
        return self._rehearsed[key]

    def written(self, rate: float, clip: float, step: int) -> str:
        """Return what the copy, after so many steps of that, writes after the first character."""
        recorded = self.rehearsed(rate, clip)
        if step not in self._written:
            ids = write_network(recorded.model(step), int(self.reader.ids[0]), LENGTH)
            self._written[step] = "".join(self.reader.alphabet[each] for each in ids)
        return self._written[step]

    @cached_property
    def errors(self) -> dict[str, float]:
        """The relative error of each parameter's gradient, which is measured at its largest entry
        and a few others."""
        network, _, ids, *_ = self.reader
        inputs, targets = ids[:-1, None], ids[1:, None]
        loss, parameters, gradients = network_gradients(network, inputs, targets)
        rng, smallest, errors = np.random.default_rng(0), smallest_told(loss), {}
        for name, gradient in gradients.items():
            places = sample_of(gradient, rng)[:MEASURED]
            measured = np.array([slope(loss, parameters[name], place) for place in places])
            errors[name] = relative_error(gradient.flat[places], measured, smallest)
        return errors
