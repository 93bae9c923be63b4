"""Rows of films that left because nobody wanted them: with them the films go on where they had left off."""

from collections.abc import Collection

import polars as pl

from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.lake import Lake
from tmdb_assets.tables import FailedMovie, FormerDetail, MovieDetail


def former_rows(storage: Storage, among: Collection[int]) -> pl.DataFrame:
    """Return the last rows of those of the films that left ``movie_details`` unwanted.

    A film stays here when it has a row again. So a row of ``movie_details`` counts first, and one that TMDB,
    or somebody who deleted the film, has said no to since does not count at all.

    Returns
    -------
    polars.DataFrame
        Rows of ``movie_details``.
    """
    if not among:
        return MovieDetail.frame()
    is_asked = pl.col("tmdb_id").is_in(list(among))
    rows = storage.lake.scan(FormerDetail).filter(is_asked).collect()
    if rows.is_empty():  # as a rule
        return MovieDetail.frame()
    there = storage.lake.scan(MovieDetail).filter(is_asked).select("tmdb_id").collect()
    gone = storage.lake.scan(FailedMovie).filter(is_asked & (pl.col("reason") != "failed"))
    said_no = gone.select("tmdb_id", no_at="checked_at").collect()
    is_known = (pl.col("no_at") < pl.col("checked_at")).fill_null(value=True)
    left = rows.join(there, on="tmdb_id", how="anti").join(said_no, on="tmdb_id", how="left")
    return left.filter(is_known).select(rows.columns).sort("tmdb_id")


def keep_former(lake: Lake, rows: pl.DataFrame) -> None:
    """Keep rows of ``movie_details`` that are about to leave it."""
    if rows.is_empty():
        return
    years = rows["release_year"].unique().to_list()
    is_other = pl.col("release_year").is_in(years) & ~pl.col("tmdb_id").is_in(rows["tmdb_id"].to_list())
    lake.rewrite_years(
        FormerDetail,
        years,
        lambda stored: pl.concat([stored.filter(is_other).collect(), rows]).sort("tmdb_id"),
    )


def forget_former(lake: Lake, tmdb_ids: Collection[int]) -> None:
    """Forget the former rows of films that somebody deletes."""
    is_concerned = pl.col("tmdb_id").is_in(list(tmdb_ids))
    lake.remove(FormerDetail, lake.scan(FormerDetail).filter(is_concerned).select("tmdb_id").collect())
