"""What changed when: the feed of changed films, and the former details that TMDB's cache still serves."""

import datetime as dt

from tmdb_assets.fake_tmdb.catalogue import Catalogue
from tmdb_assets.fake_tmdb.documents import Json
from tmdb_assets.fake_tmdb.errors import ApiError
from tmdb_assets.fake_tmdb.lists import Question, page_of

PAGE_SIZE = 100
_LONGEST = dt.timedelta(days=14)
_DAY = dt.timedelta(days=1)


def changed_movies(question: Question) -> Json:
    """Answer ``/3/movie/changes``; what was removed since is not in it."""
    start, end = _range(question)
    catalogue = question.catalogue
    ids = [film for film in catalogue.changes.between(start, end) if film in catalogue.entries]
    page, totals = page_of(question, ids, size=PAGE_SIZE)
    results = [{"id": film, "adult": _adult(catalogue, film)} for film in page]
    return {"results": results, "page": question.page, **totals}


def _adult(catalogue: Catalogue, film: int) -> bool | None:
    """Say whether a film is adult; of a film that is hardly described, TMDB says nothing."""
    entry = catalogue.entries[film]
    return entry.adult if entry.release_date else None


def _range(question: Question) -> tuple[dt.datetime, dt.datetime]:
    start, end = (_midnight(question.query.get(name)) for name in ("start_date", "end_date"))
    if start is None and end is None:
        return question.now - _DAY, question.now
    start = start or (end or question.now) - _DAY
    end = end or min(start + _LONGEST - _DAY, question.now)
    if end < start:
        raise ApiError(5)
    end += _DAY * question.catalogue.changes.last_day_counts
    if end - start > _LONGEST + _DAY:
        raise ApiError(20)
    return start, end


def _midnight(text: str | None) -> dt.datetime | None:
    try:
        day = dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise ApiError(23) from None
    return dt.datetime.combine(day, dt.time(), dt.UTC) if day else None


class Former:
    """Films that changed lately, as TMDB's cache still has them.

    Parameters
    ----------
    kept
        For how long after a change the former details are served.
    """

    def __init__(self, kept: dt.timedelta) -> None:
        self._kept = kept
        self._films: dict[int, tuple[dt.datetime, Catalogue]] = {}

    def keep(self, catalogue: Catalogue, film: int, at: dt.datetime) -> None:
        """Keep a film as it is, for it is about to change."""
        if self._kept and self.of(film, at) is None and film in catalogue.entries:
            self._films[film] = at + self._kept, Catalogue(catalogue.label, [catalogue.document(film)])

    def of(self, film: int | None, now: dt.datetime) -> Catalogue | None:
        """Return the former film in a catalogue of its own, while it is still served."""
        until, catalogue = self._films.get(film or 0, (now, None))
        return catalogue if now < until else None
