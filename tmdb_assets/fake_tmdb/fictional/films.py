"""The fictional films."""

from typing import Any

from tmdb_assets.fake_tmdb.entries import Entry


class FictionalFilms:
    """Invented films.

    Parameters
    ----------
    count
        How many.
    seed
        Decides everything about them.
    """

    def __init__(self, count: int, seed: int) -> None:
        self.count, self.seed = count, seed
        self.entries: list[Entry] = []
        self.keywords: dict[int, str] = {}

    def details(self, entry: Entry) -> dict[str, Any]:
        """Return a film's details."""
        raise NotImplementedError(entry)

    def part(self, entry: Entry, name: str) -> dict[str, Any]:
        """Return a sub-resource of a film."""
        raise NotImplementedError(entry, name)
