"""Values checked, and the words in which a message names them."""

import numbers
from contextlib import suppress
from typing import Any


def checked_number(name: str, value: Any, minimum: float, maximum: float, kind: type) -> Any:
    """Return the value as an int or a float, as `kind` says; NumPy's numbers are taken too.

    Raises:
        ValueError: it is not a number of that kind, or not within its range.
    """
    is_number = isinstance(value, numbers.Integral if kind is int else numbers.Real)
    if is_number and not isinstance(value, bool):
        with suppress(OverflowError):  # a whole number may be larger than any float
            # Compared as it is, a float32 would have the limits rounded to its like first.
            number = kind(value)
            if minimum <= number <= maximum:
                return number
    if kind is int:
        allowed = f"a whole number from {minimum:,} to {maximum:,}"
    else:
        allowed = f"a number from {minimum:g} to {maximum:g}"
    raise ValueError(f"{name} must be {allowed}, not {shown(value)}")


def check_str(name: str, value: Any) -> None:
    """Raise ValueError unless this is a str."""
    if not isinstance(value, str):
        raise ValueError(f"{name} must be a str, not {type(value).__name__}")


def shown(value: Any) -> str:
    """Write any value so that an error message can quote it."""
    try:
        return shortened(repr(value))
    except Exception:  # of a whole number of more than 4,300 digits there is none, to save time
        return f"a value of type {type(value).__name__}"


def shortened(text: str, most: int = 60) -> str:
    """Cut a text, if need be, to so many characters."""
    return text if len(text) <= most else f"{text[: most - 3]}..."


def either(words: list[str]) -> str:
    """Join words that one may choose among: "a, b or c"."""
    return _joined(words, " or ")


def listed(words: list[str]) -> str:
    """Join words that belong together: "a, b and c"."""
    return _joined(words, " and ")


def _joined(words: list[str], last: str) -> str:
    return last.join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
