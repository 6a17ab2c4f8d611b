"""Lesson 8: what comes back through time along each state of a cell, and what becomes of it."""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from rnn_pkg.checks import checked_number, either, shown
from rnn_pkg.engine.cells import CELLS
from rnn_pkg.engine.linalg import Array
from rnn_pkg.look.flow import Flow
from rnn_pkg.look.forgetting import has_gate, hold_gate, sent_back, through_gate, untrained
from rnn_pkg.page.lessons import limits
from rnn_pkg.page.lessons.answers import ForgettingLesson, Road
from rnn_pkg.page.lessons.own import LENGTH
from rnn_pkg.page.lessons.scene import scene
from rnn_pkg.page.lessons.tiny import check_word, checked_seed
from rnn_pkg.page.lessons.view import Reader, View


@lru_cache(maxsize=16)
def untrained_reader(word: str, seed: int, cell: str) -> Reader:
    """Return a network of a cell as it begins, and a text of a word's characters.

    Raises:
        ValueError: the word, the seed or the cell can't be taken.
    """
    check_word(word)
    seed = checked_seed(seed)
    if cell not in CELLS:
        raise ValueError(f"cell must be {either(list(CELLS))}, not {shown(cell)}")
    characters = "".join(sorted(set(word)))
    network, inputs, targets = untrained(cell, len(characters), np.random.default_rng(seed))
    words = (
        f"an untrained network ({network.cell.label}, {network.hidden_size} hidden units), seed "
        f"{seed}, that reads the characters of “{word}” in random order"
    )
    ids = np.concatenate([inputs, targets[-1:]])
    return Reader(network, cell, ids, characters, words)


def forgetting(
    reader: Reader, units: list[int], recurrence: float, forget: float | None, clip: float
) -> ForgettingLesson:
    """Return the lesson.

    Args:
        reader: which network, and what it reads.
        units: which of its units are shown.
        recurrence: every W_hh is multiplied by it.
        forget: what the forget gate is held at, if the cell has one; None leaves it alone.
        clip: the longest that the gradient may be; 0 leaves it as it is.
    """
    recurrence = checked_number("recurrence", recurrence, *limits.RECURRENCE, float)
    clip = checked_number("clip", clip, *limits.CLIP, float)
    network, words = reader.network.recurrence_times(recurrence), reader.words
    if recurrence != 1:
        words += f", W_hh times {recurrence:g}"
    if forget is not None and has_gate(network):
        forget = checked_number("the forget gate", forget, *limits.FORGET, float)
        network, words = hold_gate(network, forget), f"{words}, its forget gate held at {forget:g}"
    flows = sent_back(network, reader.ids[:-1], reader.ids[1:])
    alone = through_gate(network, reader.ids[:-1], reader.ids[1:])
    with np.errstate(over="ignore", invalid="ignore"):
        earlier, last = reader.ids[: -LENGTH - 1], reader.ids[-LENGTH - 1 :]
        state = network.forward(earlier[:, None])[1] if len(earlier) else None
        view = View(reader._replace(network=network, ids=last), units, state)
        view.words = f"{words}; {', '.join(view.units)} at the last time step"
        told = scene(view, "forgetting", len(last) - 2, first=len(earlier))
    best = best_road(flows)
    flow = flows[best]
    factor = flow.clip_factor(clip)  # the gradient of the parameters is the same for every road

    def road(state: str, symbol: str, norms: Array) -> Road:
        clipped = (norms * factor).tolist()
        return {"state": state, "symbol": symbol, "norms": norms.tolist(), "clipped": clipped}

    direct = None if alone is None else road("through the forget gate alone", "f", alone)
    return {
        "scene": told,
        "cells": {name: each.label for name, each in CELLS.items()},
        "cell": reader.cell,
        "gate": has_gate(network),
        "roads": [
            road(name, f"d{network.cell.letter(name)}".replace("_t", "_{t-1}"), flow.norms)
            for name, flow in flows.items()
        ],
        "through_gate": direct,
        "left_through_gate": None if alone is None else Flow(alone, flow.length).left(-1),
        "best": best,
        "left": flow.left(-1),
        "fate": flow.fate(),
        "length": flow.length,
        "factor": factor,
    }


def best_road(flows: Mapping[str, Flow]) -> str:
    """Return the state along which most comes back from afar; of those whose flow breaks, the
    first."""
    for state, flow in flows.items():
        if flow.fate() == "breaks":
            return state
    return max(flows, key=lambda state: float(flows[state].norms[-1]))
