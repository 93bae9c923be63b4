"""Storing a year of details: new rows over old ones, each film in exactly one year."""

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterable, Mapping

import polars as pl

from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.lake import Lake
from tmdb_assets.sync.deletion import deleted_for_good
from tmdb_assets.sync.details_rows import YearRows
from tmdb_assets.sync.former import former_rows, keep_former
from tmdb_assets.sync.wanted import last_labels, wanted_ids
from tmdb_assets.tables import WHOLE_FILM, FailedMovie, FormerDetail, MovieDetail, MovieHistory
from tmdb_assets.transforms.failures import Label, labelled
from tmdb_assets.transforms.rounds import AfterRounds, Round, after_rounds

_LONG_AGO = pl.lit(dt.datetime.fromtimestamp(0, dt.UTC), pl.Datetime("us", "UTC"))


def are_stored(storage: Storage, answered: Mapping[int, dt.datetime]) -> bool:
    """Say whether these answers, or newer ones, are in the lake, as far as the films are wanted or there."""
    asked = pl.col("tmdb_id").is_in(list(answered))
    stored = [
        storage.lake.scan(table).filter(asked).select("tmdb_id", "checked_at")
        for table in (MovieDetail, FormerDetail, FailedMovie)
    ]
    newest = pl.concat(stored).group_by("tmdb_id").agg(pl.col("checked_at").max()).collect()
    checked_at: dict[int, dt.datetime] = dict(newest.iter_rows())
    if any(at < answered[tmdb_id] for tmdb_id, at in checked_at.items()):
        return False
    return not wanted_ids(storage, answered.keys() - checked_at.keys())


@dataclasses.dataclass(frozen=True)
class Stored:
    """How many rows a year has now, how many of them stayed, and how many of its films have none anywhere."""

    row_count: int
    kept_count: int
    missing_count: int


def store_year(storage: Storage, *answers: YearRows, now: dt.datetime) -> Stored:
    """Make the year's rows in the lake those that are due to it, and say how many there are.

    A film whose date moved goes to its new year and leaves the old one; a film not wanted any more leaves.
    What other processes store or delete meanwhile stays as they leave it.

    Parameters
    ----------
    answers
        What came of the year's films: of earlier answers first.
    now
        The moment, UTC. What was seen long after it was seen by a clock that was ahead: any answer is newer.
    """
    plan = answers[-1].plan
    if plan.is_tidy and not any(rows.lines or rows.failed for rows in answers):
        return Stored(len(plan.stored), len(plan.stored), len(plan.wanted) - plan.obtained_count)
    year = _Year(storage, plan.year, answers, now + storage.policy.least_age)
    return year.store_failures(year.store_details())


@dataclasses.dataclass(frozen=True)
class _Details:
    """What the answers make of a year, computed from one version of the table.

    Attributes
    ----------
    rows
        Those of the year, and those of answered films that are in others now.
    kept_count
        How many of them no answer was about.
    is_new
        Whether the table has other rows.
    dropped
        Rows of the year whose films nobody wants any more.
    left
        The years that films leave.
    after
        What the answers make of the films.
    """

    rows: pl.DataFrame
    kept_count: int
    is_new: bool
    dropped: pl.DataFrame
    left: list[int]
    after: AfterRounds


@dataclasses.dataclass(frozen=True)
class _Failures:
    """Which films cannot be had, computed from one version of the table: before, and now."""

    former: dict[int, FailedMovie]
    kept: dict[int, FailedMovie]
    obtained: set[int]
    deleted: set[int]


