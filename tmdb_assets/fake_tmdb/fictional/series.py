"""Collections: films that are followed by others."""

from dataclasses import dataclass
from random import Random
from typing import Any

from tmdb_assets.fake_tmdb.draws import chance
from tmdb_assets.fake_tmdb.fictional.titles import sequel_title

_FIRST_ID = 9_800_001
_FOLLOWED_GENRES = {28, 12, 16, 35, 27, 878, 14, 10751, 53}
_MOST_PARTS = 6
_YEARS_TO_MAKE_IT, _LONGEST_GAP_YEARS = 2, 5


@dataclass(slots=True)
class _Collection:
    id: int
    title: str
    genres: tuple[int, ...]
    last_year: int
    film_ids: list[int]

    @property
    def name(self) -> str:
        return f"{self.title} Collection"


@dataclass(frozen=True, slots=True)
class Sequel:
    """What a film takes over from the one before it."""

    title: str
    genres: tuple[int, ...]


class Series:
    """The collections among the films drawn so far, in the order of their years."""

    def __init__(self) -> None:
        self._open: list[_Collection] = []
        self._of_film: dict[int, _Collection] = {}
        self._count = 0

    def offer(self, draw: Random, film_id: int, year: int, title: str, genres: tuple[int, ...]) -> None:
        """Let a film be followed by others, perhaps."""
        if genres[0] in _FOLLOWED_GENRES and chance(draw, 0.1):
            self._open.append(_Collection(_FIRST_ID + self._count, title, genres, year, [film_id]))
            self._count += 1

    def draw_sequel(self, draw: Random, film_id: int, year: int) -> Sequel | None:
        """Draw whether a film follows an earlier one, and say what it takes over."""
        if not chance(draw, 0.06):
            return None
        self._open = [each for each in self._open if year - each.last_year <= _LONGEST_GAP_YEARS]
        ready = [each for each in self._open if year - each.last_year >= _YEARS_TO_MAKE_IT]
        if not ready:
            return None
        collection = draw.choice(ready)
        collection.film_ids.append(film_id)
        collection.last_year = year
        part = len(collection.film_ids)
        if part == _MOST_PARTS:
            self._open.remove(collection)
        self._of_film |= dict.fromkeys(collection.film_ids, collection)
        return Sequel(sequel_title(draw, collection.title, part), collection.genres)

    def collection_of(self, film_id: int) -> dict[str, Any] | None:
        """Return a film's collection as its details show it."""
        collection = self._of_film.get(film_id)
        if collection is None:
            return None
        return {
            "id": collection.id,
            "name": collection.name,
            "poster_path": f"/fake-collection-{collection.id}.jpg",
            "backdrop_path": f"/fake-collection-{collection.id}-backdrop.jpg",
        }

    def name(self, collection_id: int) -> str:
        """Return a collection's name; nothing when there is no such collection."""
        return next((each.name for each in self._of_film.values() if each.id == collection_id), "")
