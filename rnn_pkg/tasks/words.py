"""What people call what a task is about."""

from typing import NamedTuple


class Words(NamedTuple):
    """The words of a task.

    Attributes:
        data: what is learned: "text".
        parts: what it consists of, many of them: "characters".
        unit: of its loss: "nats per character".
        does: what the network does that knows it best: "writes".
    """

    data: str
    parts: str
    unit: str
    does: str


TEXT = Words("text", "characters", "nats per character", "writes, unless you choose the latest")

SERIES = {
    "gaussian": Words("series", "values", "nats per value", "forecasts"),
    "squared_error": Words("series", "values", "= half the mean squared error", "forecasts"),
}
"""By the loss."""
