"""What the page's panels show of a run, beside what the package computes by itself."""

import math

import numpy as np
import pytest

import rnn_pkg
from rnn_pkg import flow
from rnn_pkg.instruments import Instruments
from rnn_pkg.network import Network
from rnn_pkg.ngrams import ngram_losses
from rnn_pkg.session import Session
from rnn_pkg.text import Streams

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


def same_run(trainer, twin):
    """Tell whether two runs go on in the same way."""
    return (
        trainer.rng.bit_generator.state == twin.rng.bit_generator.state
        and trainer.step() == twin.step()
    )


def twin_of(trainer):
    """A run that is where this one is."""
    twin = rnn_pkg.Trainer(trainer.text, trainer.config)
    twin.train(steps=trainer.metrics.step)
    return twin


def test_the_flow_of_four_networks(trainer):
    twin = twin_of(trainer)
    slices = work(Instruments(trainer), "flow", 1.0)
    value = slices[-1]["value"]
    lines = value.pop("lines")
    assert value == {"step": 20, "distance": 64, "far": 20, "clip": 5.0}
    assert [line["name"] for line in lines] == ["own", "rnn", "lstm", "gru"]
    fractions = [each["fraction"] for each in slices]
    assert fractions == sorted(fractions)
    assert fractions.count(1.0) == 1
    assert [len(each["value"]["lines"]) for each in slices[:-1]].count(0) > 50

    steps = flow.WARM_UP + 64
    inputs, targets = Streams(trainer.ids, flow.WINDOWS, steps).next()
    networks = [trainer.model]
    for cell in ("rnn", "lstm", "gru"):
        config = trainer.config.replace(cell=cell)
        networks.append(Network(config, len(trainer.vocabulary), np.random.default_rng(0)))
    for line, network in zip(lines, networks, strict=True):
        (*_, (_, found)) = flow.gradient_flow(network, inputs, targets)
        assert line["norms"] == pytest.approx(list(found.norms))
        assert line["length"] == pytest.approx(found.length)
        assert line["left"] == pytest.approx(found.norms[20] / found.norms[0])
        assert line["end"] == pytest.approx(found.norms[63] / found.norms[0])
        assert line["fate"] == found.fate()
    assert same_run(trainer, twin)


def test_the_flow_is_that_of_one_moment(trainer):
    instruments = Instruments(trainer)
    alone = work(instruments, "flow", 1.0)[-1]["value"]["lines"][0]
    instruments.start("flow", 1.0)
    instruments.advance("flow", 0)
    trainer.train(steps=5)
    while not (after := instruments.advance("flow", 0))["done"]:
        pass
    assert after["value"]["step"] == 20
    # The weights are taken at the beginning, before the five steps.
    assert after["value"]["lines"][0] == alone


def test_clipping_scales_the_whole_line(trainer):
    trainer.config = trainer.config.replace(clip=0.01)
    for line in work(Instruments(trainer), "flow", 2.0)[-1]["value"]["lines"]:
        assert line["factor"] == pytest.approx(0.01 / line["length"])
        assert line["clipped_length"] == pytest.approx(0.01)
        assert line["clipped"] == pytest.approx([line["factor"] * norm for norm in line["norms"]])


def test_what_has_no_logarithm_is_left_out(trainer):
    trainer.model.parameters["rnn.weight_hh_l0"][:] = np.nan
    own = work(Instruments(trainer), "flow", 1.0)[-1]["value"]["lines"][0]
    assert own["norms"] == own["clipped"] == [None] * 64
    assert (own["left"], own["length"], own["fate"]) == (None, None, "breaks")


def test_a_recurrence_out_of_range_is_refused():
    session = Session()
    session.call("begin", RHYME, {"hidden_size": 4})
    session.call("start", "flow", 5)
    message = session.call("advance", "flow", 1)["error"]["message"]
    assert message == "recurrence must be a number from 0.25 to 4, not 5"


