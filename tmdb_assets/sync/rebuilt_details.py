"""The tables of films' details again, from the answers in the journal."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from typing import Self

import polars as pl

from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.journal_answers import Reading
from tmdb_assets.storage.journal_lines import expected_lines, unpacked_sizes
from tmdb_assets.storage.journal_readers import Readers, readers_for
from tmdb_assets.storage.lake import Lake
from tmdb_assets.storage.lake_damage import collected
from tmdb_assets.storage.spool import Spool, remove_spools
from tmdb_assets.sync.wanted import wanted_films
from tmdb_assets.tables import DiscoveredMovie, FailedMovie, FormerDetail, MovieDetail, MovieHistory, Row
from tmdb_assets.transforms.failures import Label, label_of
from tmdb_assets.transforms.replay import ANSWERS, Missing, Refusal, replayed

FILMS_AT_ONCE = 20_000
"""How many films' answers are replayed at a time."""

_FILMS_A_COMMIT = 5_000


class RebuiltDetails:
    """Makes ``movie_details``, ``failed_movies`` and ``movie_history`` again.

    Films are read a thousand at a time and replayed some ten thousand at a time; what does not fit into
    memory waits on the disk.

    Parameters
    ----------
    began_at
        What other processes store after this stays.
    on_progress
        Called with how many answers were read, and about how many there are.
    films_at_once
        How many films' answers are replayed at a time, about.

    Attributes
    ----------
    answer_count
        How many answers were read.
    film_count
        How many films have details now.
    """

    def __init__(
        self,
        storage: Storage,
        reading: Reading,
        *,
        began_at: dt.datetime,
        on_progress: Callable[[int, int], None],
        films_at_once: int,
    ) -> None:
        self.answer_count = self.film_count = 0
        self._storage = storage
        self._began_at = began_at
        self._on_progress = on_progress
        self._expected = expected_lines(storage.journal)
        self._parts = 1 + self._expected // films_at_once
        folder = storage.journal.folder
        remove_spools(folder)
        self._answers = Spool(folder, ANSWERS.to_frame(), rows_in_memory=2 * films_at_once)
        self._rows = Spool(folder, MovieDetail.frame(), rows_in_memory=2 * films_at_once)
        self._refusals: defaultdict[int, list[Refusal]] = defaultdict(list)
        self._missing: list[Missing] = []
        self._history = [MovieHistory.frame()]
        self._former = Spool(folder, MovieDetail.frame(), rows_in_memory=films_at_once)
        sizes = unpacked_sizes(storage.journal)
        self._readers = Readers(sizes, reading, readers_for(sizes))

    def read(self) -> None:
        """Read all answers; all of a film's come into one part."""
        for batch in self._readers.batches():
            self.answer_count += batch.line_count
            for refusal in batch.refusals:
                self._refusals[refusal.tmdb_id % self._parts].append(refusal)
            for part, rows in self._in_parts(batch.rows):
                self._answers.add(part, rows)
            self._on_progress(self.answer_count, max(self.answer_count, self._expected))
        self._readers.close()

    def _in_parts(self, rows: pl.DataFrame) -> Iterator[tuple[int, pl.DataFrame]]:
        if self._parts == 1:
            yield 0, rows
            return
        by_part = rows.with_columns(part=pl.col("tmdb_id") % self._parts).partition_by("part", as_dict=True)
        for (part,), of_part in by_part.items():
            yield part, of_part.drop("part")

    def replay(self) -> None:
        """Find out what the answers make of each film, and which films are still wanted."""
        wanted = wanted_films(self._storage).select("tmdb_id").unique().collect()["tmdb_id"].implode()
        listed = self._listed_years()
        for part in sorted({*self._answers.numbers(), *self._refusals}):
            answers = self._answers.take(part)
            told = replayed(answers, self._refusals.pop(part, []), self._storage.policy)
            stays = pl.col("tmdb_id").is_in(wanted) | ~pl.col("release_year").is_in(listed)
            for spool, rows in (
                (self._rows, told.rows.filter(stays)),
                (self._former, told.rows.filter(~stays)),
            ):
                for (year,), of_year in rows.partition_by("release_year", as_dict=True).items():
                    spool.add(year, of_year)
            self._missing += told.missing
            self._history.append(told.history)

    def _listed_years(self) -> list[int]:
        """Return the years of which it is known which films they have; of the others all films stay."""
        discovered = self._storage.lake.scan(DiscoveredMovie).select(pl.col("release_year").unique())
        years = set(discovered.collect()["release_year"])
        return sorted(years | self._storage.lists.empty_years(DiscoveredMovie))

    def store(self) -> None:
        """Put the tables in the place of those that are there."""
        lake = self._storage.lake
        self.film_count = self._store_years(MovieDetail, self._rows)
        self._store_years(FormerDetail, self._former)
        failed = self._failed()
        failed_years = lake.row_counts(FailedMovie).keys() | set(failed["release_year"])
        replace_years(lake, FailedMovie, failed_years, failed, newer="checked_at", than=self._began_at)
        history = pl.concat(self._history).sort(MovieHistory.key)
        lake.rewrite(MovieHistory, lambda stored: self._with_newer_history(history, stored))

    def _store_years(self, table: type[MovieDetail], made: Spool) -> int:
        """Replace all years of a table, some thousand films in a commit, and say how many films there are."""
        emptied = self._storage.lake.row_counts(table).keys() - set(made.numbers())
        count, years, rows = 0, sorted(emptied), [MovieDetail.frame()]
        for year in made.numbers():
            rows.append(made.take(year))
            years.append(year)
            count += len(rows[-1])
            if sum(map(len, rows)) >= _FILMS_A_COMMIT:
                self._replace(table, years, pl.concat(rows))
                years, rows = [], [MovieDetail.frame()]
        self._replace(table, years, pl.concat(rows))
        return count

    def _with_newer_history(self, history: pl.DataFrame, stored: pl.LazyFrame) -> pl.DataFrame:
        newer = collected(stored.filter(pl.col("seen_at") > self._began_at))
        if newer is None:
            return history
        return pl.concat([history.join(newer, on=MovieHistory.key, how="anti"), newer])

    def _replace(self, table: type[MovieDetail], years: Collection[int], rows: pl.DataFrame) -> None:
        rows = rows.sort("release_year", "tmdb_id")
        replace_years(self._storage.lake, table, years, rows, newer="checked_at", than=self._began_at)

    def _failed(self) -> pl.DataFrame:
        """Return the rows of films that are wanted and cannot be had, that are gone or were deleted."""
        ids = [one.tmdb_id for one in self._missing]
        films = wanted_films(self._storage).filter(pl.col("tmdb_id").is_in(ids))
        labels = films.select("tmdb_id", "title", "release_year").collect().iter_rows()
        wanted = {tmdb_id: Label(title, year) for tmdb_id, title, year in labels}
        found: list[FailedMovie] = []
        for one in self._missing:
            last = Label(one.title, one.release_year) if one.release_year is not None else None
            if label := label_of(one.reason, wanted.get(one.tmdb_id), last):
                found.append(
                    FailedMovie(
                        tmdb_id=one.tmdb_id,
                        release_year=label.release_year,
                        title=label.title,
                        reason=one.reason,
                        message=one.message,
                        attempt_count=one.attempt_count,
                        checked_at=one.checked_at,
                        failure_count=one.failure_count,
                        first_failed_at=one.first_failed_at,
                    )
                )
        return FailedMovie.frame(found).sort("tmdb_id")

    def __enter__(self) -> Self:
        self._readers.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        with self._answers, self._rows, self._former, self._readers:
            pass


def replace_years(
    lake: Lake, table: type[Row], years: Collection[int], rows: pl.DataFrame, *, newer: str, than: dt.datetime
) -> None:
    """Make these the rows of release years, beside those that another process has stored since a moment."""

    def with_newer(stored: pl.LazyFrame) -> pl.DataFrame:
        is_newer = (pl.col(newer) > than) & pl.col("release_year").is_in(sorted(years))
        kept = collected(stored.filter(is_newer))
        if kept is None or kept.is_empty():
            return rows
        return pl.concat([rows.join(kept, on="tmdb_id", how="anti"), kept])

    lake.replace_years(table, years, with_newer)
