"""The command line: `python -m rnn_pkg train FILE --out model.npz`, `... sample`, `... export`,
`... forecast FILE`, and `... check-cell FILE`."""

import argparse
import io
import itertools
import os
import shlex
import sys
import warnings
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

from rnn_pkg.checks import checked_number
from rnn_pkg.config import Config, settings
from rnn_pkg.engine.cells import OWN
from rnn_pkg.engine.network import Network
from rnn_pkg.look.ngrams import ngram_losses
from rnn_pkg.tasks.questions import Choices
from rnn_pkg.tasks.series import Series
from rnn_pkg.tasks.table import read
from rnn_pkg.tasks.textfiles import plain, read_files
from rnn_pkg.terminal import (
    DEFAULT_SECONDS,
    add_run_source,
    check_writable,
    interruption,
    report,
    train,
)
from rnn_pkg.training.advice import advise
from rnn_pkg.training.ensemble import ahead, backtest
from rnn_pkg.training.export import export
from rnn_pkg.training.origin import kind_of
from rnn_pkg.training.report import as_csv, as_json, as_table, describe_test, in_words
from rnn_pkg.training.restoring import load
from rnn_pkg.training.trainer import Trainer, check_limits
from rnn_pkg.training.workers import Workers


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line; every field of Config is an option of `train`."""
    top = argparse.ArgumentParser(prog="python -m rnn_pkg", description=__doc__)
    commands = top.add_subparsers(
        required=True, metavar="train | sample | export | forecast | check-cell"
    )

    train = commands.add_parser("train", help="learn a text file, and save the model")
    train.add_argument(
        "file",
        type=Path,
        nargs="+",
        help="a text file; several are joined in the order of their names",
    )
    train.add_argument(
        "--encoding",
        help="what the files are in, such as utf-8, utf-16 or cp1252 (default: told from each)",
    )
    train.add_argument("--out", type=Path, required=True, help="the model file to write (.npz)")
    train.add_argument("--resume", type=Path, help="go on with the run in this model file")
    train.add_argument(
        "--start-from", type=Path, help="begin with the network in this model file, on a new text"
    )
    train.add_argument("--seconds", type=float, help="stop after so many seconds (default: 60)")
    train.add_argument("--steps", type=int, help="stop after so many steps")
    train.add_argument(
        "--patience",
        type=int,
        help="stop when the held-out part has been tried so many times in a row without a new best",
    )
    for name, (default, setting) in settings("text").items():
        option = f"--{name.replace('_', '-')}"
        note = f"{setting.help} (default: {default})"
        train.add_argument(
            option, type=type(default), choices=setting.choices, help=note.replace("%", "%%")
        )
    train.add_argument(
        "--cell-file", type=Path, help="the source of a cell of your own, which is run: see README"
    )
    add_run_source(train)
    train.set_defaults(run=run_train)

    sample = commands.add_parser("sample", help="write with a trained model")
    sample.add_argument("model", type=Path, help="a model file, from here or from the page")
    sample.add_argument("--prompt", default="", help="what to continue")
    sample.add_argument("--length", type=int, default=500, help="characters to write")
    sample.add_argument("--temperature", type=float, default=0.8, help="0 is the likeliest")
    sample.add_argument("--top-k", type=int, default=0, help="among the k likeliest; 0 is off")
    sample.add_argument("--top-p", type=float, default=1.0, help="among this probability; 1 is off")
    sample.add_argument("--seed", type=int, help="the same seed writes the same text")
    sample.add_argument("--stop-at-line-end", action="store_true", help="write a line at most")
    add_network(sample)
    add_run_source(sample)
    sample.set_defaults(run=run_sample)

    elsewhere = commands.add_parser("export", help="take a trained model elsewhere")
    elsewhere.add_argument("model", type=Path, help="a model file, from here or from the page")
    elsewhere.add_argument(
        "--out",
        type=Path,
        required=True,
        help="weights.safetensors, for PyTorch and others, or repeat.py, a program that repeats "
        "the run",
    )
    add_network(elsewhere)
    add_run_source(elsewhere)
    elsewhere.set_defaults(run=run_export)
    add_forecast(commands.add_parser("forecast", help="judge a series' forecasts, and make one"))
    check = commands.add_parser("check-cell", help="judge the source of a cell, which is run")
    check.add_argument("file", type=Path, help="a file with the source")
    check.set_defaults(run=run_check_cell)
    return top


def add_forecast(command: argparse.ArgumentParser) -> None:
    """Add the options of `forecast`."""
    command.add_argument("file", type=Path, help="a table of numbers, such as a CSV file")
    command.add_argument("--column", help="the column to forecast, by its name or place from 1")
    command.add_argument("--horizon", type=int, default=12, help="how many steps ahead (12)")
    command.add_argument(
        "--season", type=int, help="after how many steps it repeats itself (default: told from it)"
    )
    command.add_argument(
        "--seconds", type=float, default=20.0, help="most time to train networks (20)"
    )
    command.add_argument("--out", type=Path, help="save the forecast as a CSV file")
    command.add_argument("--json", action="store_true", help="print all as one JSON object")
    command.add_argument("--encoding", help="what the file is in (default: told from it)")
    for name in ("delimiter", "decimal", "dates", "missing"):
        command.add_argument(f"--{name}", help="how to read the table, where it could be either")
    for name in ("century", "stretch"):
        command.add_argument(f"--{name}", type=int, help="likewise")
    command.add_argument("--header", choices=["yes", "no"], help="likewise: has it names on top?")
    command.set_defaults(run=run_forecast)


def add_network(command: argparse.ArgumentParser) -> None:
    """Add the option that says which of a run's networks is meant."""
    command.add_argument(
        "--network",
        choices=["best", "latest"],
        default="best",
        help="the one that knew the held-out part best, or the latest (default: best)",
    )


