"""Storing a year of details: new rows over old ones, each film in exactly one year."""

import dataclasses
import datetime as dt
from collections.abc import Collection, Mapping

import polars as pl

from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.lake import Lake
from tmdb_assets.sync.details_rows import YearRows
from tmdb_assets.sync.wanted import last_labels, wanted_ids
from tmdb_assets.tables import WHOLE_FILM, FailedMovie, MovieDetail, MovieHistory
from tmdb_assets.transforms.comparison import compared, films_that_came_back, films_that_went
from tmdb_assets.transforms.failures import Label, counted, labelled


def are_stored(storage: Storage, answered: Mapping[int, dt.datetime]) -> bool:
    """Say whether these answers, or newer ones, are in the lake, as far as the films are wanted or there."""
    asked = pl.col("tmdb_id").is_in(list(answered))
    stored = [
        storage.lake.scan(table).filter(asked).select("tmdb_id", "checked_at")
        for table in (MovieDetail, FailedMovie)
    ]
    checked_at: dict[int, dt.datetime] = dict(pl.concat(stored).collect().iter_rows())
    if any(at < answered[tmdb_id] for tmdb_id, at in checked_at.items()):
        return False
    return not wanted_ids(storage, answered.keys() - checked_at.keys())


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
        self._failed = [rows.failed for rows in answers]
        self._gone = [rows.gone() for rows in answers]
        self._labels = {
            film: Label(one.title, year) for rows in answers for film, one in rows.plan.wanted.items()
        }
        self._answered = {film for rows in answers for film in rows.films}
        self._failures = self._former_failures()
        self._standing = self._failures
        self._rows = MovieDetail.frame()
        self._kept_count = 0

    def _former_failures(self) -> dict[int, FailedMovie]:
        films = self._answered | self._wanted
        is_ours = (pl.col("release_year") == self._year) | pl.col("tmdb_id").is_in(list(films))
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
        standing = dict(self._failures)
        for frame, failed, gone in zip(self._frames, self._failed, self._gone, strict=True):
            new = frame.filter(~pl.col("tmdb_id").is_in(deleted))
            found = compared(new, now, self._storage.policy)
            now = pl.concat([now.join(new, on="tmdb_id", how="anti"), found.rows])
            is_gone = pl.col("tmdb_id").is_in(list(gone))
            back = found.rows.filter(pl.col("tmdb_id").is_in(tombs))
            history += [found.history, films_that_came_back(back), films_that_went(now.filter(is_gone), gone)]
            tombs = [*(set(tombs) - set(new["tmdb_id"])), *now.filter(is_gone)["tmdb_id"]]
            obtained = set(now["tmdb_id"])
            for film, row in failed.items():
                if row.reason != "failed" or film not in obtained:  # an older row is better than none
                    standing[film] = counted(row, standing.get(film))
            standing = {film: row for film, row in standing.items() if film not in set(new["tmdb_id"])}
            now = now.filter(~is_gone)
        self._standing = standing
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
        obtained |= self._elsewhere((self._wanted | self._standing.keys()) - obtained)
        kept = self._kept({film: row for film, row in self._standing.items() if film not in obtained})
        was_here = {film for film, row in self._failures.items() if row.release_year == self._year}
        self._write_failures(
            [row for film, row in kept.items() if row.release_year == self._year or film in was_here]
        )
        self._drop_failures(self._failures.keys() - kept.keys())
        deleted = {film for film, row in kept.items() if row.reason == "deleted"}
        missing = self._wanted - obtained - deleted
        return Stored(len(here), self._kept_count, len(missing))

    def _elsewhere(self, films: set[int]) -> set[int]:
        rows = self._lake.scan(MovieDetail).filter(pl.col("tmdb_id").is_in(list(films))).select("tmdb_id")
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

    def _write_failures(self, rows: list[FailedMovie]) -> None:
        frame = FailedMovie.frame(rows).sort("tmdb_id")

        def unless_same(old: pl.LazyFrame) -> pl.DataFrame | None:
            here = old.filter(pl.col("release_year") == self._year).collect().sort("tmdb_id")
            return None if frame.equals(here) else frame

        self._lake.rewrite_year(FailedMovie, self._year, unless_same)

    def _drop_failures(self, films: Collection[int]) -> None:
        """Take failures away that stand in other years."""
        stays = ~pl.col("tmdb_id").is_in(list(films))
        for year in {self._failures[film].release_year for film in films} - {self._year}:
            rest = (pl.col("release_year") == year) & stays
            self._lake.rewrite_year(FailedMovie, year, lambda old, rest=rest: old.filter(rest).collect())
