"""Films that TMDB says have changed, come or gone: its changes feed and its export of ids mark them."""

import datetime as dt

import polars as pl

from tmdb_assets.storage.folder import Storage
from tmdb_assets.tables import FailedMovie, MovieChange, MovieDetail, TmdbExport
from tmdb_assets.transforms.refresh import RefreshPolicy


def marked_films(storage: Storage) -> pl.LazyFrame:
    """Return when each film was marked last.

    Returns
    -------
    polars.LazyFrame
        ``tmdb_id`` and ``marked_at``, one row per film.
    """
    changed = storage.lake.scan(MovieChange).select("tmdb_id", "seen_at")
    came_or_went = storage.lake.scan(TmdbExport).filter("is_known").select("tmdb_id", "seen_at")
    return pl.concat([changed, came_or_went]).group_by("tmdb_id").agg(marked_at=pl.col("seen_at").max())


def years_with_marked_films(storage: Storage, policy: RefreshPolicy, now: dt.datetime) -> list[int]:
    """Return the release years, in order, that have films which a mark makes due.

    They are films of ``movie_details``, and failed ones: a film that TMDB did not have may be back.
    """
    columns = ("tmdb_id", "release_year", "checked_at")
    known = pl.concat(
        [
            storage.lake.scan(MovieDetail).select(columns),
            storage.lake.scan(FailedMovie).filter(pl.col("reason") != "deleted").select(columns),
        ]
    )
    looked_at_before = pl.col("checked_at") < pl.col("marked_at") + policy.cached_for
    marked = known.join(marked_films(storage), on="tmdb_id").filter(looked_at_before)
    films = marked.select("release_year", "checked_at", "marked_at").collect()
    return sorted(
        {
            year
            for year, checked_at, marked_at in films.iter_rows()
            if policy.is_marked(checked_at, now, marked_at=marked_at)
        }
    )
