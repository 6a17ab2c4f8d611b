"""What is a list, and what of a text is learned and held out, in what order."""

import textwrap
from pathlib import Path

import pytest

import rnn_pkg
from rnn_pkg.tasks.order import held_out_size, is_list, ordered

NAMES = [first + last for first in ("ab", "cor", "del", "fen", "gol") for last in "aeiouy"]
EXAMPLES = Path(__file__).parents[2] / "web/examples"
SORTED = "\n".join(NAMES) + "\n"

PROSE = (
    "She went to the window and looked out, for the rain had stopped at last. Down in the street "
    "somebody was whistling the tune that her brother used to whistle.\n\n"
)
SPEECH = "Well, here we are.\nWhere is the boat?\nIt was here, I swear!\nThen swim, I suppose.\n"
CODE = "def f(x):\n    y = x + 1\n    return y\n\n\nfor k in range(9):\n    print(f(k))\n"
HAIKU = "the old pond again\na frog is thinking of it\nand then it is not\n\n"


@pytest.mark.parametrize(
    "text",
    [
        SORTED,
        SORTED.removesuffix("\n"),
        SORTED.replace("\n", "\n\n", 2),
        "".join(f"{a} + {b} = {a + b}\n" for a in range(7) for b in range(5)),
        "".join(f"{chr(0x4E00 + k)}{chr(0x4E80 + 3 * k)}\n" for k in range(40)),
        "".join(f"{name},{len(name)},{place}\n" for place, name in enumerate(NAMES)),
        "".join(f"Frau Dr. {name.title()} (Ulm)\n" for name in NAMES),
        "".join(f"The {name} of {name[::-1]}\n" for name in NAMES),
        "".join(f"{name.title()} Inc.\n" for name in NAMES),
        "".join(f'"{name}",\n' for name in NAMES),
    ],
    ids=[
        *("names", "no last break", "two gaps", "sums", "Chinese", "table"),
        *("brackets at the end", "titles", "companies", "quoted"),
    ],
)
def test_lists(text):
    assert is_list(text)
    assert rnn_pkg.Config.for_text(text).order == "lines"
    assert rnn_pkg.Config.for_text(text, order="text").order == "text"


@pytest.mark.parametrize(
    "text",
    [
        PROSE * 30,
        SPEECH * 20,
        "".join(f"{k}: {line}\n" for k in range(20) for line in SPEECH.splitlines()),
        CODE * 10,
        HAIKU * 20,
        "heads\ntails\ntails\n" * 20,
        "\n".join(NAMES[:15]),
        "ACGT" * 5000,
        "\n" * 60 + "a few words",
        "".join(f"chapter {k} of a book that has lines as long as this one\n" for k in range(50)),
        "。\n".join(f"{k}春眠不覺曉" for k in range(40)),
        "".join("春眠不覺曉處處聞啼鳥夜來風雨聲花落知"[k % 9 :] + f"{k}\n" for k in range(40)),
        "\n".join(str(1000 - 3 * k) for k in range(60)),
        "".join(f"{20 + k % 7},{k}\n" for k in range(60)),
        "".join(f"2026-{month:02}-01; 1’{month * 37:03},5\n" for month in range(1, 30)),
        *(textwrap.fill(PROSE * 30, width) for width in (25, 32, 38, 40)),
        "\n".join(textwrap.wrap(PROSE.replace(".", "") * 9, 30)),
        "\n".join("".join("ACGT"[k * k * j % 7 % 4] for j in range(40)) for k in range(1, 60)),
    ],
    ids=[
        *("prose", "speech", "dialogue", "code", "verse", "the same again", "too few", "one line"),
        *("blank", "long lines", "Chinese sentences", "Chinese without stops"),
        *(
            "numbers",
            "readings",
            "months",
            "wrapped at 25",
            "at 32",
            "at 38",
            "at 40",
            "poem",
            "DNA",
        ),
    ],
)
def test_what_is_no_list_stays_as_it_stands(text):
    assert not is_list(text)
    assert rnn_pkg.Config.for_text(text).order == "text"
    assert ordered(text, "text", 0.1, 0) == (text, held_out_size(len(text), 0.1))