class _Year:
    """A year that is being stored; what it reads it reads when it computes, and again when it has to."""

    def __init__(
        self, storage: Storage, year: int, answers: Collection[YearRows], latest: dt.datetime
    ) -> None:
        self._storage = storage
        self._latest = latest
        self._lake: Lake = storage.lake
        self._year = year
        self._is_here = pl.col("release_year") == year
        self._wanted = {film for rows in answers for film in rows.plan.wanted}
        self._rounds = [Round(rows.frame(), rows.failed, rows.gone()) for rows in answers]
        self._labels = {
            film: Label(one.title, year) for rows in answers for film, one in rows.plan.wanted.items()
        }
        self._answered = {film for rows in answers for film in rows.films}
        self._former = {film for rows in answers for film in rows.plan.former}

    def store_details(self) -> _Details:
        """Store the rows of films, and what changed before them: a killed run adds the same again."""
        attempts: list[_Details] = []

        def with_answers(old: pl.LazyFrame) -> pl.DataFrame | None:
            found = self._details(old)
            self._remember(found.after, (lost.after.history for lost in attempts))
            keep_former(self._lake, found.dropped)
            attempts.append(found)
            return found.rows if found.is_new else None

        self._lake.rewrite_year(MovieDetail, self._year, with_answers)
        gone = set[int]().union(*(one.gone for one in self._rounds))
        for other in attempts[-1].left:
            of_other = (pl.col("release_year") == other) & ~_of(gone)
            self._lake.rewrite_year(MovieDetail, other, lambda old, rest=of_other: old.filter(rest).collect())
        return attempts[-1]

    def _details(self, old: pl.LazyFrame) -> _Details:
        is_answered = _of(self._answered)
        places = old.filter(is_answered & ~self._is_here).select("tmdb_id", "release_year").collect()
        others = places["release_year"].unique().to_list()
        of_years = pl.col("release_year").is_in([self._year, *others])
        before = old.filter(of_years & (self._is_here | is_answered)).collect().sort("tmdb_id")
        is_ahead = is_answered & (pl.col("checked_at") > self._latest)
        former = former_rows(self._storage, (self._answered | self._former) - set(before["tmdb_id"]))
        comparable = pl.concat([before, former]).with_columns(
            checked_at=pl.when(~is_ahead).then("checked_at").otherwise(_LONG_AGO)
        )
        failures = self._failures_in(self._lake.scan(FailedMovie))
        after = after_rounds(
            comparable,
            self._rounds,
            deleted=deleted_for_good(self._storage, failures),
            tombs=self._tombs(failures.keys() - set(comparable["tmdb_id"])),
            policy=self._storage.policy,
        )
        answered = {film for one in self._rounds for film in one.rows["tmdb_id"]}
        is_ours = self._is_here | _of({*answered, *former["tmdb_id"]})
        stays = self._stays(after.rows)
        rows = after.rows.filter(is_ours & stays).sort("tmdb_id")
        return _Details(
            rows=rows,
            kept_count=len(rows.filter(~is_answered)),
            is_new=not rows.equals(before.filter(is_ours)),
            dropped=after.rows.filter(is_ours & ~stays),
            left=places.join(after.rows, on="tmdb_id", how="anti")["release_year"].unique().to_list(),
            after=after,
        )

    def _remember(self, after: AfterRounds, lost: Iterable[pl.DataFrame]) -> None:
        """Store the history of an attempt, in the place of what those before it found of the same answers."""
        said_before = pl.concat([MovieHistory.frame(), *lost])
        of_these = said_before.join(
            after.checks, left_on=["tmdb_id", "seen_at"], right_on=["tmdb_id", "checked_at"], how="semi"
        )
        self._lake.remove(MovieHistory, of_these.join(after.history, on=MovieHistory.key, how="anti"))
        self._lake.add(MovieHistory, after.history)

    def _failures_in(self, rows: pl.LazyFrame) -> dict[int, FailedMovie]:
        is_ours = self._is_here | _of(self._answered | self._wanted)
        found = rows.filter(is_ours).collect()
        is_ahead = _of(self._answered) & (pl.col("checked_at") > self._latest)
        found = found.with_columns(checked_at=pl.when(~is_ahead).then("checked_at").otherwise(_LONG_AGO))
        return {row["tmdb_id"]: FailedMovie(**row) for row in found.iter_rows(named=True)}

    def _tombs(self, failed: Collection[int]) -> list[int]:
        """Return which of the films had a row once and lost it, because TMDB had them no more."""
        lost = self._answered & set(failed)
        if not lost:
            return []
        went = (pl.col("field") == WHOLE_FILM) & _of(lost)
        return self._lake.scan(MovieHistory).filter(went).collect()["tmdb_id"].unique().to_list()

    def _stays(self, now: pl.DataFrame) -> pl.Expr:
        """Return which rows stay: those of films that anybody wants, also if only since the plan was made."""
        doubtful = set(now["tmdb_id"]) - self._wanted
        return ~_of(doubtful - wanted_ids(self._storage, doubtful))

    def store_failures(self, details: _Details) -> Stored:
        """Store the rows of films that could not be had."""
        attempts: list[_Failures] = []

        def with_failures(old: pl.LazyFrame) -> pl.DataFrame | None:
            found = self._failures(old, details)
            attempts.append(found)
            were_here = {film for film, row in found.former.items() if row.release_year == self._year}
            rows = [
                row for film, row in found.kept.items() if row.release_year == self._year or film in were_here
            ]
            frame = FailedMovie.frame(rows).sort("tmdb_id")
            here = old.filter(self._is_here).collect().sort("tmdb_id")
            return None if frame.equals(here) else frame

        self._lake.rewrite_year(FailedMovie, self._year, with_failures)
        found = attempts[-1]
        self._drop_failures([row for film, row in found.former.items() if film not in found.kept])
        self._drop_details(details.rows.filter(_of(found.deleted)))
        here = details.rows.filter(self._is_here & ~_of(found.deleted))
        return Stored(len(here), details.kept_count, len(self._wanted - found.obtained - found.deleted))

    def _failures(self, old: pl.LazyFrame, details: _Details) -> _Failures:
        former = self._failures_in(old)
        seen_at: dict[int, dt.datetime] = dict(details.rows.select("tmdb_id", "checked_at").iter_rows())
        standing = {
            film: row
            for film, row in details.after.failures(former).items()
            if row.reason == "deleted" or film not in seen_at or seen_at[film] < row.checked_at
        }  # a run that was killed between the tables may have left a film in both
        deleted = deleted_for_good(self._storage, standing)
        obtained = set(details.rows["tmdb_id"]) - standing.keys()  # of which others may know better by now
        obtained |= self._in_lake((self._wanted | standing.keys()) - obtained - deleted)
        kept = self._kept({film: row for film, row in standing.items() if film not in obtained})
        return _Failures(former, kept, obtained, deleted)

    def _in_lake(self, films: set[int]) -> set[int]:
        rows = self._lake.scan(MovieDetail).filter(_of(films)).select("tmdb_id")
        return set(rows.collect()["tmdb_id"].to_list()) if films else set()

    def _kept(self, failures: Mapping[int, FailedMovie]) -> dict[int, FailedMovie]:
        """Return the failures that stand, under the title and the year that their films have now."""
        strangers = failures.keys() - self._labels.keys()
        of_others = wanted_ids(self._storage, strangers)  # whose years look after them
        lasts = last_labels(self._storage, strangers - of_others)
        kept = {
            film: row if film in of_others else labelled(row, self._labels.get(film), lasts.get(film))
            for film, row in failures.items()
        }
        return {film: row for film, row in kept.items() if row}

    def _drop_failures(self, rows: Collection[FailedMovie]) -> None:
        """Take failures away that stand in other years; a newer one stays."""
        seen = FailedMovie.frame(rows).select("tmdb_id", "checked_at")
        for year in {row.release_year for row in rows} - {self._year}:
            self._lake.rewrite_year(FailedMovie, year, lambda old, year=year: _without(old, year, seen))

    def _drop_details(self, rows: pl.DataFrame) -> None:
        """Take rows away of films that were deleted after they were computed; one that is newer stays."""
        seen = rows.select("tmdb_id", "checked_at")
        for year in set(rows["release_year"]):
            self._lake.rewrite_year(MovieDetail, year, lambda old, year=year: _without(old, year, seen))


def _of(films: Collection[int]) -> pl.Expr:
    return pl.col("tmdb_id").is_in(list(films))


def _without(old: pl.LazyFrame, year: int, seen: pl.DataFrame) -> pl.DataFrame:
    """Return a year's rows but for those that were seen."""
    rows = old.filter(pl.col("release_year") == year).collect()
    return rows.join(seen, on=["tmdb_id", "checked_at"], how="anti", maintain_order="left")
