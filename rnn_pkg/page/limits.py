"""How much memory a run needs, and what a page can give: what is too much is refused beforehand."""

import math

import numpy as np

from rnn_pkg.checks import either
from rnn_pkg.config import Config
from rnn_pkg.engine.cells import cell_of
from rnn_pkg.engine.ends import Ends
from rnn_pkg.engine.optimizers import OPTIMIZERS
from rnn_pkg.engine.parameters import parameter_shapes
from rnn_pkg.look.reading import WARM_UP
from rnn_pkg.training.evaluation import EVALUATION_READERS
from rnn_pkg.training.rescue import states_kept

PAGE_CHARACTERS = 5_000_000
"""Longest text that a page takes."""

PAGE_BYTES = 1_600_000_000
"""Most memory that a run may need in a page. WebAssembly ends at 4 GB, in which there are also the
run that it takes the place of, and what counting n-grams takes."""

PYTHON_BYTES = 150_000_000
"""What a browser takes for one more Python with NumPy, before it does anything."""

BYTES_A_CHARACTER = 32
"""Of a text: itself, its ids, and what making them takes for a moment."""

BYTES_A_VALUE = 100
"""Of a series: itself, what is read of it and should be said, and what making these takes."""

RACE_STEPS = (1, 100_000)
"""How many steps each run of a race may take, least and most."""

SMALLER = {
    "batch_size": "a smaller batch",
    "sequence_length": "shorter sequences",
    "hidden_size": "fewer hidden units",
    "layers": "fewer layers",
    "workers": "fewer workers",
}
"""What can be done about settings that need too much."""

WORTHWHILE = 0.9
"""A setting is to blame if half of it would leave so much of the need at most."""


def state_bytes(config: Config, ends: Ends, dtype: str = "float32") -> int:
    """Return the size of what a run goes on from: weights, their running mean, the optimizer's
    memory, and the hidden states (layers, B, H) of each learner."""
    weights = sum(parameter_sizes(config, ends))
    copies = 1 + bool(config.average) + len(OPTIMIZERS[config.optimizer].memory_names)
    cell = cell_of(config.cell, config.cell_source)
    states = config.layers * config.batch_size * config.hidden_size * len(cell.states)
    return np.dtype(dtype).itemsize * (copies * weights + config.workers * states)


def learners_bytes(config: Config, ends: Ends, dtype: str = "float32") -> int:
    """Return the size of what the learners of a run have of their own, if all of them are in one
    place: one alone changes the run's own arrays."""
    if config.workers == 1:
        return 0
    return config.workers * state_bytes(config.replace(workers=1), ends, dtype)


def best_bytes(config: Config, ends: Ends, dtype: str = "float32") -> int:
    """Return the size of the best weights so far, which are kept where some of the text is held
    out."""
    sizes = parameter_sizes(config, ends)
    return np.dtype(dtype).itemsize * bool(config.validation) * sum(sizes)


def run_bytes(config: Config, ends: Ends, size: int, dtype: str = "float32") -> int:
    """Estimate the most memory that a Trainer takes at any moment, without allocating anything.

    Beside its state, the best weights and what learners have of their own there are, for N
    characters or values read at once in training or on the held-out part, outputs of length O (of
    a text, one for each distinct character), and G gates:

        the gradients, and three arrays of the largest parameter's size, for a moment
        every layer's cache     N H numbers for each gate, twice for each part of the state, once
                                for the gradient that comes from above, and twice for the dropout
        the layer at work       N H numbers, four times for each gate
        the end                 N O numbers: outputs, these shifted, exponentials, gradient

    Args:
        config, ends, dtype: of the run.
        size: of what it learns, in characters or values.

    Returns:
        Bytes; within a factor of two of what is measured, where that is megabytes.
    """
    cell, sizes = cell_of(config.cell, config.cell_source), parameter_sizes(config, ends)
    trained = config.sequence_length * config.batch_size
    tried = max(config.sequence_length, WARM_UP) * EVALUATION_READERS
    read = max(trained, tried)
    gates, states = len(cell.gates), len(cell.states)
    a_layer = gates + 2 * states + (3 if config.dropout else 1)
    cached = config.layers * a_layer * read * config.hidden_size
    at_work = 4 * gates * read * config.hidden_size
    outputs = read * ends.outputs
    numbers = sum(sizes) + 3 * max(sizes) + cached + max(4 * outputs, 2 * outputs + at_work)
    state = state_bytes(config, ends, dtype)
    state += best_bytes(config, ends, dtype)
    state += learners_bytes(config, ends, dtype)
    data = (BYTES_A_CHARACTER if ends.one_hot else BYTES_A_VALUE) * size
    return state + np.dtype(dtype).itemsize * numbers + data


