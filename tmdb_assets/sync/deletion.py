"""Deleting films everywhere, and for good."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Collection, Mapping

import polars as pl

from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.journal_answers import tombstone
from tmdb_assets.storage.segment import JournalLine
from tmdb_assets.sync.former import forget_former, former_rows
from tmdb_assets.sync.importing import IMPORTED
from tmdb_assets.sync.local_films import put_failures, rows_of, show
from tmdb_assets.sync.wanted import wanted_films
from tmdb_assets.tables import FailedMovie, MovieDetail
from tmdb_assets.transforms.replay import whole_film_history


class UnknownFilmError(ValueError):
    """A film is in no table; nothing was deleted."""


@dataclasses.dataclass(frozen=True)
class _Film:
    title: str | None
    release_year: int


def delete_films(
    storage: Storage, tmdb_ids: Collection[int], *, clock: Callable[[], dt.datetime]
) -> dict[int, str | None]:
    """Remove films everywhere; they stay away, also through a rebuild, until they are imported again.

    Parameters
    ----------
    tmdb_ids
        TMDB's ids of the films.
    clock
        Says what time it is, UTC.

    Returns
    -------
    dict[int, str | None]
        The films' titles.

    Raises
    ------
    UnknownFilmError
        No table knows one of them; nothing was deleted.
    """
    now = clock()
    rows = pl.concat([rows_of(storage, MovieDetail, tmdb_ids), former_rows(storage, tmdb_ids)])
    films = _known(storage, tmdb_ids, rows)
    if unknown := [str(tmdb_id) for tmdb_id in tmdb_ids if tmdb_id not in films]:
        raise UnknownFilmError(f"No table has film {', '.join(unknown)}: nothing was deleted.")
    with storage.journal.new_segment() as segment:
        for tmdb_id, film in films.items():
            segment.append(
                JournalLine(
                    tmdb_id=tmdb_id,
                    answered_at=now,
                    outcome="deleted",
                    fingerprint="",
                    body=tombstone(film.title, film.release_year),
                )
            )
        segment.sync()
    failures = [
        FailedMovie(
            tmdb_id=tmdb_id,
            release_year=film.release_year,
            title=film.title,
            reason="deleted",
            message=None,
            attempt_count=1,
            checked_at=now,
            first_failed_at=now,
        )
        for tmdb_id, film in films.items()
    ]
    put_failures(storage, failures, whole_film_history(rows, [now] * len(rows), came=False))
    forget_former(storage.lake, tmdb_ids)
    storage.journal.seal(segment.path)
    show(storage, {film.release_year for film in films.values()}, now)
    return {tmdb_id: film.title for tmdb_id, film in films.items()}


def deleted_for_good(storage: Storage, failures: Mapping[int, FailedMovie]) -> set[int]:
    """Return which films were deleted and not imported since.

    A row does not tell: while somebody deletes or imports a film, or after a kill, it can be in both tables.

    Parameters
    ----------
    failures
        Rows of ``failed_movies`` by film.
    """
    deleted_at = {film: row.checked_at for film, row in failures.items() if row.reason == "deleted"}
    if not deleted_at:
        return set()
    imported_at = {
        movie.tmdb_id: movie.requested_at
        for movie in storage.state.requested_movies()
        if movie.upload == IMPORTED
    }
    return {film for film, at in deleted_at.items() if imported_at.get(film, at) <= at}


def _known(storage: Storage, tmdb_ids: Collection[int], rows: pl.DataFrame) -> dict[int, _Film]:
    """Return what the tables call the films; those of ``movie_details`` as they are there."""
    columns = ("tmdb_id", "title", "release_year")
    asked = pl.col("tmdb_id").is_in(list(tmdb_ids))
    wanted = wanted_films(storage).filter(asked).select(columns).collect()
    failed = rows_of(storage, FailedMovie, tmdb_ids).select(columns)
    found = [*wanted.iter_rows(), *failed.iter_rows(), *rows.select(columns).iter_rows()]
    return {tmdb_id: _Film(title, year) for tmdb_id, title, year in found}
