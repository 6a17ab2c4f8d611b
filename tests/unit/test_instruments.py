"""What the page's panels show of a run, beside what the package computes by itself."""

import io
import math
from functools import cache

import numpy as np
import pytest

import rnn_pkg
from rnn_pkg.config import EVALUATION_CHARACTERS
from rnn_pkg.engine.cells import CELLS
from rnn_pkg.engine.ends import character_ends
from rnn_pkg.engine.network import Network
from rnn_pkg.look import flow, reading, units
from rnn_pkg.look.ngrams import ngram_losses
from rnn_pkg.page.instruments import Instruments
from rnn_pkg.page.session import Session
from rnn_pkg.tasks.streams import Streams
from tests.unit.tab import in_a_tab_only

# What is looked at is told of every cell in the same way. This one has a cell state, too.
ONE_IN_A_TAB = in_a_tab_only("peephole", CELLS)

RHYME = "one two buckle my shoe\nthree four knock at the door\n" * 6


@cache
def file_of(steps, **settings):
    """The file of a run that has trained, once for all the tests that look at one of their own."""
    trainer = rnn_pkg.Trainer(RHYME, rnn_pkg.Config.for_text(RHYME, **settings))
    trainer.train(steps=steps)
    file = io.BytesIO()
    trainer.save(file)
    return file.getvalue()


def trained(steps, **settings):
    """A run that has trained, which goes on as if it had done so just now."""
    return rnn_pkg.load(io.BytesIO(file_of(steps, **settings)))


@pytest.fixture
def trainer():
    return trained(20, hidden_size=12, dropout=0, input_dropout=0)


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


def test_ngrams_are_tried_on_the_characters_of_the_validation_loss():
    text = "".join(f"{n} green bottles on the wall, and {n * 7 % 11} fell.\n" for n in range(6000))
    trainer = rnn_pkg.Trainer(text, rnn_pkg.Config.for_text(text, hidden_size=4))
    training, held_out = trainer.training_ids, trainer.held_out_ids
    places = trainer.places(len(training), EVALUATION_CHARACTERS)
    assert places.size == EVALUATION_CHARACTERS < len(held_out)
    counted = (places - len(training)).reshape(-1)
    expected = list(ngram_losses(training, held_out, len(trainer.vocabulary), counted=counted))
    lines = work(Instruments(trainer), "ngrams")[-1]["value"]
    assert [line["loss"] for line in lines] == expected[1:]
    everything = list(ngram_losses(training, held_out, len(trainer.vocabulary)))
    assert everything != expected
    assert everything == pytest.approx(expected, rel=0.1)


def test_without_a_held_out_part_there_are_no_ngrams():
    config = rnn_pkg.Config.for_text(RHYME, hidden_size=4, validation=0.0)
    (only,) = work(Instruments(rnn_pkg.Trainer(RHYME, config)), "ngrams")
    assert only == {"fraction": 1.0, "done": True, "value": []}


def test_memory_is_searched_in_what_was_trained_on(trainer):
    """The end of the text is held out: what stands only there, the network has never read."""
    instruments = Instruments(trainer)
    last = work(instruments, "memory", "eee" + RHYME[5:25] + "eee")[-1]
    assert last == {
        "fraction": 1.0,
        "done": True,
        "value": {"start": 3, "length": 20, "text_position": 5},
    }
    assert work(instruments, "memory", "")[-1]["value"]["length"] == 0

    text = "abab " * 20 + "quick zebra"
    trainer = rnn_pkg.Trainer(text, rnn_pkg.Config.for_text(text, hidden_size=4, validation=0.1))
    assert len(trainer.held_out_ids) == len("quick zebra")
    last = work(Instruments(trainer), "memory", "quick abab")[-1]
    assert last["value"] == {"start": 5, "length": 5, "text_position": 4}


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
        trainer.rngs[0].bit_generator.state == twin.rngs[0].bit_generator.state
        and trainer.step() == twin.step()
    )


def twin_of(trainer):
    """A run that is where this one is."""
    twin = rnn_pkg.Trainer(trainer.text, trainer.config)
    twin.train(steps=trainer.metrics.step)
    return twin


