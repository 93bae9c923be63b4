"""Files among those who read them."""

from collections.abc import Mapping
from pathlib import Path

_EVEN = 1.2
"""How many times its even share the most that a reader has may be: sharing every file costs about as much."""


def dealt(sizes: Mapping[Path, int], count: int) -> list[list[Path]] | None:
    """Return which files each of several readers takes, or None where no deal is even.

    Parameters
    ----------
    sizes
        How many bytes each file has.
    count
        How many readers there are.

    Returns
    -------
    list[list[Path]] | None
        A list for each reader; none has a fifth more than its even share.
    """
    hands: list[list[Path]] = [[] for _ in range(count)]
    loads = [0] * count
    for path in sorted(sizes, key=sizes.__getitem__, reverse=True):
        lightest = loads.index(min(loads))
        hands[lightest].append(path)
        loads[lightest] += sizes[path]
    return hands if max(loads) * count <= _EVEN * sum(loads) else None