def network_of(trainer: Trainer, options: argparse.Namespace) -> Network:
    """Return the network that was chosen."""
    return trainer.best if options.network == "best" else trainer.averaged


def run_train(options: argparse.Namespace) -> None:
    """Train, with progress on stderr; save at the end, and when interrupted."""
    if options.seconds is None and options.steps is None:
        options.seconds = DEFAULT_SECONDS
    check_limits(options.steps, options.seconds)
    check_writable(options.out)
    trainer = make_trainer(options)
    check_patience(options.patience, trainer)
    report(
        f"{len(trainer.text):,} characters, {len(trainer.vocabulary)} distinct; "
        f"{name_of_cell(trainer)}, {trainer.config.hidden_size} hidden units{of_workers(trainer)}"
    )
    if trainer.config.order == "lines":
        report("Its lines are learned in an order drawn by the seed.")
    if trainer.origins:
        report(trainer.origins[0].words())
    with interruption() as interrupted:
        try:
            with Workers(trainer, report):
                train(
                    trainer, options.steps, options.seconds, options.patience,
                    lambda time_is_up: time_is_up or interrupted(),
                )  # fmt: skip
        finally:
            # Whatever ended the training, what was learned until then is kept.
            trainer.save(options.out)
    report(f"Saved {options.out}.")
    held_out = trainer.evaluate(network=trainer.best)
    if held_out is not None:
        report(f"Held-out loss {held_out:.4f} nats per character{of_step(trainer)}.")
        size = len(trainer.vocabulary)
        losses = list(ngram_losses(trainer.training_ids, trainer.held_out_ids, size))
        best = min(losses)
        report(f"For comparison, counting {losses.index(best) + 1}-grams reaches {best:.4f}.")
    advice = advise(trainer)
    if advice:
        report(advice.message)


def name_of_cell(trainer: Trainer) -> str:
    """Return what the cell is called on the command line; one of one's own by its label."""
    return trainer.model.cell.label if trainer.config.cell == OWN else trainer.config.cell


def of_workers(trainer: Trainer) -> str:
    """Return how many networks learn at once, if it isn't one alone."""
    workers = trainer.config.workers
    return f"; {workers} workers" if workers > 1 else ""


def of_step(trainer: Trainer) -> str:
    """Return which step the best network is of, if it isn't the last."""
    step = trainer.metrics and trainer.metrics.best_step
    if step is None or step == trainer.steps:
        return ""
    return f", known by the network of step {step:,}, which writes"


def check_patience(patience: int | None, trainer: Trainer) -> None:
    """Raise ValueError unless this patience, if there is any, can come to an end."""
    if patience is None:
        return
    checked_number("patience", patience, 1, 10**6, int)
    if not len(trainer.held_out_ids):
        raise ValueError("patience needs a held-out part: --validation must be above 0")


def make_trainer(options: argparse.Namespace) -> Trainer:
    """Return a new run on the text, or the one to go on with."""
    chosen = {
        name: value for name in settings("text") if (value := getattr(options, name)) is not None
    }
    if options.cell_file is not None:
        if options.cell is not None:
            raise ValueError("--cell names a cell, --cell-file has one of your own: choose one")
        chosen |= {"cell": OWN, "cell_source": read_source(options.cell_file)}
    text = read_text(options)
    if options.resume is None:
        return begin(text, chosen, options)
    if options.start_from is not None:
        raise ValueError("--resume goes on with a run, --start-from begins another: choose one")
    trainer = load_text(options.resume, options.run_source)
    if plain(trainer.text) != text:
        files = ", ".join(str(file) for file in options.file)
        raise ValueError(f"{options.resume} was trained on another text than {files}")
    rate = chosen.pop("learning_rate", None)
    if chosen:
        raise ValueError(f"with --resume, {', '.join(sorted(chosen))} can't be changed any more")
    if rate is not None:
        trainer.set_learning_rate(rate)
    return trainer


def load_text(path: Path, run_source: bool) -> Trainer:
    """Return the run of a model file, which must have learned a text."""
    trainer = load(path, run_source=run_source)
    if trainer.task.kind != "text":
        raise ValueError(
            f"{path} has learned a series, not a text: rnn_pkg.load({str(path)!r}).forecast() in "
            "Python tells what follows it"
        )
    return trainer