def parameter_sizes(config: Config, ends: Ends) -> list[int]:
    """Return how many numbers each parameter has."""
    return [math.prod(shape) for shape in parameter_shapes(config, ends).values()]


def page_bytes(config: Config, ends: Ends, size: int, dtype: str = "float32") -> int:
    """Estimate the most memory that a run takes in a page, where copies of its state are kept to
    rescue it, and one more is being made of it, or a model file, which has the best weights too."""
    state = state_bytes(config, ends, dtype)
    file = state + best_bytes(config, ends, dtype)
    kept = states_kept(state) * state
    return run_bytes(config, ends, size, dtype) + kept + file


def helper_bytes(config: Config, ends: Ends, size: int, dtype: str = "float32") -> int:
    """Estimate the most memory that a further worker takes, which has one network of the run."""
    return PYTHON_BYTES + run_bytes(config.replace(workers=1), ends, size, dtype)


def check_page_size(size: int, what: str = "the text has {} characters") -> None:
    """Raise ValueError if a text, or what else it is called, is too long for a page."""
    if size > PAGE_CHARACTERS:
        raise ValueError(f"{what.format(f'{size:,}')}: this page takes up to {PAGE_CHARACTERS:,}")


def check_page(
    config: Config, ends: Ends, size: int, dtype: str = "float32", runs: int = 1
) -> None:
    """Raise ValueError if a page can't hold this run; the message says what would help.

    Args: as for `run_bytes`, and of the runs that there are of this kind, only one is trained.
    """
    if ends.one_hot:
        check_page_size(size)
    else:
        check_page_size(size, "the series has {} values")

    def in_all(config: Config) -> int:
        kept = state_bytes(config, ends, dtype) + best_bytes(config, ends, dtype)
        return page_bytes(config, ends, size, dtype) + (runs - 1) * kept

    needed = in_all(config)
    if needed <= PAGE_BYTES:
        return
    helpful = [
        words
        for name, words in SMALLER.items()
        if in_all(halved(config, name)) <= WORTHWHILE * needed
    ]
    of_text = f" with a text of {ends.inputs:,} distinct characters" if ends.one_hot else ""
    otherwise = "a text with fewer distinct characters" if ends.one_hot else "a shorter series"
    raise ValueError(
        f"these settings need about {needed / 1e9:.1f} GB{of_text}, and the page has "
        f"{PAGE_BYTES / 1e9:.1f} GB: choose {either(helpful) or otherwise}"
    )


def halved(config: Config, name: str) -> Config:
    """Return a copy with half of a setting, which is at least 1."""
    return config.replace(**{name: max(1, getattr(config, name) // 2)})


def fitted(config: Config, ends: Ends, size: int) -> Config:
    """Return the settings, or if a page can't hold their run, smaller ones that it can, as far as
    there are any: again and again, half of whatever frees the most memory."""

    def needed(config: Config) -> int:
        return page_bytes(config, ends, size)

    while needed(config) > PAGE_BYTES:
        smaller = min((halved(config, name) for name in SMALLER), key=needed)
        if smaller == config:
            break
        config = smaller
    return config


def check_loaded(config: Config, ends: Ends, size: int, dtype: str) -> None:
    """Raise ValueError if the run of a model file is too large for a page, and say where to go."""
    try:
        check_page(config, ends, size, dtype)
    except ValueError as error:
        raise ValueError(
            f"This run is too large for the page: {error}. It goes on where the package is "
            "installed natively: rnn_pkg.load in Python."
        ) from error
