"""The next character's distribution, and writing with it."""

import numpy as np
import pytest

from rnn_pkg import Config, Vocabulary
from rnn_pkg.engine.ends import character_ends
from rnn_pkg.engine.network import Network
from rnn_pkg.tasks.sampling import ALTERNATIVES, Writer, check_sampling, distribution, softmax

P = np.array([0.1, 0.4, 0.2, 0.3])
LOGITS = np.log(P).astype(np.float32)


def test_temperature_one_is_the_softmax():
    np.testing.assert_allclose(distribution(LOGITS, 1.0), P, rtol=1e-6)


def test_temperature_sharpens_and_flattens():
    np.testing.assert_allclose(distribution(LOGITS, 0.5), P**2 / (P**2).sum(), rtol=1e-5)
    np.testing.assert_allclose(distribution(LOGITS, 100.0), 0.25, atol=0.005)
    np.testing.assert_array_equal(distribution(LOGITS, 0.0), [0, 1, 0, 0])
    np.testing.assert_allclose(distribution(LOGITS * 1000, 1e-3), [0, 1, 0, 0], atol=1e-12)


def test_top_k_keeps_the_k_likeliest():
    np.testing.assert_allclose(distribution(LOGITS, 1.0, top_k=2), [0, 4 / 7, 0, 3 / 7], rtol=1e-6)
    np.testing.assert_allclose(distribution(LOGITS, 1.0, top_k=9), P, rtol=1e-6)
    ties = distribution(np.zeros(5), 1.0, top_k=2)
    assert sorted(ties) == [0, 0, 0, 0.5, 0.5]


def test_top_p_keeps_the_smallest_nucleus_that_reaches_p():
    np.testing.assert_allclose(distribution(LOGITS, 1.0, top_p=0.35), [0, 1, 0, 0])
    np.testing.assert_allclose(
        distribution(LOGITS, 1.0, top_p=0.65), [0, 4 / 7, 0, 3 / 7], rtol=1e-6
    )
    np.testing.assert_allclose(distribution(LOGITS, 1.0, top_p=1e-9), [0, 1, 0, 0])


def test_top_p_looks_at_what_top_k_left():
    p = distribution(LOGITS, 1.0, top_k=3, top_p=0.5)
    np.testing.assert_allclose(p, [0, 4 / 7, 0, 3 / 7], rtol=1e-6)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((-1, 1.0, 0, 1.0), "length must be a whole number from 0 to 1,000,000, not -1"),
        ((1.5, 1.0, 0, 1.0), "length must be a whole number from 0 to 1,000,000, not 1.5"),
        ((1, -0.1, 0, 1.0), "temperature must be a number from 0 to 100, not -0.1"),
        ((1, float("nan"), 0, 1.0), "temperature must be a number from 0 to 100, not nan"),
        ((1, "hot", 0, 1.0), "temperature must be a number from 0 to 100, not 'hot'"),
        ((1, 1.0, -1, 1.0), "top_k must be a whole number"),
        ((1, 1.0, 0, 0.0), "top_p must be a number from 1e-06 to 1, not"),
        ((1, 1.0, 0, None), "top_p must be a number from 1e-06 to 1, not"),
    ],
)
def test_bad_arguments_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        check_sampling(*arguments)


def make_writer(context, seed=0):
    vocabulary = Vocabulary("abcdef")
    network = Network(
        Config(hidden_size=8), character_ends(len(vocabulary)), np.random.default_rng(0)
    )
    return Writer(network, vocabulary, vocabulary.encode(context), np.random.default_rng(seed))


def test_the_same_seed_writes_the_same():
    first, second, other = make_writer("abc"), make_writer("abc"), make_writer("abc", seed=1)
    texts = ["".join(w.next() for _ in range(50)) for w in (first, second, other)]
    assert texts[0] == texts[1] != texts[2]
    assert set(texts[0]) <= set("abcdef")


