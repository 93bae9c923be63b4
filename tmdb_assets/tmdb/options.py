"""Options: what a user gave, or one sentence that says what is allowed."""

import math
from collections.abc import Callable
from typing import TypeVar

__all__ = ["checked", "checked_seconds"]

T = TypeVar("T")


def checked(name: str, value: T, allowed: str, is_allowed: Callable[[T], bool]) -> T:
    """Return the value, when it is allowed.

    Parameters
    ----------
    name
        What the user calls it.
    value
        What the user gave.
    allowed
        How the sentence ends, such as ``"a whole number from 1 to 1000"``.
    is_allowed
        Whether it is; a ``TypeError`` says that it is not.

    Raises
    ------
    ValueError
        When it is not.
    """
    try:
        if is_allowed(value):
            return value
    except TypeError:
        pass  # a text where a number belongs
    raise ValueError(f"{name} is {value!r}; it must be {allowed}.")


def checked_seconds(name: str, value: float) -> float:
    """Return the seconds, when they are a number above 0."""
    return checked(name, value, "a number of seconds above 0", lambda seconds: 0 < seconds < math.inf)
