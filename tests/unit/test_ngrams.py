"""N-gram models: the vectorised count against one that follows the formula, one by one."""

import math
from collections import Counter, defaultdict

import numpy as np
import pytest

from rnn_pkg.look.ngrams import ngram_losses
from rnn_pkg.tasks.guesses import uniform_loss, unigram_loss


def by_the_formula(training, held_out, vocabulary_size, order):
    followers = defaultdict(Counter)
    for n in range(order):
        for place in range(n, len(training)):
            followers[tuple(training[place - n : place])][training[place]] += 1

    def p(context, character):
        if context is None:
            return 1 / vocabulary_size
        shorter = p(context[1:] if context else None, character)
        counts = followers.get(context, Counter())
        total = sum(counts.values()) + len(counts)
        return (counts[character] + len(counts) * shorter) / total if total else shorter

    ids = [*training, *held_out]
    places = range(len(training), len(ids))
    logs = [math.log(p(tuple(ids[max(0, i - order + 1) : i]), ids[i])) for i in places]
    return -sum(logs) / len(logs)


@pytest.mark.parametrize("seed", range(20))
def test_losses_follow_the_formula(seed):
    rng = np.random.default_rng(seed)
    size = int(rng.integers(2, 6))
    training, held_out = rng.integers(0, size, int(rng.integers(8, 80))), rng.integers(0, size, 20)
    losses = list(ngram_losses(training, held_out, size, highest=5))
    for order, loss in enumerate(losses, 1):
        assert loss == pytest.approx(by_the_formula(training, held_out, size, order), rel=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_the_first_order_is_the_unigram_model(seed):
    rng = np.random.default_rng(seed)
    training, held_out = rng.choice(4, 300, p=[0.6, 0.3, 0.1, 0]), rng.integers(0, 4, 50)
    (loss,) = ngram_losses(training, held_out, 4, highest=1)
    assert unigram_loss(training, held_out, 4) == pytest.approx(loss, rel=1e-12)


def test_reference_losses():
    assert uniform_loss(8) == pytest.approx(math.log(8))
    ids = np.tile([0, 0, 0, 1, 3, 3], 1000)
    p = np.array([3, 1, 2]) / 6
    assert unigram_loss(ids, ids, 4) == pytest.approx(-(p * np.log(p)).sum(), rel=1e-3)


def test_a_text_that_repeats_is_known_by_its_context():
    ids = np.tile(np.arange(5), 200)
    unigram, bigram = ngram_losses(ids[:900], ids[900:], 5, highest=2)
    assert unigram == pytest.approx(math.log(5), rel=1e-2)
    assert bigram < 0.02


def test_characters_never_seen_in_training_are_possible():
    losses = list(ngram_losses(np.array([0, 1] * 20), np.array([2, 0, 2]), 3))
    assert all(map(math.isfinite, losses))


def test_a_context_longer_than_the_training_part_falls_back():
    losses = list(ngram_losses(np.array([0, 1, 0]), np.array([1, 0]), 2, highest=6))
    assert losses[-1] == pytest.approx(losses[3], rel=0.5)
    assert all(map(math.isfinite, losses))