def test_a_context_of_any_length_is_read_whole():
    long = "abcdef" * 200
    writer = make_writer(long)
    logits, _, _ = writer._network.forward(Vocabulary("abcdef").encode(long)[:, None])
    np.testing.assert_allclose(writer._logits, logits[-1, 0], rtol=1e-4, atol=1e-6)


@pytest.mark.native
def test_characters_are_drawn_as_often_as_predicted():
    writer = make_writer("a")
    drawn = []
    for _ in range(4000):
        writer._logits = np.log(np.array([0.5, 0.25, 0.125, 0.125, 1e-9, 1e-9]))
        drawn.append(writer.next(temperature=1.0))
    share = np.array([drawn.count(c) for c in "abcdef"]) / len(drawn)
    np.testing.assert_allclose(share, [0.5, 0.25, 0.125, 0.125, 0, 0], atol=0.03)


def test_a_prediction_is_the_networks_own_whatever_is_drawn_from():
    writer = make_writer("abc")
    p = softmax(writer._logits)
    prediction = writer.next_prediction(temperature=0, top_k=2, top_p=0.1)
    likeliest = np.argsort(-p)
    assert prediction.character == "abcdef"[likeliest[0]]
    assert prediction.probability == pytest.approx(p.max())
    assert [c for c, _ in prediction.alternatives] == ["abcdef"[k] for k in likeliest]
    np.testing.assert_allclose([q for _, q in prediction.alternatives], p[likeliest])


def test_predictions_don_t_change_what_is_written():
    with_them, without = make_writer("abc"), make_writer("abc")
    text = "".join(without.next() for _ in range(30))
    assert "".join(with_them.next_prediction().character for _ in range(30)) == text


def test_only_the_likeliest_alternatives_are_named():
    vocabulary = Vocabulary("abcdefghij")
    network = Network(
        Config(hidden_size=8), character_ends(len(vocabulary)), np.random.default_rng(0)
    )
    writer = Writer(network, vocabulary, vocabulary.encode("a"), np.random.default_rng(0))
    alternatives = writer.next_prediction().alternatives
    assert len(alternatives) == ALTERNATIVES == 6
    p = [q for _, q in alternatives]
    assert p == sorted(p, reverse=True)


def test_a_reading_in_pieces_predicts_what_one_by_one_does():
    ids = Vocabulary("abcdef").encode("fedcba" * 100)
    at_once, singly = make_writer("a"), make_writer("a")
    together = at_once.predict(ids)
    apart = [singly.predict(ids[k : k + 1])[0] for k in range(len(ids))]
    assert "".join(prediction.character for prediction in together) == "fedcba" * 100
    np.testing.assert_allclose(
        [prediction.probability for prediction in together],
        [prediction.probability for prediction in apart],
        rtol=1e-4,
    )


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("temperature", [1e-320, 5e-324, 1e-30, 1e-3])
def test_the_tiniest_temperature_takes_the_likeliest_without_a_warning(temperature):
    logits = np.array([-80, 3, 2.9, 80], np.float32)
    np.testing.assert_array_equal(distribution(logits, temperature), [0, 0, 0, 1])
    ties = distribution(np.array([1, 1, 0], np.float32), temperature)
    np.testing.assert_array_equal(ties, [0.5, 0.5, 0])


def test_a_writer_knows_where_a_line_ends():
    vocabulary = Vocabulary("a \n")
    network = Network(Config(hidden_size=2), character_ends(3), np.random.default_rng(0))
    writer = Writer(network, vocabulary, vocabulary.encode("\n"), np.random.default_rng(0))
    for character, ended in [("\n", False), (" ", False), ("\n", False), ("a", False),
                             (" ", False), ("\n", True), ("\n", False)]:  # fmt: skip
        writer.read(vocabulary.encode(character))
        assert writer.line_ended == ended
    writer.read(vocabulary.encode("a\na"))
    assert not writer.line_ended
    writer.read(vocabulary.encode("\n"))
    assert writer.line_ended
