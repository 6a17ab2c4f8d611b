"""The page's way to the package: plain values in, plain values out, and no exception passes.

The page asks by name, `session.call("train", 40)`, and gets `{"value": ...}`, or `{"error": ...}`
with a message to show. Text being written and training advance in small slices, so that the page
can do both at once and stop either at any moment.
"""

import io
import sys
import traceback
from collections.abc import Callable
from typing import Any

import numpy as np

from rnn_pkg.checks import check_str
from rnn_pkg.config import EVALUATION_CHARACTERS, Config
from rnn_pkg.engine.network import Network
from rnn_pkg.look.ngrams import uniform_loss, unigram_loss
from rnn_pkg.page import answers, facts, instruments, team
from rnn_pkg.page.instruments import Instruments, offered
from rnn_pkg.page.limits import (
    check_loaded,
    check_page,
    check_page_text,
    fitted,
    helper_bytes,
)
from rnn_pkg.page.machine import Machine, helpers_that_fit, workers_that_help
from rnn_pkg.page.team import Team
from rnn_pkg.page.writing import Writing, plain
from rnn_pkg.tasks.sampling import check_sampling, check_seed
from rnn_pkg.tasks.spelling import known_form, name_unseen
from rnn_pkg.tasks.text import check_trainable
from rnn_pkg.training.restoring import load
from rnn_pkg.training.trainer import Trainer

SAMPLE_LENGTH = 200
"""Length of the samples that show how a run gets on, in characters."""