def test_the_flow_of_the_network_and_of_every_cell(trainer):
    twin = twin_of(trainer)
    slices = work(Instruments(trainer), "flow", 1.0)
    value = slices[-1]["value"]
    lines = value.pop("lines")
    assert value == {"step": 20, "distance": 64, "far": 20, "clip": 5.0}
    assert [line["name"] for line in lines] == ["own", *CELLS]
    fractions = [each["fraction"] for each in slices]
    assert fractions == sorted(fractions)
    assert fractions.count(1.0) == 1
    # What is known already isn't told again.
    told = [len(each["value"]["lines"]) for each in slices[:-1] if each["value"]]
    assert told == list(range(len(CELLS) + 1))
    assert len(slices) > 50

    steps, batch = reading.WARM_UP + 64, trainer.streams.peek()
    inputs, targets = Streams(trainer.task.whole, flow.WINDOWS, steps).next()
    networks = [trainer.model]
    for cell in CELLS:
        config = trainer.config.replace(cell=cell)
        networks.append(
            Network(config, character_ends(len(trainer.vocabulary)), np.random.default_rng(0))
        )
    for line, network in zip(lines, networks, strict=True):
        (*_, (_, norms)) = flow.gradient_flow(network, inputs, targets)
        assert norms is not None
        state = trainer.state if line["name"] == "own" else None
        length = flow.gradient_length(network, batch[0], batch[1], state)
        assert line["norms"] == pytest.approx(list(norms))
        assert line["length"] == pytest.approx(length)
        assert line["left"] == pytest.approx(norms[20] / norms[0])
        assert line["end"] == pytest.approx(norms[63] / norms[0])
        assert line["fate"] == flow.Flow(norms, length).fate()
    assert lines[0]["length"] == pytest.approx(twin.step().grad_norm)
    trainer.step()
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
    session.call(
        "text",
        "begin",
        session.call("text", "describe", RHYME)["value"]["text_id"],
        {"hidden_size": 4},
    )
    session.call("text", "start", "flow", 5)
    message = session.call("text", "advance", "flow", 1)["error"]["message"]
    assert message == "recurrence must be a number from 0.25 to 4, not 5"


@pytest.mark.native
@pytest.mark.parametrize(
    "settings",
    [{}, {"layers": 2, "dropout": 0.5}, {"sequence_length": 1}],
)
@pytest.mark.parametrize("cell", CELLS)
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
    "name",
    in_a_tab_only(
        "rnn.weight_hh_l0",
        ["rnn.weight_ih_l0", "rnn.weight_hh_l0", "rnn.bias_hh_l0", "decoder.weight"],
    ),
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


@pytest.mark.native
def test_a_text_known_by_heart_is_no_false_alarm():
    text = "ab" * 40
    trainer = rnn_pkg.Trainer(text, rnn_pkg.Config.for_text(text, hidden_size=8, dropout=0))
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


@pytest.fixture(params=ONE_IN_A_TAB)
def deep(request):
    return trained(30, cell=request.param, hidden_size=6, layers=2)


def value_of(instruments, job, *arguments):
    return work(instruments, job, *arguments)[-1]["value"]


def activations_of(value):
    characters = len(value["characters"])
    return np.frombuffer(value["activations"], np.float32).reshape(-1, characters)


def test_the_held_out_part_is_read_after_what_stands_before_it(deep):
    cut = len(deep.training_ids)
    ids = deep.ids[cut - 64 :][: 64 + 384, None]
    logits, _, caches = deep.best.forward(ids)
    for layer in (0, 1):
        inside = deep.best.cell.activations(caches[layer].cell)
        for name, values in inside.items():
            value = value_of(Instruments(deep), "read", layer, name)
            assert "".join(value["characters"]) == deep.text[cut:]
            assert value["names"] == list(inside)
            assert value["skipped"] == ""
            np.testing.assert_allclose(activations_of(value), values[64:, 0].T, atol=1e-5)
            limits = reading.limits(values[64:], deep.best.cell.shows[name])
            assert (value["low"], value["high"]) == limits
    p = np.exp(logits[63:-1, 0])
    p /= p.sum(axis=1, keepdims=True)
    expected = p[np.arange(len(p)), ids[64:, 0]]
    assert value["probabilities"] == pytest.approx(expected, rel=1e-4)


def test_a_passage_is_read_after_its_context_or_as_it_would_be_written(deep):
    def hidden(text):
        _, _, caches = deep.best.forward(deep.vocabulary.encode(text)[:, None])
        return caches[0].hidden[:, 0].T

    instruments = Instruments(deep)
    value = value_of(instruments, "read", 0, "", "Qdoor", "knock at the ")
    assert value["skipped"] == "'Q'"
    assert value["name"] == "hidden state"
    np.testing.assert_allclose(
        activations_of(value), hidden("knock at the door")[:, -4:], atol=1e-5
    )
    value = value_of(instruments, "read", 0, "", "door")
    np.testing.assert_allclose(activations_of(value), hidden("\ndoor")[:, 1:], atol=1e-5)
    assert len(value_of(instruments, "read", 0, "", "one " * 500)["characters"]) == 384


