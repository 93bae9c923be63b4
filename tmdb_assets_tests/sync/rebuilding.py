"""Storages whose tables are made again, and a look at all of them."""

import shutil
from pathlib import Path
from typing import Any

import polars as pl

from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.snapshot import publish
from tmdb_assets.sync.carousels import curate_years
from tmdb_assets.sync.rebuild import Rebuilt, rebuild
from tmdb_assets.tables import (
    CuratedCarousel,
    DiscoveredMovie,
    FailedMovie,
    KeywordId,
    MovieDetail,
    MovieHistory,
)
from tmdb_assets.tmdb.images import ImageURLs
from tmdb_assets_tests.tables.rows import AT

TABLES = (KeywordId, DiscoveredMovie, MovieDetail, FailedMovie, MovieHistory, CuratedCarousel)


def remade(storage: Storage, images: str, **options: Any) -> Rebuilt:  # noqa: ANN401 -- those of rebuild
    """Make all tables again."""
    return rebuild(storage, region=None, images=ImageURLs(images), **options)


def keep_lists(storage: Storage) -> None:
    """Keep what TMDB's lists gave, as a run does."""
    storage.lists.keep(KeywordId, storage.lake.read(KeywordId))
    for year in storage.lake.row_counts(DiscoveredMovie):
        storage.lists.keep(DiscoveredMovie, storage.lake.read(DiscoveredMovie, years=[year]), year)


def finish(storage: Storage, *years: int) -> None:
    """Curate and publish, as a run does after the details."""
    list(curate_years(storage.lake, years, clock=lambda: AT))
    publish(storage.lake, storage.state, storage.snapshot)


def tables(storage: Storage) -> dict[str, list[tuple[Any, ...]]]:
    """Return all tables; of the carousels' times nothing, for they are made again."""
    return {table.table: storage.lake.read(table).drop("curated_at", strict=False).rows() for table in TABLES}


def lose_the_lake(storage: Storage) -> None:
    shutil.rmtree(Path(storage.lake.uri))


def titles(storage: Storage) -> dict[int, str]:
    return dict(storage.lake.read(MovieDetail).select("tmdb_id", "title").rows())


def reasons(storage: Storage) -> dict[int, str]:
    return dict(storage.lake.read(FailedMovie).select("tmdb_id", "reason").rows())


def years_of(storage: Storage) -> dict[int, int]:
    return dict(storage.lake.scan(MovieDetail).select(pl.col("tmdb_id"), "release_year").collect().rows())
