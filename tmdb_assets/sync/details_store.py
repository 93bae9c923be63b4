"""Storing a year of details: new rows over old ones, each film in exactly one year."""

import dataclasses
import datetime as dt
from collections.abc import Collection, Mapping

import msgspec
import polars as pl

from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.lake import Lake
from tmdb_assets.sync.details_rows import YearRows
from tmdb_assets.sync.wanted import wanted_films, wanted_ids
from tmdb_assets.tables import WHOLE_FILM, FailedMovie, MovieDetail, MovieHistory
from tmdb_assets.transforms.comparison import compared, films_that_came_back, films_that_went


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


def store_year(storage: Storage, *answers: YearRows) -> Stored:
    """Make the year's rows in the lake those that are due to it, and say how many there are.

    A film whose date moved goes to its new year and leaves the old one; a film not wanted any more leaves.

    Parameters
    ----------
    answers
        What came of the year's films: of earlier answers first.
    """
    plan = answers[-1].plan
    if plan.is_tidy and not any(rows.lines or rows.failed for rows in answers):
        return Stored(len(plan.stored), len(plan.stored), len(plan.wanted) - plan.obtained_count)
    year = _Year(storage, plan.year, answers)
    year.store_details()
    return year.store_failures()


class _Year:
    """A year that is being stored."""

    def __init__(self, storage: Storage, year: int, answers: Collection[YearRows]) -> None:
        self._storage = storage
        self._lake: Lake = storage.lake
        self._year = year
        self._wanted = {film for rows in answers for film in rows.plan.wanted}
        self._frames = [rows.frame() for rows in answers]
        self._gone = [rows.gone() for rows in answers]
        obtained = {film for frame in self._frames for film in frame["tmdb_id"]}
        self._failed = {film: row for rows in answers for film, row in rows.failed.items()}
        self._answered = obtained | self._failed.keys()
        self._failures = self._former_failures()
        self._rows = MovieDetail.frame()
        self._kept_count = 0

    def _former_failures(self) -> dict[int, FailedMovie]:
        is_ours = (pl.col("release_year") == self._year) | pl.col("tmdb_id").is_in(list(self._answered))
        rows = self._lake.scan(FailedMovie).filter(is_ours).collect()
        return {row["tmdb_id"]: FailedMovie(**row) for row in rows.iter_rows(named=True)}

    def store_details(self) -> None:
        """Store the rows of films, and what changed before them: a killed run adds the same again."""
        left_behind: list[int] = []

        def with_answers(old: pl.LazyFrame) -> pl.DataFrame | None:
            is_here = pl.col("release_year") == self._year
            is_answered = pl.col("tmdb_id").is_in(list(self._answered))
            places = old.filter(is_answered & ~is_here).select("tmdb_id", "release_year").collect()
            others = places["release_year"].unique().to_list()
            of_years = pl.col("release_year").is_in([self._year, *others])
            before = old.filter(of_years & (is_here | is_answered)).collect().sort("tmdb_id")
            now, history = self._after_answers(before)
            left_behind[:] = places.join(now, on="tmdb_id", how="anti")["release_year"].unique().to_list()
            self._lake.add(MovieHistory, history)
            is_new = pl.col("tmdb_id").is_in([film for frame in self._frames for film in frame["tmdb_id"]])
            self._rows = now.filter((is_here | is_new) & self._stays(now)).sort("tmdb_id")
            self._kept_count = len(self._rows.filter(~is_answered))
            return None if self._rows.equals(before.filter(is_here | is_new)) else self._rows

        self._lake.rewrite_year(MovieDetail, self._year, with_answers)
        gone = pl.col("tmdb_id").is_in(list(set[int]().union(*self._gone)))
        for other in left_behind:
            of_other = (pl.col("release_year") == other) & ~gone
            self._lake.rewrite_year(MovieDetail, other, lambda old, rest=of_other: old.filter(rest).collect())

    def _after_answers(self, before: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return the films' rows after all answers, and what is to be remembered of the change."""
        now, history = before, [MovieHistory.frame()]
        tombs = self._tombstones(before)
        deleted = [film for film, row in self._failures.items() if row.reason == "deleted"]
        for frame, gone in zip(self._frames, self._gone, strict=True):
            new = frame.filter(~pl.col("tmdb_id").is_in(deleted))
            found = compared(new, now, self._storage.policy)
            now = pl.concat([now.join(new, on="tmdb_id", how="anti"), found.rows])
            is_gone = pl.col("tmdb_id").is_in(list(gone))
            back = found.rows.filter(pl.col("tmdb_id").is_in(tombs))
            history += [found.history, films_that_came_back(back), films_that_went(now.filter(is_gone), gone)]
            tombs = [*(set(tombs) - set(new["tmdb_id"])), *now.filter(is_gone)["tmdb_id"]]
            now = now.filter(~is_gone)
        return now, pl.concat(history)

    def _tombstones(self, before: pl.DataFrame) -> list[int]:
        """Return which of the films had a row once and lost it, because TMDB had them no more."""
        lost = self._answered & self._failures.keys() - set(before["tmdb_id"])
        if not lost:
            return []
        went = (pl.col("field") == WHOLE_FILM) & pl.col("tmdb_id").is_in(list(lost))
        return self._lake.scan(MovieHistory).filter(went).collect()["tmdb_id"].unique().to_list()

    def _stays(self, now: pl.DataFrame) -> pl.Expr:
        """Return which rows stay: those of films that anybody wants, also if only since the plan was made."""
        doubtful = set(now["tmdb_id"]) - self._wanted
        unwanted = doubtful - wanted_ids(self._storage, doubtful)
        return ~pl.col("tmdb_id").is_in(list(unwanted))

    def store_failures(self) -> Stored:
        """Store the rows of films that could not be had."""
        here = self._rows.filter(pl.col("release_year") == self._year)
        obtained = set(self._rows["tmdb_id"])
        asked_about = self._wanted | self._failures.keys() | self._failed.keys()
        obtained |= self._elsewhere(asked_about - obtained)
        failed = {
            film: _counted(row, self._failures.get(film))
            for film, row in self._failed.items()
            if film not in obtained  # an older row is better than none
        }
        rows = self._failures | failed
        kept = {film: row for film, row in rows.items() if self._failure_stays(row, obtained)}
        self._write_failures([row for row in kept.values() if row.release_year == self._year])
        for other in {row.release_year for film, row in self._failures.items() if film not in kept}:
            if other != self._year:
                self._drop_failures(other, obtained)
        deleted = {film for film, row in kept.items() if row.reason == "deleted"}
        missing = self._wanted - obtained - deleted
        return Stored(len(here), self._kept_count, len(missing))

    def _elsewhere(self, films: set[int]) -> set[int]:
        rows = self._lake.scan(MovieDetail).filter(pl.col("tmdb_id").is_in(list(films))).select("tmdb_id")
        return set(rows.collect()["tmdb_id"].to_list()) if films else set()

    def _failure_stays(self, row: FailedMovie, obtained: Collection[int]) -> bool:
        """Say whether a failure stands; that a film is gone stands also when nobody asks for it any more."""
        if row.reason == "deleted":
            return True
        is_settled = row.reason in {"not_found", "undated"}
        return row.tmdb_id not in obtained and (is_settled or row.tmdb_id in self._wanted)

    def _write_failures(self, rows: list[FailedMovie]) -> None:
        frame = FailedMovie.frame(rows).sort("tmdb_id")

        def unless_same(old: pl.LazyFrame) -> pl.DataFrame | None:
            here = old.filter(pl.col("release_year") == self._year).collect().sort("tmdb_id")
            return None if frame.equals(here) else frame

        self._lake.rewrite_year(FailedMovie, self._year, unless_same)

    def _drop_failures(self, year: int, obtained: Collection[int]) -> None:
        stays = (pl.col("reason") == "deleted") | ~pl.col("tmdb_id").is_in(list(obtained))
        of_year = pl.col("release_year") == year
        self._lake.rewrite_year(FailedMovie, year, lambda old: old.filter(of_year & stays).collect())


def _counted(row: FailedMovie, before: FailedMovie | None) -> FailedMovie:
    """Count a failure on from those before."""
    if before is None or before.checked_at >= row.checked_at or before.reason == "deleted":
        return before or row
    is_same = before.reason == row.reason
    return msgspec.structs.replace(
        row,
        failure_count=before.failure_count + 1,
        first_failed_at=before.first_failed_at if is_same else row.first_failed_at,
    )
