"""What came of a year's films, until it is stored."""

import dataclasses
import datetime as dt
import functools

import msgspec
import polars as pl

from tmdb_assets.storage.segment import JournalLine
from tmdb_assets.sync.details_plan import YearPlan
from tmdb_assets.tables import FailedMovie, MovieDetail
from tmdb_assets.tables.columns import frame_of_lines
from tmdb_assets.tables.failed_movies import Reason
from tmdb_assets.tmdb.decoding import decode
from tmdb_assets.tmdb.images import ImageURLs
from tmdb_assets.tmdb.models import MovieDetails
from tmdb_assets.transforms.movies import movie_detail


@dataclasses.dataclass
class YearRows:
    """What came of a year's films, until it is stored.

    Attributes
    ----------
    lines
        Rows of ``movie_details``, as lines of JSON: a fifth of the memory of the rows themselves.
    failed
        Rows of ``failed_movies`` by film.
    films
        All of these films.
    """

    plan: YearPlan
    fingerprint: str
    region: str | None
    images: ImageURLs
    lines: list[bytes] = dataclasses.field(default_factory=list[bytes])
    failed: dict[int, FailedMovie] = dataclasses.field(default_factory=dict[int, FailedMovie])
    films: set[int] = dataclasses.field(default_factory=set[int])

    def add(
        self,
        tmdb_id: int,
        details: MovieDetails,
        *,
        answered_at: dt.datetime,
        attempt_count: int = 1,
        fingerprint: str | None = None,
    ) -> None:
        """Take a film's details; an odd value fails this film alone."""
        self.films.add(tmdb_id)
        fail = functools.partial(self.fail, tmdb_id, answered_at=answered_at, attempt_count=attempt_count)
        row = movie_detail(
            details,
            fetched_at=answered_at,
            fingerprint=self.fingerprint if fingerprint is None else fingerprint,
            region=self.region,
            images=self.images,
        )
        if details.id != tmdb_id:
            fail("failed", f"TMDB answered about film {details.id}.")
        elif row is None:
            fail("undated", "TMDB gives no release date.")
        else:
            try:
                self.lines.append(row.as_line())
            except msgspec.ValidationError as error:
                fail("failed", f"TMDB's answer is odd: {error}.")

    def fail(
        self,
        tmdb_id: int,
        reason: Reason,
        message: str | None,
        *,
        answered_at: dt.datetime,
        attempt_count: int = 1,
    ) -> None:
        """Take a film as failed."""
        self.films.add(tmdb_id)
        film = self.plan.wanted.get(tmdb_id) or self.plan.leaving[tmdb_id]
        self.failed[tmdb_id] = FailedMovie(
            tmdb_id=tmdb_id,
            release_year=self.plan.year,
            title=film.title,
            reason=reason,
            message=message,
            attempt_count=attempt_count,
            checked_at=answered_at,
            failure_count=1,
            first_failed_at=answered_at,
        )

    def recover(self, line: JournalLine) -> None:
        """Take an answer that stands in the journal."""
        message = line.message
        if line.outcome == "ok":
            details = decode(bytes(line.body), MovieDetails)
            if isinstance(details, MovieDetails):
                self.add(
                    line.tmdb_id,
                    details,
                    answered_at=line.answered_at,
                    attempt_count=line.attempt_count,
                    fingerprint=line.fingerprint,
                )
                return
            message = str(details)
        self.fail(
            line.tmdb_id,
            "failed" if line.outcome == "ok" else line.outcome,
            message,
            answered_at=line.answered_at,
            attempt_count=line.attempt_count,
        )

    def none(self) -> "YearRows":
        """Return the same year without any answer."""
        return dataclasses.replace(self, lines=[], failed={}, films=set())

    def frame(self) -> pl.DataFrame:
        """Return the rows of ``movie_details``, one per film."""
        rows = frame_of_lines(MovieDetail, self.lines)
        return rows.unique("tmdb_id", keep="last", maintain_order=True)

    def gone(self) -> dict[int, dt.datetime]:
        """Return the films that TMDB does not have, or not with a date, and when it said so."""
        return {film: row.checked_at for film, row in self.failed.items() if row.reason != "failed"}
