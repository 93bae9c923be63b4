"""The journal's answers as rows of films, and those that are none as refusals."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import msgspec
import polars as pl

from tmdb_assets.storage.journal_lines import ALL, OnProblem, Share, lines_of
from tmdb_assets.storage.segment import JournalLine
from tmdb_assets.tables import MovieDetail
from tmdb_assets.tables.columns import frame_of
from tmdb_assets.tables.failed_movies import Reason
from tmdb_assets.tmdb import DecodeError
from tmdb_assets.tmdb.decoding import decode
from tmdb_assets.tmdb.images import ImageURLs
from tmdb_assets.tmdb.models import MovieDetails
from tmdb_assets.transforms.movie_parts import MovieParts
from tmdb_assets.transforms.movies import movie_detail
from tmdb_assets.transforms.replay import ANSWERS, IMPORTED_AT, Refusal

_FILMS_A_BATCH = 1000
_PARTS = msgspec.json.Decoder(MovieParts)


class _Tombstone(msgspec.Struct):
    """The body of a line that deletes a film: enough to say later what it was."""

    title: str | None = None
    release_year: int | None = None


def tombstone(title: str | None, release_year: int | None) -> msgspec.Raw:
    """Return the body of a line that deletes a film."""
    return msgspec.Raw(msgspec.json.encode(_Tombstone(title, release_year)))


@dataclasses.dataclass(frozen=True)
class Reading:
    """How answers are read.

    Attributes
    ----------
    region
        The country whose certification is kept, ISO 3166-1.
    images
        Makes the addresses of posters and backdrops.
    on_problem
        Called with a sentence on an answer that cannot be read.
    """

    region: str | None
    images: ImageURLs
    on_problem: OnProblem


@dataclasses.dataclass
class Batch:
    """Some answers: rows with the columns ``ANSWERS``, and refusals; and how many lines they were."""

    rows: pl.DataFrame
    refusals: list[Refusal]
    line_count: int


def batches(paths: list[Path], reading: Reading, share: Share = ALL) -> Iterator[Batch]:
    """Yield the answers of segments, a thousand at a time."""
    batch = _Lines(reading)
    for line, body in lines_of(paths, reading.on_problem, share):
        batch.add(line, body)
        if batch.count == _FILMS_A_BATCH:
            yield batch.batch()
            batch = _Lines(reading)
    yield batch.batch()


class _Lines:
    """Takes answers until there are enough for a frame."""

    def __init__(self, reading: Reading) -> None:
        self.count = 0
        self._reading = reading
        self._rows: list[tuple[JournalLine, MovieDetail]] = []
        self._refusals: list[Refusal] = []

    def add(self, line: JournalLine, body: bytes | memoryview) -> None:
        """Take an answer."""
        self.count += 1
        if line.outcome != "ok":
            self._refuse(line, line.outcome, line.message, body)
            return
        details = parts_of(body)
        if isinstance(details, DecodeError):
            if details.retryable:  # no JSON: the line is damaged, for TMDB's answer was whole
                self._reading.on_problem(f"The answer about film {line.tmdb_id} is damaged and left out.")
            else:
                self._refuse(line, "failed", str(details))
            return
        row = movie_detail(
            details,
            fetched_at=line.answered_at,
            fingerprint=line.fingerprint,
            region=self._reading.region,
            images=self._reading.images,
        )
        if details.id != line.tmdb_id:
            self._refuse(line, "failed", f"TMDB answered about film {details.id}.")
        elif row is None:
            self._refuse(line, "undated", "TMDB gives no release date.", title=details.title)
        else:
            self._take(line, row)

    def _take(self, line: JournalLine, row: MovieDetail) -> None:
        if line.changed_at:
            row = msgspec.structs.replace(
                row, changed_at=line.changed_at, unchanged_count=line.unchanged_count
            )
        self._rows.append((line, row))

    def _refuse(
        self,
        line: JournalLine,
        reason: Reason,
        message: str | None,
        body: bytes | memoryview = b"",
        title: str | None = None,
    ) -> None:
        stone = _tombstone(body) if reason == "deleted" else _Tombstone(title)
        self._refusals.append(
            Refusal(
                tmdb_id=line.tmdb_id,
                answered_at=line.answered_at,
                reason=reason,
                message=message,
                attempt_count=line.attempt_count,
                repeated_count=line.unchanged_count if line.outcome != "ok" else 0,
                first_at=line.changed_at if line.outcome != "ok" else None,
                title=stone.title,
                release_year=stone.release_year,
            )
        )

    def batch(self) -> Batch:
        """Return what was taken; an odd value refuses its film alone."""
        try:
            rows = self._frame()
        except (OverflowError, TypeError):
            self._rows = [(line, row) for line, row in self._rows if self._fits(line, row)]
            rows = self._frame()
        return Batch(rows, self._refusals, self.count)

    def _frame(self) -> pl.DataFrame:
        imported = [line.imported_at for line, _ in self._rows]
        return frame_of(MovieDetail, [row for _, row in self._rows]).with_columns(
            pl.Series(IMPORTED_AT, imported, ANSWERS[IMPORTED_AT])
        )

    def _fits(self, line: JournalLine, row: MovieDetail) -> bool:
        try:
            row.as_line()
        except msgspec.ValidationError as error:
            self._refuse(line, "failed", f"TMDB's answer is odd: {error}.")
            return False
        return True


def parts_of(body: bytes | memoryview) -> MovieParts | MovieDetails | DecodeError:
    """Return what an answer says of a film, or what is odd about it.

    Most answers are plain: they take a third of the time that the client's tolerant decoder takes.
    """
    try:
        return _PARTS.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return decode(bytes(body), MovieDetails)


def _tombstone(body: bytes | memoryview) -> _Tombstone:
    try:
        return msgspec.json.decode(body, type=_Tombstone)
    except msgspec.DecodeError:
        return _Tombstone()