def read_text(options: argparse.Namespace) -> str:
    """Read the files, and say what was done to them that nobody asked for."""
    read = read_files(options.file, options.encoding)
    if options.encoding is None and read.encoding != "UTF-8":
        report(f"Read as {read.encoding}; if that is wrong, say --encoding.")
    if read.note:
        report(read.note)
    return read.text


def begin(text: str, chosen: dict[str, Any], options: argparse.Namespace) -> Trainer:
    """Return a new run, with a network of its own or that of a model file."""
    start_from = options.start_from
    earlier = None if start_from is None else load_text(start_from, options.run_source)
    kind = {} if earlier is None else kind_of(earlier.config)
    return Trainer(text, Config.for_text(text, **(kind | chosen)), start_from=earlier)


def run_sample(options: argparse.Namespace) -> None:
    """Write the prompt and its continuation to stdout, each character as it comes."""
    trainer = load_text(options.model, options.run_source)
    with warnings.catch_warnings(record=True) as caught:
        characters = trainer.stream(
            options.prompt, options.length, options.temperature, options.top_k, options.top_p,
            options.seed, network_of(trainer, options), options.stop_at_line_end,
        )  # fmt: skip
    for warning in caught:
        report(str(warning.message))
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # not every terminal has every character
    character = ""
    for character in itertools.chain([options.prompt], characters):
        print(character, end="", flush=True)
    if not (options.stop_at_line_end and character == "\n"):
        print()


def run_export(options: argparse.Namespace) -> None:
    """Write the weights, or a program that repeats the run."""
    check_writable(options.out)
    trainer = load(options.model, run_source=options.run_source)
    export(trainer, options.out, str(options.model), network_of(trainer, options))
    report(f"Saved {options.out}.")


def read_source(path: Path) -> str:
    """Read the source of a cell."""
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is not a text in UTF-8: {error.reason}") from error


def run_check_cell(options: argparse.Namespace) -> None:
    """Judge the source of a cell; raise ValueError if a fault is found."""
    from rnn_pkg.look.cellcheck import check_cell

    judged = check_cell(read_source(options.file))
    for gradient in judged.gradients:
        verdict = "right" if gradient.right else "WRONG"
        print(f"gradient of {gradient.name}: {verdict}, relative error {gradient.error:.1e}")
    if not judged.right:
        place = options.file if judged.line is None else f"{options.file}, line {judged.line}"
        raise ValueError(f"{place}: {judged.message}")
    print(judged.message)
    print("Its gradient is found by autograd." if judged.automatic else "Its gradient is its own.")


def run_forecast(options: argparse.Namespace) -> None:
    """Print how good forecasts of a series are, who makes the best, and one of what follows."""
    if options.out is not None:
        check_writable(options.out)
    checked_number("seconds", options.seconds, 1e-9, 1e9, float)
    series = read_series(options)
    if not options.json:
        for note in series.notes:
            report(note)
    half, show = options.seconds / 2, percent_shown()
    try:
        test = backtest(
            series, options.horizon, options.season, None, half, lambda done: show(done / 2)
        )
        forecast = ahead(series, test, half, lambda done: show((1 + done) / 2))
    finally:
        show(None)
    if options.out is not None:
        options.out.write_text(as_csv(series, forecast), "utf-8")
        report(f"Saved {options.out}.")
    if options.json:
        print(as_json(series, test, forecast))
        return
    print(f"{describe_test(series, test)}\n\n{as_table(test)}\n\n{in_words(series, test)}\n")
    print(as_csv(series, forecast), end="")


def read_series(options: argparse.Namespace) -> Series:
    """Read the table; raise ValueError naming the option that settles what it leaves open."""
    choices = {each.name: getattr(options, each.name) for each in fields(Choices)}
    if options.header is not None:
        choices["header"] = options.header == "yes"
    text = read_files([options.file], options.encoding).text
    table = read(text, **choices)
    if not table.questions:
        return Series.from_table(table)
    question = table.questions[0]
    raise ValueError(question.asked(lambda value: f"--{question.name} {as_option(value)}"))


def as_option(value: str | int | bool) -> str:
    """Write a choice as it is given on the command line."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return shlex.quote(str(value))


def percent_shown() -> Callable[[float | None], None]:
    """Return what shows, where somebody looks on, how much is done, 0 to 1; None ends it."""
    if not sys.stderr.isatty():
        return lambda done: None

    def show(done: float | None) -> None:
        text = " " * 20 + "\r" if done is None else f"Training: {100 * done:3.0f} %\r"
        print(text, end="", file=sys.stderr, flush=True)

    return show


def main(arguments: list[str] | None = None) -> int:
    """Run a command; return 0, or 1 with one line on stderr that says what was wrong."""
    options: Any = parser().parse_args(arguments)
    try:
        options.run(options)
    except BrokenPipeError:
        # Whoever read the output has had enough, and Python would complain again at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (ValueError, OSError) as error:
        report(f"error: {error}")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
