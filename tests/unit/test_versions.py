"""A model file of every version that was ever released opens, and its run goes on as it would have.

`fixtures/version-3.npz` was saved by the page of that version: an LSTM of two layers on a sorted
list, 15 steps, the learning rate changed after 12 of them. What it reached five steps later was
computed by the package of that version. `fixtures/version-4.npz` is of a GRU that had learned this
list for five steps, and went on with a changed one, line by line. `fixtures/version-5.npz` is of
two GRUs that learn such a list at once: 37 steps, so within a round, and the rate changed after 20.
`fixtures/version-6.npz` is of an LSTM with coupled gates that learned a series for 61 steps, the
rate changed after 40. `fixtures/version-7.npz` is of an LSTM of two layers that learned a text for
33 steps, the batch size changed after 20.
"""

import io
import json
import zipfile
from pathlib import Path

import pytest

import rnn_pkg

FIXTURES = Path(__file__).parent / "fixtures"


def test_version_3_goes_on():
    trainer = rnn_pkg.load(FIXTURES / "version-3.npz")
    assert trainer.steps == 15
    assert trainer.text.startswith("aban\nabbel\n")
    assert trainer.rates == [(0, 0.01), (12, 0.02)]
    # Its list is learned as it stands, for so it was begun.
    assert trainer.config.order == "text"
    assert trainer.ordered == trainer.text
    assert trainer.origins == []
    # The weights of its best step were not kept.
    assert trainer.metrics.best_step is trainer.metrics.best_loss is None
    assert trainer.best is trainer.averaged
    trainer.train(steps=5)
    assert trainer.metrics.best_step == 20
    assert trainer.metrics.train_loss == pytest.approx(2.645952263048717, abs=1e-5)
    assert trainer.evaluate() == pytest.approx(2.7606895428437452, abs=1e-5)


def test_version_4_goes_on():
    trainer = rnn_pkg.load(FIXTURES / "version-4.npz")
    assert trainer.steps == 237
    assert trainer.config.order == "lines"
    assert trainer.text.startswith("Aban\nAbbel\n")
    assert trainer.vocabulary.decode(trainer.held_out_ids).split() == [
        *("Jurdur", "Heskbel", "Curel", "Delan"),
    ]
    assert [(origin.steps, origin.shared, origin.drawn) for origin in trainer.origins] == [
        (5, 12, 9)
    ]
    assert trainer.metrics.best_step is trainer.metrics.best_loss is None
    trainer.train(steps=5)
    assert trainer.metrics.train_loss == pytest.approx(0.5877794687777558, abs=1e-5)
    assert trainer.evaluate() == pytest.approx(0.684389204752666, abs=1e-5)


def test_version_5_goes_on():
    trainer = rnn_pkg.load(FIXTURES / "version-5.npz")
    assert (trainer.steps, trainer.settled, trainer.config.workers) == (37, 32, 2)
    assert trainer.rates == [(0, 0.02), (20, 0.01)]
    assert trainer.metrics.best_step == 32
    assert trainer.best is not trainer.averaged
    trainer.train(steps=15)
    assert trainer.metrics.best_step == 48
    assert trainer.metrics.train_loss == pytest.approx(2.7501976154744625, abs=1e-5)
    assert trainer.evaluate() == pytest.approx(2.7260211916764576, abs=1e-5)


def test_version_6_goes_on():
    trainer = rnn_pkg.load(FIXTURES / "version-6.npz")
    assert (trainer.steps, trainer.series.name, len(trainer.series)) == (61, "warmth", 48)
    assert trainer.rates == [(0, 0.01), (40, 0.004)]
    assert (trainer.batch_sizes, trainer.stays) == ([(0, 4)], [])
    assert trainer.metrics.best_step == 60
    trainer.train(steps=5)
    assert trainer.metrics.train_loss == pytest.approx(-0.04142842910907887, abs=1e-5)
    assert trainer.evaluate() == pytest.approx(0.005642919715397844, abs=1e-5)


def test_version_7_goes_on():
    trainer = rnn_pkg.load(FIXTURES / "version-7.npz")
    assert (trainer.steps, trainer.batch_sizes) == (33, [(0, 4), (20, 2)])
    assert trainer.metrics.best_step == 30
    # All its weights learn at one rate.
    assert trainer.config.hidden_rate == 1
    trainer.train(steps=5)
    assert trainer.metrics.train_loss == pytest.approx(2.0669969841837883, abs=1e-5)
    assert trainer.evaluate() == pytest.approx(2.2975152566515167, abs=1e-5)


def test_version_3_is_saved_as_the_present_one(tmp_path):
    trainer = rnn_pkg.load(FIXTURES / "version-3.npz")
    trainer.save(tmp_path / "again.npz")
    again = rnn_pkg.load(tmp_path / "again.npz")
    assert again.metrics == trainer.metrics
    assert again.config == trainer.config


@pytest.mark.parametrize(
    "changes",
    [
        {"config": {"evaluate_every": 0}},
        {"curve": {"step": [1]}},
        {"curve": {"validation": ["x"]}},
        {"metrics": {"step": "x"}},
        {"metrics": {"validation_loss": -1.0}},
        {"curve": None},
        {"metrics": []},
    ],
    ids=str,
)
def test_a_damaged_file_of_version_3_is_refused(changes):
    file = io.BytesIO()
    with zipfile.ZipFile(FIXTURES / "version-3.npz") as old, zipfile.ZipFile(file, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == "header.json":
                header = json.loads(content)
                for name, change in changes.items():
                    header[name] = header[name] | change if isinstance(change, dict) else change
                content = json.dumps(header).encode()
            new.writestr(info, content)
    with pytest.raises(ValueError, match="a damaged model file: "):
        rnn_pkg.load(file)