def test_whole_lines_are_held_out_from_all_over_the_list():
    lines = [f"{k:03}" for k in range(200)]
    text, held_out = ordered("\n".join(lines) + "\n", "lines", 0.1, 7)
    tried = text[-held_out:].split("\n")[:-1]
    learned = text[:-held_out].split("\n")[:-1]
    assert sorted(learned + tried) == lines
    assert learned != sorted(learned)
    assert sorted(int(line) // 10 for line in tried) == list(range(20))  # one in every ten


def test_a_list_of_any_length_is_drawn_everywhere():
    """In WebAssembly a number of NumPy's own choice has 32 bits."""
    lines = [str(k) for k in range(150_000)]
    text, held_out = ordered("\n".join(lines), "lines", 0.5, 0)
    tried = text[-held_out:].split("\n")
    assert len(tried) == 75_000
    assert sorted(text.split("\n")) == sorted(lines)


def test_what_is_drawn_stays_the_same_with_every_numpy():
    text, held_out = ordered("\n".join(NAMES), "lines", 0.1, 3)
    assert text[-held_out:].split("\n") == ["cory", "coro", "goli"]
    assert text.split("\n")[:3] == ["gole", "delu", "feno"]


def test_the_seed_draws_the_order():
    first = ordered(SORTED, "lines", 0.1, 1)
    assert ordered(SORTED, "lines", 0.1, 1) == first
    assert ordered(SORTED, "lines", 0.1, 2) != first


def test_copies_of_a_line_are_never_on_both_sides():
    text, held_out = ordered(SORTED * 3, "lines", 0.2, 0)
    learned, tried = (set(part.split("\n")) - {""} for part in (text[:-held_out], text[-held_out:]))
    assert tried
    assert learned.isdisjoint(tried)


@pytest.mark.native
@pytest.mark.parametrize("name", ["stories", "play"])
@pytest.mark.parametrize("width", [25, 30, 40, 50, 70])
def test_the_page_s_prose_is_no_list_however_it_is_wrapped(name, width):
    text = (EXAMPLES / f"{name}.txt").read_text("utf-8")
    assert not is_list(text)
    assert not is_list(textwrap.fill(text, width))
    assert not is_list("\n".join(textwrap.wrap(text, width)))


@pytest.mark.parametrize("seed", range(20))
def test_a_line_that_comes_again_and_again_is_not_held_out(seed):
    text = "\n".join(NAMES + ["unknown"] * len(NAMES))
    arranged, held_out = ordered(text, "lines", 0.1, seed)
    assert "unknown" not in arranged[-held_out:]
    assert held_out < 0.2 * len(text)


def test_nothing_is_held_out_where_that_is_wanted():
    text, held_out = ordered(SORTED, "lines", 0, 0)
    assert held_out == 0
    assert sorted(text.split("\n")) == sorted(SORTED.split("\n"))


def test_lines_need_two_different_ones_to_hold_one_out():
    with pytest.raises(ValueError, match=r"order can't be lines: .* two different ones"):
        rnn_pkg.Trainer("one long line, and no other at all", rnn_pkg.Config(order="lines"))


def test_sizes_of_the_held_out_end():
    assert [held_out_size(n, share) for n, share in ((100, 0.1), (20, 0.001), (50, 0.0))] == [
        *(10, 1, 0)
    ]


def test_a_trainer_learns_and_tries_what_is_ordered():
    trainer = rnn_pkg.Trainer(SORTED)
    assert trainer.text == SORTED
    assert trainer.vocabulary.decode(trainer.ids) == trainer.ordered
    assert len(trainer.held_out_ids) == ordered(SORTED, "lines", 0.1, 0).held_out
    assert sorted(trainer.ordered) == sorted(SORTED)


@pytest.mark.native
def test_a_sorted_list_is_known_better_for_it():
    """Dinosaurs: a network that has read A to S is tried on T to Z, or on names from all over."""
    text = (EXAMPLES / "dinosaurs.txt").read_text("utf-8")
    best: dict[str, float] = {}
    for order in ("text", "lines"):
        config = rnn_pkg.Config.for_text(text, order=order, evaluate_every=25)
        trainer = rnn_pkg.Trainer(text, config)
        trainer.train(steps=150)
        best[order] = trainer.metrics.best_loss or 9.0
    assert best["lines"] < best["text"] - 0.15
