"""Importing a folder of answers: checked, into the journal, into the lake, and out of the way."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
import polars as pl

from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.local_folder import LocalFolder, NoFilmError, read_answer
from tmdb_assets.storage.misfits import misfit_in_words
from tmdb_assets.storage.segment import JournalLine, Segment
from tmdb_assets.sync.local_films import put_failures, put_films, rows_of, show
from tmdb_assets.tables import (
    WHOLE_FILM,
    CuratedCarousel,
    FailedMovie,
    MovieDetail,
    MovieHistory,
    RequestedMovie,
)
from tmdb_assets.tmdb.images import ImageURLs
from tmdb_assets.tmdb.models import MovieDetails
from tmdb_assets.transforms.movies import movie_detail
from tmdb_assets.transforms.replay import whole_film_history

IMPORTED = "(imported)"
"""In place of an upload: the films that were imported are wanted, whether a list names them or not."""

_FILES_AT_ONCE = 500


@dataclasses.dataclass
class Imported:
    """What came of the files: counts, by file name why it was refused, and which are no answers' at all."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: dict[str, str] = dataclasses.field(default_factory=dict[str, str])
    skipped: list[str] = dataclasses.field(default_factory=list[str])


@dataclasses.dataclass(frozen=True)
class _File:
    path: Path
    line: JournalLine
    row: MovieDetail | None


def import_films(
    storage: Storage,
    folder: LocalFolder,
    *,
    region: str | None,
    images: ImageURLs,
    on_progress: Callable[[int, int], None],
    clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
) -> Imported:
    """Import every answer of a folder that is newer than what the tables have.

    Files are moved once what they say is stored and published: killed, the same again goes on. A file that is
    no answer about a film stays where it is, and the rest goes on.

    Parameters
    ----------
    region
        The country whose certification is kept, ISO 3166-1.
    images
        Makes the addresses of posters and backdrops.
    on_progress
        Called with how many files are done, and how many there are.
    clock
        Says what time it is, UTC.
    """
    importing = _Import(storage, region, images, clock())
    files = folder.files()
    stored: list[Path] = []
    with storage.journal.new_segment() as segment:
        for first in range(0, len(files), _FILES_AT_ONCE):
            some = files[first : first + _FILES_AT_ONCE]
            stored += importing.store(some, segment)
            on_progress(first + len(some), len(files))
    storage.journal.seal(segment.path)
    if importing.years:
        show(storage, importing.years, clock())
    for path in stored:
        folder.move(path)
    return importing.imported


class _Import:
    def __init__(self, storage: Storage, region: str | None, images: ImageURLs, now: dt.datetime) -> None:
        self.imported = Imported()
        self.years: set[int] = set()
        self._storage = storage
        self._region = region
        self._images = images
        self._now = now

    def store(self, paths: list[Path], segment: Segment) -> list[Path]:
        """Store what some files say, and return those that are done with."""
        files = [file for path in paths if (file := self._read(path))]
        newest = {file.line.tmdb_id: file for file in sorted(files, key=lambda file: file.line.answered_at)}
        details = rows_of(self._storage, MovieDetail, newest)
        failed = rows_of(self._storage, FailedMovie, newest)
        news = [file for file in newest.values() if _is_news(file, details, failed)]
        for file in news:
            segment.append(msgspec.structs.replace(file.line, imported_at=self._now))
        segment.sync()
        self._put([file for file in news if file.row], failed)
        self._bury([file for file in news if not file.row], details)
        self.imported.unchanged += len(files) - len(news)
        self._note_years(newest, details, failed)
        return [file.path for file in files]

    def _note_years(self, films: Mapping[int, _File], details: pl.DataFrame, failed: pl.DataFrame) -> None:
        """Note which years to show: also of what is no news, for who stored it may have been killed."""
        shown = rows_of(self._storage, CuratedCarousel, films)
        for rows in (details, failed, shown):
            self.years |= set(rows["release_year"])
        self.years |= {file.row.release_year for file in films.values() if file.row}

    def _read(self, path: Path) -> _File | None:
        try:
            line, film = read_answer(path, now=self._now)
            return _File(path, line, self._row(line, film) if film else None)
        except (NoFilmError, msgspec.ValidationError) as error:
            is_ours = isinstance(error, NoFilmError)
            why = str(error) if is_ours else f"It cannot be stored: {misfit_in_words(str(error))}."
            self.imported.refused[path.name] = why
            return None

    def _row(self, line: JournalLine, film: MovieDetails) -> MovieDetail:
        row = movie_detail(
            film,
            fetched_at=line.answered_at,
            fingerprint=line.fingerprint,
            region=self._region,
            images=self._images,
        )
        if row is None:
            raise NoFilmError("The film has no release date, so it belongs to no year.")
        row.as_line()  # checks it
        return row

    def _put(self, files: list[_File], failed: pl.DataFrame) -> None:
        rows = [file.row for file in files if file.row]
        if not rows:
            return
        self._storage.state.request_more_movies(IMPORTED, [self._requested(row) for row in rows])
        went = failed.filter(pl.col("reason").is_in(["not_found", "undated", "deleted"]))
        came_back = self._had_gone(went["tmdb_id"].to_list())
        for _, is_new, has_changed in put_films(
            self._storage, MovieDetail.frame(rows), came_back, self._now
        ).iter_rows():
            self.imported.created += is_new
            self.imported.updated += has_changed
            self.imported.unchanged += not (is_new or has_changed)

    def _had_gone(self, tmdb_ids: list[int]) -> set[int]:
        """Return which of the films were there before they went."""
        history = rows_of(self._storage, MovieHistory, tmdb_ids)
        return set(history.filter(pl.col("field") == WHOLE_FILM)["tmdb_id"])

    def _requested(self, row: MovieDetail) -> RequestedMovie:
        return RequestedMovie(
            upload=IMPORTED,
            tmdb_id=row.tmdb_id,
            release_year=row.release_year,
            title=row.title,
            release_date=row.release_date,
            requested_at=self._now,
        )

    def _bury(self, files: list[_File], details: pl.DataFrame) -> None:
        """Make tombstones of films that TMDB does not have any more."""
        at = {file.line.tmdb_id: file.line for file in files}
        last = details.filter(pl.col("tmdb_id").is_in(list(at)))
        failures = [
            FailedMovie(
                tmdb_id=row["tmdb_id"],
                release_year=row["release_year"],
                title=row["title"],
                reason="not_found",
                message=at[row["tmdb_id"]].message,
                attempt_count=at[row["tmdb_id"]].attempt_count,
                checked_at=at[row["tmdb_id"]].answered_at,
                first_failed_at=at[row["tmdb_id"]].answered_at,
            )
            for row in last.iter_rows(named=True)
        ]
        moments = [failure.checked_at for failure in failures]
        put_failures(self._storage, failures, whole_film_history(last, moments, came=False))
        self.imported.updated += len(failures)


def _is_news(file: _File, details: pl.DataFrame, failed: pl.DataFrame) -> bool:
    """Say whether a file knows better than the tables; a film that was deleted is there for the asking."""
    tmdb_id, at = file.line.tmdb_id, file.line.answered_at
    row = details.filter(pl.col("tmdb_id") == tmdb_id)
    refusal = failed.filter(pl.col("tmdb_id") == tmdb_id)
    if len(row):
        is_half_stored = at == row["checked_at"].item() and len(refusal)  # by an import that was killed
        return at > row["checked_at"].item() or bool(is_half_stored)
    if file.row is None:
        return False  # nobody has the film
    is_final = len(refusal) and refusal["reason"].item() in {"not_found", "undated"}
    return not is_final or at > refusal["checked_at"].item()
