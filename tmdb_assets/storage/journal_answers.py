"""The journal's answers as rows of films, and those that are none as refusals."""

import dataclasses
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import msgspec
import polars as pl

from tmdb_assets.storage.journal import JournalLine
from tmdb_assets.storage.journal_lines import OnProblem
from tmdb_assets.tables import MovieDetail
from tmdb_assets.tables.failed_movies import Reason
from tmdb_assets.tmdb.decoding import decode
from tmdb_assets.tmdb.images import ImageURLs
from tmdb_assets.tmdb.models import MovieDetails
from tmdb_assets.transforms.movies import movie_detail
from tmdb_assets.transforms.replay import ANSWERS, IMPORTED_AT, Refusal

_FILMS_A_BATCH = 1000
_BATCHES_AHEAD = 4


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


def batches(lines: Iterator[tuple[JournalLine, bytes]], reading: Reading) -> Iterator[Batch]:
    """Yield answers, a thousand at a time; their frames are made while the next are decoded."""
    with ThreadPoolExecutor(1) as executor:
        coming: deque[Future[Batch]] = deque()
        batch = _Lines(reading)
        for line, body in lines:
            batch.add(line, body)
            if batch.count == _FILMS_A_BATCH:
                coming.append(executor.submit(batch.batch))
                batch = _Lines(reading)
                if len(coming) == _BATCHES_AHEAD:
                    yield coming.popleft().result()
        coming.append(executor.submit(batch.batch))
        while coming:
            yield coming.popleft().result()


class _Lines:
    """Takes answers until there are enough for a frame."""

    def __init__(self, reading: Reading) -> None:
        self.count = 0
        self._reading = reading
        self._rows: list[bytes] = []
        self._imported: list[object] = []
        self._refusals: list[Refusal] = []

    def add(self, line: JournalLine, body: bytes) -> None:
        """Take an answer."""
        self.count += 1
        if line.outcome != "ok":
            self._refuse(line, line.outcome, line.message, body)
            return
        details = decode(body, MovieDetails)
        if not isinstance(details, MovieDetails):
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
        try:
            self._rows.append(row.as_line())
        except msgspec.ValidationError as error:
            self._refuse(line, "failed", f"TMDB's answer is odd: {error}.")
        else:
            self._imported.append(line.imported_at)

    def _refuse(
        self,
        line: JournalLine,
        reason: Reason,
        message: str | None,
        body: bytes = b"",
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
        """Return what was taken."""
        imported = pl.Series(IMPORTED_AT, self._imported, ANSWERS[IMPORTED_AT])
        rows = MovieDetail.frame_of_lines(self._rows).with_columns(imported)
        return Batch(rows, self._refusals, self.count)


def _tombstone(body: bytes) -> _Tombstone:
    try:
        return msgspec.json.decode(body, type=_Tombstone)
    except msgspec.DecodeError:
        return _Tombstone()
