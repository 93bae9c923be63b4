"""Chance that repeats: a random stream per seed and purpose."""

from random import Random


def draws(*purpose: int | str) -> Random:
    """Return the stream of draws for a purpose: the same purpose, the same draws."""
    return Random(":".join(map(str, purpose)))  # noqa: S311 - repeatable is the point


def chance(draw: Random, share: float) -> bool:
    """Draw whether something happens that happens in this share of cases."""
    return draw.random() < share
