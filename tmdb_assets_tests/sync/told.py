"""What the issue wants the tables to say of a film after looks at it, reckoned one look at a time."""

import datetime as dt
from typing import NamedTuple


class Film(NamedTuple):
    """What TMDB says of a film, as far as it changes here."""

    date: str
    tagline: str


class Look(NamedTuple):
    """A request for a film: what TMDB said, or None where it did not have it."""

    at: dt.datetime
    film: Film | None

    @property
    def date(self) -> str | None:
        """The date that TMDB gave."""
        return self.film.date if self.film else None


class Row(NamedTuple):
    """What ``movie_details`` has to say of when a film was looked at."""

    checked_at: dt.datetime
    changed_at: dt.datetime
    unchanged_count: int


class Told(NamedTuple):
    """What the tables have to say of a film after all looks at it."""

    row: Row | None
    tomb: tuple[dt.datetime, dt.datetime, int] | None
    changes: set[dt.datetime]
    turns: list[tuple[dt.datetime, bool]]


def told(looks: list[Look]) -> Told:
    """Say what the issue wants the tables to say after these looks."""
    row, tomb, was_there = None, None, False
    changes: set[dt.datetime] = set()
    turns: list[tuple[dt.datetime, bool]] = []
    known: Film | None = None
    for at, film in looks:
        if film is None:
            turns += [(at, False)] if row else []
            tomb = (at, tomb[1] if tomb else at, 1 + (tomb[2] if tomb else 0))
            row = None
            continue
        if row is None:
            turns += [(at, True)] if was_there else []
            row = Row(at, at, 0)
        elif film != known:
            changes.add(at)
            row = Row(at, at, 0)
        else:
            is_a_look = at - row.checked_at >= dt.timedelta(hours=8)
            row = Row(at, row.changed_at, row.unchanged_count + is_a_look)
        known, tomb, was_there = film, None, True
    return Told(row, tomb, changes, turns)


class Listing(NamedTuple):
    """A film in TMDB's lists."""

    at: dt.datetime
    date: str
