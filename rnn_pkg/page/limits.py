"""How much memory a run needs, and what a page can give: what is too much is refused beforehand."""

import math

import numpy as np

from rnn_pkg.checks import either
from rnn_pkg.config import Config
from rnn_pkg.engine.cells import CELLS
from rnn_pkg.engine.ends import character_ends
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


def state_bytes(config: Config, vocabulary_size: int, dtype: str = "float32") -> int:
    """Return the size of what a run goes on from: weights, their running mean, the optimizer's
    memory, and the hidden states (layers, B, H) of each learner."""
    weights = sum(parameter_sizes(config, vocabulary_size))
    copies = 1 + bool(config.average) + len(OPTIMIZERS[config.optimizer].memory_names)
    states = config.layers * config.batch_size * config.hidden_size * len(CELLS[config.cell].states)
    return np.dtype(dtype).itemsize * (copies * weights + config.workers * states)


def learners_bytes(config: Config, vocabulary_size: int, dtype: str = "float32") -> int:
    """Return the size of what the learners of a run have of their own, if all of them are in one
    place: one alone changes the run's own arrays."""
    if config.workers == 1:
        return 0
    return config.workers * state_bytes(config.replace(workers=1), vocabulary_size, dtype)


def best_bytes(config: Config, vocabulary_size: int, dtype: str = "float32") -> int:
    """Return the size of the best weights so far, which are kept where some of the text is held
    out."""
    sizes = parameter_sizes(config, vocabulary_size)
    return np.dtype(dtype).itemsize * bool(config.validation) * sum(sizes)


def run_bytes(config: Config, vocabulary_size: int, characters: int, dtype: str = "float32") -> int:
    """Estimate the most memory that a Trainer takes at any moment, without allocating anything.

    Beside its state, the best weights and what learners have of their own there are, for N
    characters read at once in training or on the held-out part, a vocabulary of V, and G gates:

        the gradients, and three arrays of the largest parameter's size, for a moment
        every layer's cache     N H numbers for each gate, twice for each part of the state, once
                                for the gradient that comes from above, and twice for the dropout
        the layer at work       N H numbers, four times for each gate
        the end                 N V numbers: logits, these shifted, exponentials, gradient

    Args:
        config, vocabulary_size, dtype: of the run.
        characters: of its text.

    Returns:
        Bytes; within a factor of two of what is measured, where that is megabytes.
    """
    cell, sizes = CELLS[config.cell], parameter_sizes(config, vocabulary_size)
    trained = config.sequence_length * config.batch_size
    tried = max(config.sequence_length, WARM_UP) * EVALUATION_READERS
    read = max(trained, tried)
    gates, states = len(cell.gates), len(cell.states)
    a_layer = gates + 2 * states + (3 if config.dropout else 1)
    cached = config.layers * a_layer * read * config.hidden_size
    at_work = 4 * gates * read * config.hidden_size
    logits = read * vocabulary_size
    numbers = sum(sizes) + 3 * max(sizes) + cached + max(4 * logits, 2 * logits + at_work)
    state = state_bytes(config, vocabulary_size, dtype)
    state += best_bytes(config, vocabulary_size, dtype)
    state += learners_bytes(config, vocabulary_size, dtype)
    return state + np.dtype(dtype).itemsize * numbers + BYTES_A_CHARACTER * characters


def parameter_sizes(config: Config, vocabulary_size: int) -> list[int]:
    """Return how many numbers each parameter has."""
    return [
        math.prod(shape)
        for shape in parameter_shapes(config, character_ends(vocabulary_size)).values()
    ]


def page_bytes(
    config: Config, vocabulary_size: int, characters: int, dtype: str = "float32"
) -> int:
    """Estimate the most memory that a run takes in a page, where copies of its state are kept to
    rescue it, and one more is being made of it, or a model file, which has the best weights too."""
    state = state_bytes(config, vocabulary_size, dtype)
    file = state + best_bytes(config, vocabulary_size, dtype)
    kept = states_kept(state) * state
    return run_bytes(config, vocabulary_size, characters, dtype) + kept + file


def helper_bytes(config: Config, vocabulary_size: int, characters: int) -> int:
    """Estimate the most memory that a further worker takes, which has one network of the run."""
    return PYTHON_BYTES + run_bytes(config.replace(workers=1), vocabulary_size, characters)


def check_page_text(characters: int) -> None:
    """Raise ValueError if a text has too many characters for a page."""
    if characters > PAGE_CHARACTERS:
        raise ValueError(
            f"the text has {characters:,} characters: this page takes up to {PAGE_CHARACTERS:,}"
        )


def check_page(
    config: Config, vocabulary_size: int, characters: int, dtype: str = "float32"
) -> None:
    """Raise ValueError if a page can't hold this run; the message says what would help.

    Args: as for `run_bytes`.
    """
    check_page_text(characters)
    needed = page_bytes(config, vocabulary_size, characters, dtype)
    if needed <= PAGE_BYTES:
        return
    helpful = [
        words
        for name, words in SMALLER.items()
        if page_bytes(halved(config, name), vocabulary_size, characters, dtype)
        <= WORTHWHILE * needed
    ]
    raise ValueError(
        f"these settings need about {needed / 1e9:.1f} GB with a text of {vocabulary_size:,} "
        f"distinct characters, and the page has {PAGE_BYTES / 1e9:.1f} GB: choose "
        f"{either(helpful) or 'a text with fewer distinct characters'}"
    )


def halved(config: Config, name: str) -> Config:
    """Return a copy with half of a setting, which is at least 1."""
    return config.replace(**{name: max(1, getattr(config, name) // 2)})


def fitted(config: Config, vocabulary_size: int, characters: int) -> Config:
    """Return the settings, or if a page can't hold their run, smaller ones that it can, as far as
    there are any: again and again, half of whatever frees the most memory."""

    def needed(config: Config) -> int:
        return page_bytes(config, vocabulary_size, characters)

    while needed(config) > PAGE_BYTES:
        smaller = min((halved(config, name) for name in SMALLER), key=needed)
        if smaller == config:
            break
        config = smaller
    return config


def check_loaded(config: Config, vocabulary_size: int, characters: int, dtype: str) -> None:
    """Raise ValueError if the run of a model file is too large for a page, and say where to go."""
    try:
        check_page(config, vocabulary_size, characters, dtype)
    except ValueError as error:
        raise ValueError(
            f"This run is too large for the page: {error}. It goes on where the package is "
            "installed natively: rnn_pkg.load in Python."
        ) from error
