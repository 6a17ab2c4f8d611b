"""Taking a run elsewhere: its weights for other programs, and a program that repeats it."""

import itertools
import json
import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rnn_pkg.engine.cells import OWN
from rnn_pkg.engine.network import Network
from rnn_pkg.training.trainer import Trainer

LONGEST_TEXT = 100_000
"""A text of more characters doesn't stand in the program; it takes it from the model file."""

LONGEST_SERIES = 5_000
"""Nor does a series of more values."""

A_LINE = 6
"""So many values of a series stand in a line of the program."""

START = "start.npz"
"""What the program calls the model file of the network that the run began with."""

SAFETENSORS_MISSING = (
    "writing .safetensors needs the safetensors library: pip install 'rnn_pkg[export]'"
)


def export(
    trainer: Trainer,
    path: str | os.PathLike[str],
    model: str = "model.npz",
    network: Network | None = None,
) -> None:
    """Write what the file's ending asks for: `.safetensors` or `.py`.

    Args:
        trainer: the run.
        path: of the new file.
        model: for a program, see `script`.
        network: whose weights; None is `trainer.best`.

    Raises:
        ValueError: it is another ending, or the safetensors library is not installed.
        OSError: the file can't be written.
    """
    path = Path(path)
    if path.suffix == ".safetensors":
        write_safetensors(trainer, path, network)
    elif path.suffix == ".py":
        path.write_text(script(trainer, model), "utf-8")
    else:
        raise ValueError(f"the file must end in .safetensors or .py, not {path.name!r}")


def write_safetensors(trainer: Trainer, path: Path, network: Network | None = None) -> None:
    """Write the weights of a network, or else of `trainer.best`, under the names of torch.nn.

    Its metadata has what a program needs to use them, in JSON: "config"; and, of a text,
    "vocabulary", the characters in the order of their numbers; of a series, how "inputs" and
    "outputs" are scaled.

    Raises:
        ValueError: the safetensors library is not installed.
    """
    try:
        from safetensors.numpy import save_file
    except ImportError:
        raise ValueError(SAFETENSORS_MISSING) from None
    plain = {"config": trainer.config.as_dict(), **trainer.task.needed}
    metadata = {"format": "pt"} | {name: json.dumps(value) for name, value in plain.items()}
    save_file((network or trainer.best).torch_state_dict(), path, metadata)


def script(trainer: Trainer, model: str = "model.npz") -> str:
    """Return a program that repeats the run: what it learns, settings, steps, learning rates.

    Natively it gives the same numbers each time; beside the page's, or PyTorch's, they differ in
    the last digits, for sums are taken in another order, and in time that grows.

    Args:
        model: the model file, from which is taken what is too long to stand in the program.
    """
    (_, rate), (_, batch_size) = trainer.rates[0], trainer.batch_sizes[0]
    config = trainer.config.replace(learning_rate=rate, batch_size=batch_size)
    settings = [f"    {name}={value!r}," for name, value in config.as_dict().items()]
    task, words = trainer.task, trainer.task.words
    described = (
        f"{trainer.model.cell.label}, {config.hidden_size} hidden units, {trainer.steps:,} steps "
        f"on {task.whole.size:,} {words.parts}."
    )
    return "\n".join(
        [
            '"""Repeats a run of RNN Playground.',
            "",
            described,
            "It needs Python 3.11 or newer, and the package: pip install rnn_pkg. Called with",
            "--pytorch, it trains by PyTorch, on a GPU if there is one: that is rnn_pkg[torch].",
            '"""',
            "",
            "import sys",
            "",
            "import rnn_pkg",
            "",
            *DATA[task.kind](trainer, model),
            "",
            "config = rnn_pkg.Config(",
            *settings,
            ")",
            *_beginning(trainer),
            *TRAIN,
            *_training(trainer),
            "",
            'trainer.save("repeated.npz")',
            "loss = trainer.evaluate(network=trainer.best)",
            f'print(f"Loss on the held-out part: {{loss}} {words.unit}")',
            *USE[task.kind],
            "",
        ]
    )


