"""Storing films that came from files, and removing films that somebody deleted: what both do to the lake."""

import datetime as dt
from collections.abc import Collection

import polars as pl

from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.snapshot import publish
from tmdb_assets.sync.carousels import curate_years
from tmdb_assets.sync.former import former_rows
from tmdb_assets.tables import WHOLE_FILM, FailedMovie, MovieDetail, MovieHistory, Row
from tmdb_assets.transforms.comparison import compared
from tmdb_assets.transforms.replay import whole_film_history


def rows_of(storage: Storage, table: type[Row], tmdb_ids: Collection[int]) -> pl.DataFrame:
    """Return what a table says of films."""
    return storage.lake.scan(table).filter(pl.col("tmdb_id").is_in(list(tmdb_ids))).collect()


def put_films(
    storage: Storage, new: pl.DataFrame, came_back: Collection[int], now: dt.datetime
) -> pl.DataFrame:
    """Put rows into ``movie_details`` in the place of the films' former ones, each into its year.

    Parameters
    ----------
    new
        Rows of ``movie_details``, one per film.
    came_back
        Those of them that had gone.
    now
        When they come, UTC.

    Returns
    -------
    polars.DataFrame
        ``tmdb_id`` and whether the film ``is_new`` or ``has_changed``.
    """
    ids = new["tmdb_id"].to_list()
    left = former_rows(storage, ids)
    old = rows_of(storage, MovieDetail, ids)
    history = compared(new, pl.concat([old, left]), storage.policy).history
    back = new.filter(pl.col("tmdb_id").is_in(list(came_back)))
    back_history = whole_film_history(back, [now] * len(back), came=True)
    storage.lake.add(MovieHistory, pl.concat([history, _unless_told(storage, back_history)]))

    def with_new(stored: pl.LazyFrame) -> pl.DataFrame:
        former = stored.filter(pl.col("tmdb_id").is_in(ids)).collect()
        known = pl.concat([former, left.join(former, on="tmdb_id", how="anti")])
        rows = compared(new, known, storage.policy).rows
        others = stored.filter(pl.col("release_year").is_in(years) & ~pl.col("tmdb_id").is_in(ids)).collect()
        return pl.concat([others, rows]).sort("tmdb_id")

    years = new["release_year"].unique().to_list()
    storage.lake.rewrite_years(MovieDetail, years, with_new)
    leave(storage, FailedMovie, ids)
    is_new = ~pl.col("tmdb_id").is_in(old["tmdb_id"].implode())
    has_changed = ~is_new & pl.col("tmdb_id").is_in(history["tmdb_id"].unique().implode())
    return new.select("tmdb_id", is_new=is_new, has_changed=has_changed)


def put_failures(storage: Storage, failures: Collection[FailedMovie], history: pl.DataFrame) -> None:
    """Make films failed ones: rows of ``failed_movies``, and none of ``movie_details``."""
    storage.lake.add(MovieHistory, _unless_told(storage, history))
    ids = [film.tmdb_id for film in failures]
    years = {film.release_year for film in failures}

    def with_failures(stored: pl.LazyFrame) -> pl.DataFrame:
        here = stored.filter(pl.col("release_year").is_in(list(years)) & ~pl.col("tmdb_id").is_in(ids))
        return pl.concat([here.collect(), FailedMovie.frame(failures)]).sort("tmdb_id")

    if years:
        storage.lake.rewrite_years(FailedMovie, years, with_failures)
        leave(storage, MovieDetail, ids)


def _unless_told(storage: Storage, history: pl.DataFrame) -> pl.DataFrame:
    """Leave out films of which a process that was killed since has told the same: they cannot go twice."""
    told = rows_of(storage, MovieHistory, history["tmdb_id"]).filter(pl.col("field") == WHOLE_FILM)
    last = told.sort("seen_at").unique("tmdb_id", keep="last")
    direction = pl.col("new_value").is_null().alias("went")
    same = history.with_columns(direction).join(last.with_columns(direction), on=["tmdb_id", "went"])
    return history.filter(~pl.col("tmdb_id").is_in(same["tmdb_id"].implode()))


def leave(storage: Storage, table: type[Row], tmdb_ids: Collection[int]) -> None:
    """Remove films from a table."""
    years = rows_of(storage, table, tmdb_ids)["release_year"].unique().to_list()

    def without(stored: pl.LazyFrame) -> pl.DataFrame:
        stays = pl.col("release_year").is_in(years) & ~pl.col("tmdb_id").is_in(list(tmdb_ids))
        return stored.filter(stays).collect().sort("tmdb_id")

    if years:
        storage.lake.rewrite_years(table, years, without)


def show(storage: Storage, years: Collection[int], now: dt.datetime) -> None:
    """Make the carousels of years again, and publish."""
    for _ in curate_years(storage.lake, sorted(years), clock=lambda: now):
        pass
    publish(storage.lake, storage.state, storage.snapshot)
