"""A place of the page: what was given there last, and the run that learns it."""

import io
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, Generic, Literal, TypeVar

import numpy as np

from rnn_pkg.config import EVALUATION_CHARACTERS, Config
from rnn_pkg.engine.cells import source_hash
from rnn_pkg.page import answers, facts
from rnn_pkg.page.instruments import Instruments, methods_of, offered
from rnn_pkg.page.limits import check_loaded, check_page, helper_bytes
from rnn_pkg.page.machine import Machine, helpers_that_fit
from rnn_pkg.page.team import Team
from rnn_pkg.tasks.series import Series
from rnn_pkg.tasks.task import ends_for
from rnn_pkg.training import evaluation
from rnn_pkg.training.restoring import cell_source, learned_in, load, task_in
from rnn_pkg.training.trainer import Trainer

Data = TypeVar("Data", str, Series)

NO_RUN = "there is no run yet: press Train, or load a model"

NOT_AGREED = (
    "it carries the source of a cell that this browser has not agreed to run: to be asked, open it "
    "once more"
)

ELSEWHERE = {
    "text": "this model has learned a series, not a text: open it under Numbers",
    "numbers": "this model has learned a text, not a series: open it under Text",
}
"""What is said of a model at a place where it doesn't belong."""


class Desk(ABC, Generic[Data]):
    """One run at most, and what was described last, for a run to begin with.

    Attributes:
        place: what it is for.
        instruments_type: what looks at its run.
        is_shared: whether further workers help to train it: what a series takes would not pay.
        offers: the methods of this desk that the page may call,
        looks: and those of what looks at its run.
    """

    place: Literal["text", "numbers"]
    is_shared: bool = True
    instruments_type: type[Instruments] = Instruments

    def __init__(self, machine: Machine) -> None:
        """Begin without a run."""
        self._machine = machine
        self._team: Team | None = None
        self._instruments: Instruments | None = None
        self._text_id = 0  # of what was described last
        # What may be called here, and of what looks at a run; each call asks for it.
        self.offers, self.looks = offered(type(self)), methods_of(self.instruments_type)

    @abstractmethod
    def _described(self) -> Data:
        """Return what was described last; if it can't be learned, a ValueError says why."""

    @abstractmethod
    def _suited(self, data: Data, values: answers.Settings) -> Config:
        """Return settings that suit this, where they are not given."""

    @abstractmethod
    def _describe_learned(
        self, trainer: Trainer
    ) -> tuple[str, answers.Choices, answers.Description]:
        """Describe what a run learns; return it as a text, what is settled about that, and what is
        told of it. If it can't be written so, a ValueError says why, and nothing has changed."""

    def fields(self) -> list[answers.Field]:
        """Return every hyperparameter of this place's runs, with its label, meaning, default and
        range."""
        return facts.fields(self.place)

    def begin(
        self, text_id: int, values: answers.Settings, go_on: bool = False
    ) -> answers.Status | None:
        """Start a run of zero steps, in place of any other. Missing settings suit what is learned.

        Args:
            text_id: of that, as `describe` or `load` has told it.
            values: settings.
            go_on: begin with the network of the present run, rather than with one that is drawn.

        Returns:
            None if another text has come since: then it has to be described again.
        """
        if text_id != self._text_id:
            return None
        data, config = to_learn(self, values)
        check_page(config, ends_for(data, config), len(data))
        start_from = self._running() if go_on else None
        self._adopt(Trainer(data, config, start_from=start_from))
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
            "task": trainer.task.kind,
            "progress": self.team.progress,
            "curve": self.curve(),
        }

    def save(self) -> bytes:
        """Return the run as the bytes of a model file."""
        file = io.BytesIO()
        self._running().save(file)
        return file.getvalue()

    def load(self, data: bytes, agreed: Sequence[str] = ()) -> answers.Loaded:
        """Take up the run of a model file, in place of any other, unless the file is bad, belongs
        to another place, or the page can't hold its run. What it learns takes the place of what was
        described.

        Args:
            data: the file.
            agreed: hashes of cells' sources that may be run: one that the file carries must be
                among them.
        """
        self._check_place(data)
        source = cell_source(io.BytesIO(data))
        run_source = source is not None and source_hash(source) in agreed
        if source is not None and not run_source:
            raise ValueError(NOT_AGREED)
        trainer = load(io.BytesIO(data), check_loaded, run_source)
        text, choices, description = self._describe_learned(trainer)
        self._adopt(trainer)
        return {
            "status": self._status(trainer),
            "text": text,
            "choices": choices,
            "description": description,
        }

    def set_up(self, data: bytes) -> answers.SetUp:
        """Return what a model file's run learns, and with which settings, without its network: the
        source of a cell that the file carries is not run."""
        self._check_place(data)
        learned, config = learned_in(io.BytesIO(data))
        other = config.replace(cell=Config.cell, cell_source="", hidden_size=1, layers=1)
        check_loaded(other, ends_for(learned, other), len(learned), "float32")
        text, choices, description = self._describe_learned(Trainer(learned, other))
        return {
            "config": config.as_dict(),
            "text": text,
            "choices": choices,
            "description": description,
        }

    def _check_place(self, data: bytes) -> None:
        if task_in(io.BytesIO(data)) != self.place:
            raise ValueError(ELSEWHERE[self.place])

    def discard(self) -> None:
        """Drop the run."""
        self._team = self._instruments = None

    @property
    def has_run(self) -> bool:
        """Whether there is a run."""
        return self._team is not None

    @property
    def team(self) -> Team:
        """Those who train the run; a ValueError says that there is none."""
        if self._team is None:
            raise ValueError(NO_RUN)
        return self._team

    @property
    def instruments(self) -> Instruments:
        """What looks at the run; a ValueError says that there is none."""
        if self._instruments is None:
            raise ValueError(NO_RUN)
        return self._instruments

    def _running(self) -> Trainer:
        return self.team.trainer

    def _adopt(self, trainer: Trainer) -> None:
        self._instruments = self.instruments_type(trainer)
        self._team = Team(trainer)

    def _status(self, trainer: Trainer) -> answers.Status:
        task = trainer.task
        size, learned = task.whole.size, task.training.size
        tried = np.arange(learned)
        if learned < size:
            tried = evaluation.places(learned, size, EVALUATION_CHARACTERS)
        helpers = trainer.config.workers - 1
        needed = helper_bytes(trainer.config, task.ends, size, trainer.model.dtype.name)
        return {
            "config": trainer.config.as_dict(),
            "task": task.kind,
            "size": size,
            "distinct": task.distinct,
            "learned": learned,
            "held_out": size - learned,
            "fingerprint": task.fingerprint,
            "dated": task.dated,
            "origin": trainer.origins[0].words() if trainer.origins else None,
            "stays": [
                {"first": s.first, "last": s.last, "by": s.by, "words": s.words()}
                for s in trainer.stays
            ],
            "parameters": sum(p.size for p in trainer.model.parameters.values()),
            "helpers": helpers_that_fit(helpers, needed, self._machine) if self.is_shared else 0,
            "baselines": [
                {"name": name, "label": label, "loss": loss}
                for name, label, loss in task.guesses(tried)
            ],
            "progress": self.team.progress,
        }


def to_learn(desk: Desk[Any], values: answers.Settings) -> tuple[str | Series, Config]:
    """Return what was described last at a desk, and settings for a run on it.

    Args:
        desk: where.
        values: settings; those that are missing suit what is learned.

    Raises:
        ValueError: it can't be learned, or a setting is out of its range.
    """
    data = desk._described()
    return data, desk._suited(data, values)
