"""``warehouse``: the snapshot that people and programs read."""

from contextlib import AbstractContextManager
from typing import Any

import dagster as dg
import duckdb
from dagster_duckdb import DuckDBResource

from tmdb_assets.assets.curated_carousels import curated_carousels
from tmdb_assets.assets.discovered_movies import discovered_movies
from tmdb_assets.assets.documentation import described
from tmdb_assets.assets.keyword_ids import keyword_ids
from tmdb_assets.assets.movie_changes import movie_changes
from tmdb_assets.assets.tmdb_exports import tmdb_exports
from tmdb_assets.automation import SNAPSHOT_FOLLOWS
from tmdb_assets.resources.storage import StorageResource
from tmdb_assets.storage.snapshot import PublishingError, publish
from tmdb_assets.tables import EnrichedUpload, FailedMovie, MovieDetail, MovieHistory


@dg.asset(
    deps=[
        keyword_ids,
        discovered_movies,
        MovieDetail.table,
        FailedMovie.table,
        MovieHistory.table,
        EnrichedUpload.table,
        curated_carousels,
        movie_changes,
        tmdb_exports,
    ],
    automation_condition=SNAPSHOT_FOLLOWS,
    code_version="1",
    **described("publishing"),
)
def warehouse(context: dg.AssetExecutionContext, storage: StorageResource) -> dg.MaterializeResult[Any]:
    """The published snapshot: one DuckDB file with every table, all years, and views on the details.

    One table per asset, and all_time_carousels, the merge of the years' carousels. It is built beside the old
    file and renamed over it, so readers are never locked out.
    """
    store = storage.open()
    try:
        counts = publish(store.lake, store.state, store.snapshot, connect=_connect)
    except PublishingError as error:
        raise dg.Failure(str(error)) from None
    context.log.info("Published %s: %s", store.snapshot, counts)
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": sum(counts.values()),
            "path": dg.MetadataValue.path(store.snapshot.absolute()),
            "megabytes": round(store.snapshot.stat().st_size / 1e6, 2),
            **{f"rows_{table}": count for table, count in counts.items()},
        }
    )


def _connect() -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    return DuckDBResource(database=":memory:").get_connection()
