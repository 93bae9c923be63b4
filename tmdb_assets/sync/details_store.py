"""Storing a year of details: new rows over old ones, each film in exactly one year."""

import dataclasses
import datetime as dt
from collections.abc import Mapping

import polars as pl

from tmdb_assets.storage.journal import JournalLine
from tmdb_assets.storage.lake import Lake
from tmdb_assets.sync.details_plan import Wanted, YearPlan
from tmdb_assets.tables import VOLATILE, DiscoveredMovie, FailedMovie, MovieDetail
from tmdb_assets.tables.failed_movies import Reason
from tmdb_assets.tmdb.decoding import decode
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
    """

    plan: YearPlan
    fingerprint: str
    region: str | None
    lines: list[bytes] = dataclasses.field(default_factory=list[bytes])
    failed: dict[int, FailedMovie] = dataclasses.field(default_factory=dict[int, FailedMovie])

    def add(self, tmdb_id: int, details: MovieDetails, *, answered_at: dt.datetime) -> None:
        """Take a film's details."""
        row = movie_detail(details, fetched_at=answered_at, fingerprint=self.fingerprint, region=self.region)
        if row is None:
            self.fail(tmdb_id, "undated", "TMDB gives no release date.", answered_at=answered_at)
        else:
            self.lines.append(row.as_line())

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
        wanted = self.plan.wanted.get(tmdb_id) or Wanted(tmdb_id, None, None)
        self.failed[tmdb_id] = FailedMovie(
            tmdb_id=tmdb_id,
            release_year=self.plan.year,
            title=wanted.title,
            reason=reason,
            message=message,
            attempt_count=attempt_count,
            checked_at=answered_at,
        )


@dataclasses.dataclass(frozen=True)
class Stored:
    """How many films of a year have a row now, anywhere, and how many have none."""

    row_count: int
    obtained_count: int
    missing_count: int


def recover(line: JournalLine, rows: YearRows) -> None:
    """Take an answer that a killed run left in the journal."""
    if line.outcome == "ok":
        details = decode(bytes(line.body), MovieDetails)
        if isinstance(details, MovieDetails):
            rows.add(line.tmdb_id, details, answered_at=line.answered_at)
            return
    reason: Reason = "not_found" if line.outcome == "not_found" else "failed"
    rows.fail(line.tmdb_id, reason, line.message, answered_at=line.answered_at)


def are_stored(lake: Lake, answered: Mapping[int, dt.datetime]) -> bool:
    """Say whether these answers, or newer ones, are all in the lake."""
    asked = pl.col("tmdb_id").is_in(list(answered))
    stored = [
        lake.scan(table).filter(asked).select("tmdb_id", "checked_at") for table in (MovieDetail, FailedMovie)
    ]
    checked_at = dict(pl.concat(stored).collect().iter_rows())
    return all(tmdb_id in checked_at and checked_at[tmdb_id] >= at for tmdb_id, at in answered.items())


def store_year(lake: Lake, rows: YearRows) -> Stored:
    """Make the year's rows in the lake those that are due to it, and say how many there are.

    A film whose date moved goes to its new year and leaves the old one; a film not wanted any more leaves.
    """
    year, wanted = rows.plan.year, rows.plan.wanted
    new = MovieDetail.frame_of_lines(rows.lines).unique("tmdb_id", keep="last", maintain_order=True)
    old = _old_rows(lake, year, new)
    new = _with_change_times(new, old)
    moved_away = new.filter(pl.col("release_year") != year)
    lake.upsert(MovieDetail, moved_away)
    gone = {tmdb_id for tmdb_id, row in rows.failed.items() if row.reason != "failed"}
    kept = old.filter(
        (pl.col("release_year") == year)
        & ~pl.col("tmdb_id").is_in(new["tmdb_id"].to_list() + list(gone))
        & pl.col("tmdb_id").is_in(list(wanted) + _wanted_elsewhere(lake, year))
    )
    here = pl.concat([kept, new.filter(pl.col("release_year") == year)]).sort("tmdb_id")
    if not here.equals(old.filter(pl.col("release_year") == year)):
        lake.replace_year(MovieDetail, here, year)
    obtained = _obtained(lake, wanted)
    failed = {
        tmdb_id: row
        for tmdb_id, row in (rows.plan.failed | rows.failed).items()
        if tmdb_id not in obtained  # an older row is better than none
    }
    frame = FailedMovie.frame(failed.values()).sort("tmdb_id")
    if not frame.equals(lake.read(FailedMovie, years=[year])):
        lake.replace_year(FailedMovie, frame, year)
    return Stored(len(here), len(obtained), len(wanted) - len(obtained))


def _old_rows(lake: Lake, year: int, new: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that the year has now, and those of its new films in other years."""
    is_new = pl.col("tmdb_id").is_in(new["tmdb_id"].to_list())
    return lake.scan(MovieDetail).filter((pl.col("release_year") == year) | is_new).collect().sort("tmdb_id")


def _wanted_elsewhere(lake: Lake, year: int) -> list[int]:
    """Return the films that other years promise; a film whose date moved here is one of them."""
    ids = lake.scan(DiscoveredMovie).filter(pl.col("release_year") != year).select("tmdb_id")
    return ids.collect()["tmdb_id"].to_list()


def _obtained(lake: Lake, wanted: Mapping[int, Wanted]) -> set[int]:
    rows = lake.scan(MovieDetail).filter(pl.col("tmdb_id").is_in(list(wanted))).select("tmdb_id")
    return set(rows.collect()["tmdb_id"].to_list())


def _with_change_times(new: pl.DataFrame, old: pl.DataFrame) -> pl.DataFrame:
    """Keep the time of the last change of every film that is as it was."""
    facts = [column for column in new.columns if column not in VOLATILE and column != "tmdb_id"]
    changed = pl.any_horizontal(pl.col(fact).ne_missing(pl.col(f"{fact}_old")) for fact in facts)
    was_known = pl.col("changed_at_old").is_not_null()
    return (
        new.join(old, on="tmdb_id", how="left", suffix="_old", maintain_order="left")
        .with_columns(changed_at=pl.when(was_known & ~changed).then("changed_at_old").otherwise("changed_at"))
        .select(new.columns)
    )
