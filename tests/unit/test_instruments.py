"""What the page's panels show of a run, beside what the package computes by itself."""

import pytest

import rnn_pkg
from rnn_pkg.instruments import Instruments
from rnn_pkg.ngrams import ngram_losses

RHYME = "one two buckle my shoe\nthree four knock at the door\n" * 6


@pytest.fixture
def trainer():
    trainer = rnn_pkg.Trainer(RHYME, rnn_pkg.Config.for_text(RHYME, hidden_size=12))
    trainer.train(steps=20)
    return trainer


def work(instruments, job, *arguments):
    """Do a job in the smallest slices; return what each slice brought."""
    instruments.start(job, *arguments)
    slices = []
    while not slices or not slices[-1]["done"]:
        slices.append(instruments.advance(job, 0))
    return slices


def test_ngrams_come_one_after_another(trainer):
    slices = work(Instruments(trainer), "ngrams")
    _, *expected = ngram_losses(trainer.training_ids, trainer.held_out_ids, len(trainer.vocabulary))
    lines = slices[-1]["value"]
    assert [line["loss"] for line in lines] == expected
    assert [line["label"] for line in lines] == [f"{n}-gram" for n in range(2, 7)]
    assert [len(each["value"]) for each in slices] == [0, 1, 2, 3, 4, 5]
    assert [each["fraction"] for each in slices] == pytest.approx([n / 6 for n in range(1, 7)])


def test_without_a_held_out_part_there_are_no_ngrams():
    config = rnn_pkg.Config.for_text(RHYME, hidden_size=4, validation=0.0)
    (only,) = work(Instruments(rnn_pkg.Trainer(RHYME, config)), "ngrams")
    assert only == {"fraction": 1.0, "done": True, "value": []}


def test_a_job_can_begin_anew_and_ends_once(trainer):
    instruments = Instruments(trainer)
    instruments.start("ngrams")
    instruments.advance("ngrams", 0)
    assert len(work(instruments, "ngrams")) == 6
    assert instruments.advance("ngrams", 0) == {"fraction": 1.0, "done": True, "value": None}
    with pytest.raises(TypeError, match="there are"):
        instruments.start("_jobs")