def _text(trainer: Trainer, model: str) -> list[str]:
    """Return the lines that give the text."""
    text = trainer.text
    if len(text) > LONGEST_TEXT:
        return _taken(trainer, model)
    return ["TEXT = (", *(f"    {line!r}" for line in text.splitlines(keepends=True)), ")"]


def _taken(trainer: Trainer, model: str) -> list[str]:
    """Return the lines that take a text or a series from the model file."""
    data = trainer.task.words.data
    return [
        f"# The {data} is too long to stand here; the saved model has it.",
        f"{data.upper()} = {_loaded(trainer, model)}.{data}",
    ]


def _loaded(trainer: Trainer, model: str) -> str:
    """Return what loads a run of this one's cell; the program runs its source anyway."""
    unasked = ", run_source=True" if trainer.config.cell == OWN else ""
    return f"rnn_pkg.load({model!r}{unasked})"


def _series(trainer: Trainer, model: str) -> list[str]:
    """Return the lines that give the series."""
    series = trainer.series
    if len(series) > LONGEST_SERIES:
        return _taken(trainer, model)
    values = [None if math.isnan(value) else value for value in series.values.tolist()]
    lines = ["SERIES = rnn_pkg.Series(", *_list(values)]
    if series.dates is not None:
        dates = [str(date).removesuffix("T00:00:00.000") for date in series.dates]
        lines += _list(dates, "dates=")
    for name in ("period", "name", "notes"):
        if value := getattr(series, name):
            lines.append(f"    {name}={value!r},")
    return [*lines, ")"]


def _list(values: Sequence[Any], name: str = "") -> list[str]:
    """Return the lines of a list that is an argument."""
    rows = [values[start : start + A_LINE] for start in range(0, len(values), A_LINE)]
    lines = (", ".join(map(repr, row)) for row in rows)
    return [f"    {name}[", *(f"        {line}," for line in lines), "    ],"]


DATA = {"text": _text, "numbers": _series}
"""By what is learned, the lines that give it."""

USE = {
    "text": ["print(trainer.sample(length=500, temperature=0.8))"],
    "numbers": [
        "forecast = trainer.forecast(horizon=12)",
        'print(f"What follows: {forecast.mean}")',
        'print(f"from {forecast.quantiles[0.1]}")',
        'print(f"to {forecast.quantiles[0.9]}, four times in five")',
    ],
}
"""Likewise, the lines that use the network."""


def _beginning(trainer: Trainer) -> list[str]:
    """Return the lines that make the Trainer, be it with the network of an earlier run."""
    data = trainer.task.words.data.upper()
    made = f"rnn_pkg.Trainer({data}, config, {trainer.model.dtype.name!r}"
    if not trainer.origins:
        return [f"trainer = {made})"]
    return [
        f"# {trainer.origins[0].words()}",
        f"# Its model file, saved at that step, must lie beside this program as {START}.",
        f"trainer = {made}, start_from={_loaded(trainer, START)})",
    ]


TRAIN = [
    "",
    "",
    "def train(steps):",
    '    if "--pytorch" in sys.argv:',
    "        from rnn_pkg.pytorch import continue_training",
    "",
    "        last = trainer.steps + steps",
    "        continue_training(trainer, steps)",
    "        if trainer.steps < last:",
    '            sys.exit("The training was stopped; nothing is saved.")',
    "    else:",
    "        trainer.train(steps)",
    "",
    "",
]
"""The lines by which NumPy or PyTorch trains."""


def _training(trainer: Trainer) -> list[str]:
    """Return the lines that train: a stretch for each learning rate and batch size."""
    changes = [(step, f"trainer.set_learning_rate({rate!r})") for step, rate in trainer.rates[1:]]
    changes += [(step, f"trainer.set_batch_size({size})") for step, size in trainer.batch_sizes[1:]]
    changes += [(stay.first, f"# {stay.words()}") for stay in trainer.stays]
    changes.sort(key=lambda change: change[0])
    lines = []
    for (start, line), (end, _) in itertools.pairwise([(0, ""), *changes, (trainer.steps, "")]):
        lines += [line] if line else []
        lines += [f"train(steps={end - start})"] if end > start else []
    return lines
