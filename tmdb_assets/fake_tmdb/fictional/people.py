"""The people of fictional films: each has a language and a career, and turns up again and again."""

import math
from bisect import bisect_right
from dataclasses import dataclass
from random import Random
from typing import Any

from tmdb_assets.fake_tmdb.draws import chance, draws
from tmdb_assets.fake_tmdb.fictional.countries import LANGUAGE_SHARES
from tmdb_assets.fake_tmdb.fictional.genres import SHARES as GENRE_SHARES
from tmdb_assets.fake_tmdb.fictional.names import MAN, NON_BINARY, WOMAN, draw_name

FIRST_PERSON_ID = 9_500_001
_FIRST_YEAR, _GROWTH_YEARS, _LAST_YEAR = 1890, 60, 2040
_CAREER_YEARS = 32
_SMALLEST_CIRCLE = 16
_STAR_EVERY = 9
_STAR_SHARE = 0.45
_PEOPLE_PER_FILM = {"Acting": 0.9, "Directing": 0.3, "Crew": 0.35}
_FEWEST = {"Acting": 30, "Directing": 1, "Crew": 12}


@dataclass(frozen=True, slots=True)
class _Pool:
    first_id: int
    size: int
    language: str
    department: str

    def draw(self, draw: Random, year: int) -> int:
        """Draw someone who works in a year; some are asked more often than others."""
        low, high = (int(_share_before(year + 1 - back) * self.size) for back in (_CAREER_YEARS, 0))
        high = min(max(high, low + _SMALLEST_CIRCLE), self.size)
        low = max(0, min(low, high - _SMALLEST_CIRCLE))
        place = draw.randrange(low, high)
        if chance(draw, _STAR_SHARE):
            place = max(low, place - place % _STAR_EVERY)
        return self.first_id + place


class People:
    """Everyone who works in the fictional films.

    Parameters
    ----------
    seed
        Decides who they are.
    film_count
        How many films there are to people.
    """

    def __init__(self, seed: int, film_count: int) -> None:
        self._seed = seed
        self._known: dict[int, dict[str, Any]] = {}
        self._starts: list[int] = []
        self._pools: list[_Pool] = []
        self._pool_of: dict[tuple[str, str, int], _Pool] = {}
        for language, percent in LANGUAGE_SHARES.items():
            films = film_count * percent / 100
            self._add("Acting", language, 0, films)
            self._add("Crew", language, 0, films)
            for genre, share in GENRE_SHARES.items():
                self._add("Directing", language, genre, films * share / 100)

    def draw(self, draw: Random, department: str, language: str, year: int, genre: int = 0) -> int:
        """Draw the id of someone of a department, language and year; a director also keeps to a genre."""
        return self._pool_of[department, language, genre].draw(draw, year)

    def has(self, person_id: int) -> bool:
        """Say whether there is someone with an id."""
        return FIRST_PERSON_ID <= person_id < self._pools[-1].first_id + self._pools[-1].size

    def person(self, person_id: int) -> dict[str, Any]:
        """Return someone as credits show them."""
        person = self._known.get(person_id)
        if person is None:
            person = self._known[person_id] = self._invent(person_id)
        return person

    def _add(self, department: str, language: str, genre: int, films: float) -> None:
        first_id = self._pools[-1].first_id + self._pools[-1].size if self._pools else FIRST_PERSON_ID
        size = max(_FEWEST[department], int(films * _PEOPLE_PER_FILM[department]))
        pool = _Pool(first_id, size, language, department)
        self._pools.append(pool)
        self._starts.append(first_id)
        self._pool_of[department, language, genre] = pool

    def _invent(self, person_id: int) -> dict[str, Any]:
        pool = self._pools[bisect_right(self._starts, person_id) - 1]
        draw = draws(self._seed, person_id, "person")
        women = 48 if pool.department == "Acting" else 30
        gender = draw.choices((WOMAN, MAN, NON_BINARY), (women, 98 - women, 2))[0]
        name = draw_name(draw, pool.language, gender)
        department = pool.department
        if department == "Crew":
            department = draw.choice(("Writing", "Production", "Camera", "Editing", "Sound", "Art"))
        return {
            "adult": False,
            "gender": gender if chance(draw, 0.9) else 0,
            "id": person_id,
            "known_for_department": department,
            "name": name,
            "original_name": name,
            "popularity": round(draw.lognormvariate(-0.5, 0.9), 4),
            "profile_path": f"/fake-person-{person_id}.jpg" if chance(draw, 0.7) else None,
        }


def _share_before(year: int) -> float:
    """Return which share of a pool has begun to work before a year."""
    span = math.exp((_LAST_YEAR - _FIRST_YEAR) / _GROWTH_YEARS) - 1
    return max(0.0, (math.exp((year - _FIRST_YEAR) / _GROWTH_YEARS) - 1) / span)