@pytest.mark.parametrize("settings", [{}, {"layers": 2, "dropout": 0.5}, {"sequence_length": 1}])
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_the_running_network_is_checked(cell, settings):
    config = rnn_pkg.Config.for_text(RHYME, hidden_size=12, cell=cell, **settings)
    trainer = rnn_pkg.Trainer(RHYME, config)
    trainer.train(steps=20)
    twin = twin_of(trainer)
    slices = work(Instruments(trainer), "check")
    value = slices[-1]["value"]
    rows = value["parameters"]
    assert value["tried"] == sum(row["tried"] for row in rows)
    assert (value["wrong"], value["digits"]) == (0, min(row["digits"] for row in rows))
    assert [row["name"] for row in rows] == list(trainer.model.parameters)
    for row in rows:
        assert row["right"]
        assert row["error"] < 1e-6
        assert row["digits"] >= 6
        assert row["weights"] == trainer.model.parameters[row["name"]].size
        assert row["tried"] == min(13, row["weights"])
    assert len(slices) == 1 + sum(row["tried"] for row in rows)
    assert same_run(trainer, twin)


def check(trainer, *job):
    """Do a check; return what came of each parameter."""
    value = work(Instruments(trainer), *(job or ("check",)))[-1]["value"]
    assert value["wrong"] == sum(not row["right"] for row in value["parameters"])
    return value["parameters"]


def test_what_the_parameters_mean(trainer):
    meanings = [row["meaning"] for row in check(trainer)]
    assert meanings == [
        "input to hidden, layer 1",
        "hidden to hidden, layer 1",
        "bias of input to hidden, layer 1",
        "bias of hidden to hidden, layer 1",
        "hidden to output",
        "bias of the output",
    ]


@pytest.mark.parametrize(
    "name", ["rnn.weight_ih_l0", "rnn.weight_hh_l0", "rnn.bias_hh_l0", "decoder.weight"]
)
def test_a_network_wrong_by_a_thousandth_is_reported(trainer, monkeypatch, name):
    right = Network.backward

    def wrong(*arguments):
        gradients = right(*arguments)
        gradients[name] *= 1.001
        return gradients

    monkeypatch.setattr(Network, "backward", wrong)
    rows = check(trainer)
    assert [row["name"] for row in rows if not row["right"]] == [name]
    (row,) = (row for row in rows if not row["right"])
    assert row["error"] == pytest.approx(1e-3, rel=0.05)
    assert row["digits"] in (2, 3)


def test_a_text_known_by_heart_is_no_false_alarm():
    text = "ab" * 40
    trainer = rnn_pkg.Trainer(text, rnn_pkg.Config.for_text(text, hidden_size=8))
    metrics = trainer.train(steps=600)
    assert metrics.smooth_loss < 0.01
    assert all(row["right"] for row in check(trainer))


def test_weights_that_are_no_numbers_are_never_right(trainer):
    trainer.model.parameters["rnn.weight_hh_l0"][:] = math.nan
    rows = check(trainer)
    assert not any(row["right"] for row in rows)
    assert {row["error"] for row in rows} == {None}
    assert {row["digits"] for row in rows} == {0}


@pytest.mark.parametrize("loss", ["squared_error", "cross_entropy"])
def test_the_tutorial_is_checked(trainer, loss):
    rows = check(trainer, "check_tutorial", loss)
    assert [row["name"] for row in rows] == ["Wxh", "Whh", "Why", "bh", "by"]
    assert [row["meaning"] for row in rows][:2] == ["input to hidden", "hidden to hidden"]
    assert all(row["right"] and row["error"] < 1e-6 for row in rows)


def test_a_tutorial_wrong_by_a_thousandth_is_reported(trainer, monkeypatch):
    right = rnn_pkg.RNN.backward

    def wrong(*arguments):
        dWxh, dWhh, *others = right(*arguments)
        return dWxh, dWhh * 1.001, *others

    monkeypatch.setattr(rnn_pkg.RNN, "backward", wrong)
    rows = check(trainer, "check_tutorial", "cross_entropy")
    assert [row["name"] for row in rows if not row["right"]] == ["Whh"]