@pytest.mark.native
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((2, ""), "layer must be from 0 to 1, not 2"),
        ((0, "memory"), "this cell has no 'memory'; it has hidden state"),
        ((0, "", "QQQ"), "never seen any character"),
    ],
)
def test_what_cannot_be_read_is_told(deep, arguments, message):
    instruments = Instruments(deep)
    instruments.start("read", *arguments)
    with pytest.raises(ValueError, match=message):
        instruments.advance("read", 0)


def test_the_most_selective_units_come_first(deep):
    found = value_of(Instruments(deep), "selectivity", 1)
    assert sorted(each["unit"] for each in found) == list(range(6))
    strengths = [abs(each["correlation"]) for each in found]
    assert strengths == sorted(strengths, reverse=True)

    starts, length, warm_up = units.spread(len(RHYME))
    assert len(starts) == 1
    window = deep.ids[starts[0] - warm_up : starts[0] + length, None]
    _, _, caches = deep.best.forward(window)
    unit = caches[1].hidden[warm_up:, 0, found[0]["unit"]]
    feature = units.features(RHYME)[found[0]["feature"]][starts[0] : starts[0] + length]
    assert found[0]["correlation"] == pytest.approx(np.corrcoef(unit, feature)[0, 1], abs=1e-5)
    with pytest.raises(ValueError, match="layer must be"):
        value_of(Instruments(deep), "selectivity", -1)


def test_silenced_units_are_not_heard_until_they_are_again(deep):
    instruments = Instruments(deep)
    intact = value_of(instruments, "read", 0, "")
    assert instruments.network is deep.best
    instruments.silence([[0, 3], [1, 2], [0, 3]])
    value = value_of(instruments, "read", 0, "")
    assert not activations_of(value)[3].any()
    assert value["probabilities"] != pytest.approx(intact["probabilities"], abs=1e-4)

    compared = value_of(instruments, "compare_silenced", "one ", 0.5)
    silent = deep.best.silenced([(0, 3), (1, 2)])
    assert compared["held_out"]
    assert compared["losses"] == (deep.evaluate(4096), deep.evaluate(4096, silent))
    assert compared["losses"][0] != compared["losses"][1]
    assert compared["texts"] == (
        deep.sample("one ", 120, 0.5, seed=0),
        deep.sample("one ", 120, 0.5, seed=0, network=silent),
    )
    deep.train(steps=3)
    moved = instruments.network.parameters["decoder.bias"]
    np.testing.assert_array_equal(moved, deep.best.parameters["decoder.bias"])

    with pytest.raises(ValueError, match="no unit 6 in layer 0"):
        instruments.silence([[0, 6]])
    instruments.silence([])
    assert instruments.network is deep.best


@pytest.mark.native
@pytest.mark.parametrize(
    "job", [("compare_silenced", "one ", 0.5), ("read", 0, ""), ("selectivity", 0)]
)
def test_what_is_looked_at_stands_still_while_training_goes_on(deep, monkeypatch, job):
    monkeypatch.setattr(reading, "SLICE", 1)  # a character at a time
    instruments = Instruments(deep)
    instruments.silence([[0, 3]])
    still = value_of(instruments, *job)
    instruments.start(*job)
    while not (slice := instruments.advance(job[0], 0))["done"]:
        if slice["fraction"] < 0.1:
            deep.train(steps=1)
    assert slice["value"] == still


def test_without_a_held_out_part_silence_is_measured_on_the_training_part():
    config = rnn_pkg.Config.for_text(RHYME, hidden_size=4, validation=0.0)
    trainer = rnn_pkg.Trainer(RHYME, config)
    instruments = Instruments(trainer)
    instruments.silence([[0, 1]])
    compared = value_of(instruments, "compare_silenced", "", 1.0)
    assert not compared["held_out"]
    *_, (read, loss) = trainer.measure(64, 4096)
    assert (read, loss) == (1, compared["losses"][0])
    assert "".join(value_of(instruments, "read", 0, "")["characters"]) == RHYME[1:385]


@pytest.mark.parametrize("length", [20, 21, 70])
def test_short_texts_can_be_looked_into(length):
    trainer = rnn_pkg.Trainer("ab cde, fgh ij. klm nop qrs tuv wxyz "[:length] * 2, None)
    instruments = Instruments(trainer)
    assert len(value_of(instruments, "selectivity", 0)) == trainer.config.hidden_size
    assert value_of(instruments, "read", 0, "")["characters"]
