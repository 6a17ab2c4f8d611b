"""Taking a run elsewhere: its weights for other programs, and a program that repeats it."""

import json
import os
from pathlib import Path

from rnn_pkg.engine.cells import CELLS
from rnn_pkg.engine.network import Network
from rnn_pkg.training.trainer import Trainer

LONGEST_TEXT = 100_000
"""A text of more characters doesn't stand in the program; it takes it from the model file."""

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

    Its metadata has what a program needs to use them: "config" (JSON), and "vocabulary", the
    characters in the order of their numbers (a JSON string).

    Raises:
        ValueError: the safetensors library is not installed.
    """
    try:
        from safetensors.numpy import save_file
    except ImportError:
        raise ValueError(SAFETENSORS_MISSING) from None
    metadata = {
        "format": "pt",
        "config": json.dumps(trainer.config.as_dict()),
        "vocabulary": json.dumps(trainer.vocabulary.characters),
    }
    save_file((network or trainer.best).torch_state_dict(), path, metadata)


def script(trainer: Trainer, model: str = "model.npz") -> str:
    """Return a program that repeats the run: its text, settings, steps and learning rates.

    Natively it gives the same numbers each time; beside the page's they differ in the last digits,
    for sums are taken in another order, and in time that grows.

    Args:
        model: the model file that a text too long to stand in the program is taken from.
    """
    config = trainer.config.replace(learning_rate=trainer.rates[0][1])
    settings = [f"    {name}={value!r}," for name, value in config.as_dict().items()]
    described = (
        f"{CELLS[config.cell].label}, {config.hidden_size} hidden units, {trainer.steps:,} steps "
        f"on {len(trainer.text):,} characters."
    )
    return "\n".join(
        [
            '"""Repeats a run of RNN Playground.',
            "",
            described,
            "It needs Python 3.11 or newer, and the package: pip install the rnn_pkg wheel.",
            '"""',
            "",
            "import rnn_pkg",
            "",
            *_text(trainer.text, model),
            "",
            "config = rnn_pkg.Config(",
            *settings,
            ")",
            *_beginning(trainer),
            *_training(trainer),
            "",
            'trainer.save("repeated.npz")',
            "loss = trainer.evaluate(network=trainer.best)",
            'print(f"Loss on the held-out part: {loss} nats per character")',
            "print(trainer.sample(length=500, temperature=0.8))",
            "",
        ]
    )


def _text(text: str, model: str) -> list[str]:
    if len(text) > LONGEST_TEXT:
        return [
            "# The text is too long to stand here; the saved model has it.",
            f"TEXT = rnn_pkg.load({model!r}).text",
        ]
    return ["TEXT = (", *(f"    {line!r}" for line in text.splitlines(keepends=True)), ")"]


def _beginning(trainer: Trainer) -> list[str]:
    """Return the lines that make the Trainer, be it with the network of an earlier run."""
    made = f"rnn_pkg.Trainer(TEXT, config, {trainer.model.dtype.name!r}"
    if not trainer.origins:
        return [f"trainer = {made})"]
    return [
        f"# {trainer.origins[0].words()}",
        f"# Its model file, saved at that step, must lie beside this program as {START}.",
        f"trainer = {made}, start_from=rnn_pkg.load({START!r}))",
    ]


def _training(trainer: Trainer) -> list[str]:
    """Return the lines that train: a stretch for each learning rate."""
    lines = []
    ends = [step for step, _ in trainer.rates[1:]] + [trainer.steps]
    for (start, rate), end in zip(trainer.rates, ends, strict=True):
        if start > 0:
            lines.append(f"trainer.set_learning_rate({rate!r})")
        if end > start:
            lines.append(f"trainer.train(steps={end - start})")
    return lines
