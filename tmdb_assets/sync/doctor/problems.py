"""What can be wrong with a data folder, and what mends it."""

import enum
from collections.abc import Callable
from contextlib import AbstractContextManager

import msgspec

OnProgress = Callable[[int, int], None]
"""Called with how much is looked at, and how much there is."""

Watch = Callable[[str, str], AbstractContextManager[OnProgress]]
"""Called with what is looked at and in what units, for one who is told how far it is."""


class Mend(enum.Enum):
    """What mends a problem; the value says that it was done. They are done in this order."""

    REMOVE = "It was removed."
    SALVAGE = "What can be read of it was kept, and it was set aside."
    KEEP = "It was kept again as the lake has it."
    REBUILD = "The tables were made again from the journal."
    FORGET = "It was forgotten."
    SET_ASIDE = "It was set aside: Dagster begins a new one, and its history of runs is lost."
    SEAL = "It was sealed."
    PUBLISH = "It was published again."


class Problem(msgspec.Struct, frozen=True):
    """Something that is wrong.

    Attributes
    ----------
    part
        Where: ``origin``, ``journal``, ``lists``, ``lake``, ``snapshot``, ``state``, ``dagster`` or
        ``folder``.
    what
        A sentence on what is wrong.
    mend
        What mends it; None where only people can.
    remedy
        A sentence on what to do where it cannot be mended.
    subject
        What the mend is about: a file, or an upload.
    """

    part: str
    what: str
    mend: Mend | None = None
    remedy: str = "Put the folder back from a copy, or name another with TMDB_ASSETS_DATA."
    subject: str = ""


def some(names: list[object]) -> str:
    """Return the first few of many names, and how many more there are."""
    shown, more = names[:5], len(names) - 5
    return ", ".join(map(str, shown)) + (f" and {more:,} more" if more > 0 else "")