class Session:
    """One run at most, and one text being written at most."""

    def __init__(self, *machine: Any) -> None:
        """Begin without a run, on a machine of which the browser tells this: see `Machine`."""
        self._machine = Machine(*machine)
        self._team: Team | None = None
        self._writing: Writing | None = None
        self._instruments: Instruments | None = None
        self._text, self._text_id = "", 0  # the text that was described last, and its number

    def call(self, method: str, *arguments: Any) -> dict[str, Any]:
        """Run a method and wrap what comes of it.

        Returns:
            {"value": what it returned}, or {"error": {"kind": kind, "message": str}} where kind is
            "input" if the person can put it right and "internal" if only a programmer can.
        """
        try:
            return {"value": self._method(method)(*arguments)}
        except ValueError as error:
            return {"error": {"kind": "input", "message": str(error)}}
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            return {"error": {"kind": "internal", "message": f"{type(error).__name__}: {error}"}}

    def _method(self, name: str) -> Callable[..., Any]:
        """Return a method of this session, or of those who train its run or look at it."""
        owner: Any = None
        if name in METHODS:
            owner = self
        elif name in (*team.METHODS, *instruments.METHODS):
            self._running()
            owner = self._team if name in team.METHODS else self._instruments
        if owner is None:
            known = (*METHODS, *team.METHODS, *instruments.METHODS)
            raise TypeError(f"no method {name!r}; there are {', '.join(known)}")
        method: Callable[..., Any] = getattr(owner, name)
        return method

    def about(self) -> answers.About:
        """Return what runs here, and numbers that the page needs too."""
        return facts.about()

    def fields(self) -> list[answers.Field]:
        """Return every hyperparameter with its label, meaning, default and range."""
        return facts.fields()

    def describe(self, text: str) -> answers.Description:
        """Return a text's size, and what suits it or why it can't be trained on.

        The text is kept until another comes, for `begin`: it need not be sent again.
        """
        problem, config, lines = None, None, None
        distinct = len(set(text))
        try:
            check_trainable(text)
            check_page_text(len(text))
            workers = workers_that_help(len(text), self._machine)
            suited = fitted(Config.for_text(text, workers=workers), distinct, len(text))
            check_page(suited, distinct, len(text))
            config = suited.as_dict()
            if suited.order == "lines":
                lines = text.removesuffix("\n").count("\n") + 1
        except ValueError as error:
            problem = str(error)
        self._text, self._text_id = text, self._text_id + 1
        return {
            "text_id": self._text_id,
            "characters": len(text),
            "distinct": distinct,
            "problem": problem,
            "config": config,
            "lines": lines,
        }

    def begin(
        self, text_id: int, values: answers.Settings, go_on: bool = False
    ) -> answers.Status | None:
        """Start a run of zero steps, in place of any other. Missing settings suit the text.

        Args:
            text_id: of the text, as `describe` or `load` has told it.
            values: settings.
            go_on: begin with the network of the present run, rather than with one that is drawn.

        Returns:
            None if another text has come since: then it has to be described again.
        """
        if text_id != self._text_id:
            return None
        text = self._text
        config = Config.for_text(text, **values)
        check_page(config, len(set(text)), len(text))
        start_from = self._running() if go_on else None
        self._adopt(Trainer(text, config, start_from=start_from))
        return self._status(self._running())

    def status(self) -> answers.Status | None:
        """Return what there is to know of the run, or None without one."""
        return self._status(self._team.trainer) if self._team else None

    def set_learning_rate(self, rate: float) -> answers.LearningRate:
        """Change the learning rate from the next step on."""
        trainer = self._running()
        trainer.set_learning_rate(rate)
        return {"learning_rate": trainer.config.learning_rate}

    def curve(self) -> answers.Curve:
        """Return the loss curve so far, in at most some 600 points."""
        curve = self._running().curve
        return {"step": curve.step, "train": curve.train, "validation": curve.validation}

    def summary(self) -> answers.Summary:
        """Return what a list of runs shows of this one: its settings, progress and curve."""
        trainer = self._running()
        return {
            "config": trainer.config.as_dict(),
            "progress": self._training().progress,
            "curve": self.curve(),
        }

    def sample(self, temperature: float) -> str:
        """Write a whole text at once with the latest network, to show how the run gets on."""
        trainer, instruments = self._running(), self._instruments
        latest = instruments.latest if instruments else trainer.averaged
        return trainer.sample("", SAMPLE_LENGTH, temperature, network=latest)

    def start_writing(
        self,
        prompt: str,
        length: int,
        top_k: int = 0,
        top_p: float = 1.0,
        seed: int | None = None,
        stop_at_line_end: bool = False,
    ) -> answers.WritingBegun:
        """Begin to write a continuation, in place of any other; `write` goes on with it.

        Args: as for `Trainer.sample`.
        """
        check_sampling(length, 1.0, top_k, top_p)
        check_seed(seed)
        check_str("prompt", prompt)
        trainer, rng = self._running(), np.random.default_rng(seed)
        prompt = known_form(prompt, trainer.vocabulary)
        opening = trainer.opening(prompt, rng)
        writer, predictions = trainer.reading(opening + prompt, rng, self._reader())
        self._writing = Writing(writer, length, top_k, top_p, stop_at_line_end)
        return {
            "warning": self._warning(prompt),
            "opening": opening,
            "characters": [plain(prediction) for prediction in predictions[len(opening) :]],
        }

    def continue_writing(
        self,
        text: str,
        length: int,
        top_k: int = 0,
        top_p: float = 1.0,
        seed: int | None = None,
        stop_at_line_end: bool = False,
    ) -> None:
        """Begin to write on, in place of any other text, where this one ends.

        Args:
            text: opening, prompt, and what is written of the continuation.
            length: of what is still to come; the others are as for `Trainer.sample`.
        """
        check_sampling(length, 1.0, top_k, top_p)
        check_seed(seed)
        writer = self._running().writer(text, np.random.default_rng(seed), self._reader())
        if stop_at_line_end and writer.line_ended:
            length = 0
        self._writing = Writing(writer, length, top_k, top_p, stop_at_line_end)

    def write(self, budget_ms: float, temperature: float) -> answers.Written:
        """Write on until the budget is spent."""
        if self._writing is None:
            return {"characters": [], "done": True}
        check_sampling(self._writing.left, temperature, 0, 1.0)
        predictions = self._writing.write(budget_ms, temperature)
        return {"characters": [plain(p) for p in predictions], "done": self._writing.left == 0}

    def stop_writing(self) -> None:
        """Leave the rest unwritten."""
        self._writing = None

    def save(self) -> bytes:
        """Return the run as the bytes of a model file."""
        file = io.BytesIO()
        self._running().save(file)
        return file.getvalue()

    def load(self, data: bytes) -> answers.Loaded:
        """Take up the run of a model file, in place of any other, unless the file is bad, or the
        page can't hold its run. Its text takes the place of the one that was described."""
        trainer = load(io.BytesIO(data), check_loaded)
        text = trainer.text  # a run that has learned a series is refused, and not taken up
        self._adopt(trainer)
        return {
            "status": self._status(trainer),
            "text": text,
            "description": self.describe(text),
        }

    def discard(self) -> None:
        """Drop the run."""
        self._team = self._writing = self._instruments = None

    def _training(self) -> Team:
        if self._team is None:
            raise ValueError("there is no run yet: press Train, or load a model")
        return self._team

    def _running(self) -> Trainer:
        return self._training().trainer

    def _reader(self) -> Network | None:
        """Return the network that reads and writes for the person, if there is a run."""
        return self._instruments.network if self._instruments else None

    def _adopt(self, trainer: Trainer) -> None:
        self._instruments = Instruments(trainer)
        self._team = Team(trainer)
        self._writing = None

    def _warning(self, prompt: str) -> str | None:
        vocabulary = self._running().vocabulary
        unseen = name_unseen(known_form(prompt, vocabulary), vocabulary)
        return f"Never seen in the text, so skipped: {unseen}" if unseen else None

    def _status(self, trainer: Trainer) -> answers.Status:
        size = len(trainer.vocabulary)
        training_ids, held_out_ids = trainer.training_ids, trainer.held_out_ids
        tried = training_ids
        if len(held_out_ids):
            tried = trainer.ids[trainer.places(len(training_ids), EVALUATION_CHARACTERS)]
        return {
            "config": trainer.config.as_dict(),
            "characters": len(trainer.text),
            "distinct": size,
            "train_characters": len(training_ids),
            "validation_characters": len(held_out_ids),
            "origin": trainer.origins[0].words() if trainer.origins else None,
            "parameters": sum(p.size for p in trainer.model.parameters.values()),
            "helpers": helpers_that_fit(
                trainer.config.workers - 1,
                helper_bytes(trainer.config, size, len(trainer.text)),
                self._machine,
            ),
            "baselines": [
                {"name": "uniform", "label": "uniform guess", "loss": uniform_loss(size)},
                {
                    "name": "unigram",
                    "label": "letter frequencies",
                    "loss": unigram_loss(training_ids, tried.reshape(-1), size),
                },
            ],
            "progress": self._training().progress,
        }


METHODS = tuple(name for name in offered(Session) if name != "call")
"""What the page may call."""
