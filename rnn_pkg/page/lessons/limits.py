"""What may be chosen in the lessons, and what is chosen if nobody does: the page is told of it."""

from rnn_pkg.look.flow import EXPLODED, VANISHED
from rnn_pkg.page.answers import LessonDefaults, LessonNumbers

LENGTH, DISTINCT = (2, 12), (2, 6)
"""Characters of the tiny network's word, and how many of them are different: least and most."""

SEED = (0, 2**32 - 1)

UNITS = (1, 4)
"""How many units are shown of a network with more."""

VALUE = (-1.0, 1.0)
"""What a number of the hidden state is changed to: between these, tanh keeps every number."""

PROBABILITY = (0.001, 1.0)
"""Of 0 the loss would be infinite."""

RATE, CLIP = (0.0, 100.0), (0.0, 1000.0)

RECURRENCE = (0.25, 6.0)
"""What W_hh is multiplied by: by 6, an untrained RNN's gradient explodes."""

FORGET = (0.0, 1.0)
"""What the forget gate is held at."""

DEFAULTS: LessonDefaults = {
    "word": "hello",
    "seed": 0,
    "rate": 0.1,
    "clip": 5.0,
    "cell": "rnn",
    "recurrence": 1.0,
    "forget": 1.0,
    "forgetting_clip": 1.0,
}

NUMBERS: LessonNumbers = {
    "length": LENGTH,
    "distinct": DISTINCT,
    "seed": SEED,
    "units": UNITS,
    "value": VALUE,
    "probability": PROBABILITY,
    "rate": RATE,
    "clip": CLIP,
    "recurrence": RECURRENCE,
    "forget": FORGET,
    "left": (VANISHED, EXPLODED),
    "defaults": DEFAULTS,
}
