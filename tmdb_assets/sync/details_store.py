"""Storing a year of details: new rows over old ones, each film in exactly one year."""

import dataclasses
import datetime as dt
from collections.abc import Mapping

import msgspec
import polars as pl

from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.journal import JournalLine
from tmdb_assets.storage.lake import Lake
from tmdb_assets.sync.details_plan import Wanted, YearPlan
from tmdb_assets.sync.wanted import wanted_films
from tmdb_assets.tables import FailedMovie, MovieDetail
from tmdb_assets.tables.failed_movies import Reason
from tmdb_assets.tmdb.decoding import decode
from tmdb_assets.tmdb.images import ImageURLs
from tmdb_assets.tmdb.models import MovieDetails
from tmdb_assets.transforms.comparison import compared
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
    """

    plan: YearPlan
    fingerprint: str
    region: str | None
    images: ImageURLs
    lines: list[bytes] = dataclasses.field(default_factory=list[bytes])
    failed: dict[int, FailedMovie] = dataclasses.field(default_factory=dict[int, FailedMovie])

    def add(self, tmdb_id: int, details: MovieDetails, *, answered_at: dt.datetime) -> None:
        """Take a film's details; an odd value fails this film alone."""
        row = movie_detail(
            details,
            fetched_at=answered_at,
            fingerprint=self.fingerprint,
            region=self.region,
            images=self.images,
        )
        if details.id != tmdb_id:
            self.fail(tmdb_id, "failed", f"TMDB answered about film {details.id}.", answered_at=answered_at)
        elif row is None:
            self.fail(tmdb_id, "undated", "TMDB gives no release date.", answered_at=answered_at)
        else:
            try:
                self.lines.append(row.as_line())
            except msgspec.ValidationError as error:
                self.fail(tmdb_id, "failed", f"TMDB's answer is odd: {error}.", answered_at=answered_at)

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
        wanted = self.plan.wanted[tmdb_id]
        self.failed[tmdb_id] = FailedMovie(
            tmdb_id=tmdb_id,
            release_year=self.plan.year,
            title=wanted.title,
            reason=reason,
            message=message,
            attempt_count=attempt_count,
            checked_at=answered_at,
        )


def recover(line: JournalLine, rows: YearRows) -> None:
    """Take an answer that a killed run left in the journal."""
    if line.outcome == "ok":
        details = decode(bytes(line.body), MovieDetails)
        if isinstance(details, MovieDetails):
            rows.add(line.tmdb_id, details, answered_at=line.answered_at)
            return
        rows.fail(line.tmdb_id, "failed", str(details), answered_at=line.answered_at)
    else:
        rows.fail(line.tmdb_id, "not_found", line.message, answered_at=line.answered_at)


def are_stored(storage: Storage, answered: Mapping[int, dt.datetime]) -> bool:
    """Say whether these answers, or newer ones, are in the lake, as far as any year still wants the film."""
    asked = pl.col("tmdb_id").is_in(list(answered))
    wanted = wanted_films(storage).filter(asked).select("tmdb_id").collect()["tmdb_id"].to_list()
    stored = [
        storage.lake.scan(table).filter(asked).select("tmdb_id", "checked_at")
        for table in (MovieDetail, FailedMovie)
    ]
    checked_at = dict(pl.concat(stored).collect().iter_rows())
    return all(tmdb_id in checked_at and checked_at[tmdb_id] >= answered[tmdb_id] for tmdb_id in wanted)


@dataclasses.dataclass(frozen=True)
class Stored:
    """How many rows a year has now, how many of them stayed, and how many of its films have none anywhere."""

    row_count: int
    kept_count: int
    missing_count: int


def store_year(storage: Storage, rows: YearRows) -> Stored:
    """Make the year's rows in the lake those that are due to it, and say how many there are.

    A film whose date moved goes to its new year and leaves the old one; a film not wanted any more leaves.
    """
    lake, year, wanted = storage.lake, rows.plan.year, rows.plan.wanted
    new = MovieDetail.frame_of_lines(rows.lines).unique("tmdb_id", keep="last", maintain_order=True)
    gone = [tmdb_id for tmdb_id, row in rows.failed.items() if row.reason != "failed"]
    kept_count = 0

    def with_new(old: pl.LazyFrame) -> pl.DataFrame | None:
        nonlocal kept_count
        is_new = pl.col("tmdb_id").is_in(new["tmdb_id"].to_list())
        before = old.filter((pl.col("release_year") == year) | is_new).collect().sort("tmdb_id")
        kept = before.filter(
            (pl.col("release_year") == year)
            & ~pl.col("tmdb_id").is_in(new["tmdb_id"].to_list() + gone)
            & pl.col("tmdb_id").is_in(_wanted_now(storage))
        )
        kept_count = len(kept)
        after = pl.concat([kept, compared(new, before, storage.policy).rows]).sort("tmdb_id")
        return None if after.equals(before.filter(pl.col("release_year") == year)) else after

    lake.rewrite_year(MovieDetail, year, with_new)
    here = lake.scan(MovieDetail).filter(pl.col("release_year") == year).select(pl.len()).collect().item()
    obtained = _obtained(lake, wanted)
    failed = {
        tmdb_id: row
        for tmdb_id, row in (rows.plan.failed | rows.failed).items()
        if tmdb_id not in obtained  # an older row is better than none
    }
    frame = FailedMovie.frame(failed.values()).sort("tmdb_id")
    lake.rewrite_year(FailedMovie, year, lambda old: None if _same(old, year, frame) else frame)
    return Stored(here, kept_count, len(wanted) - len(obtained))


def _same(table: pl.LazyFrame, year: int, frame: pl.DataFrame) -> bool:
    return frame.equals(table.filter(pl.col("release_year") == year).collect().sort("tmdb_id"))


def _wanted_now(storage: Storage) -> list[int]:
    """Return all that any year promises: also a film that an upload has asked for since the plan was made."""
    return wanted_films(storage).select("tmdb_id").collect()["tmdb_id"].to_list()


def _obtained(lake: Lake, wanted: Mapping[int, Wanted]) -> set[int]:
    rows = lake.scan(MovieDetail).filter(pl.col("tmdb_id").is_in(list(wanted))).select("tmdb_id")
    return set(rows.collect()["tmdb_id"].to_list())
