"""``movie_details``, ``failed_movies``, ``movie_history``: the films, those not to be had, what changed."""

import datetime as dt
from collections.abc import Collection, Iterator
from functools import partial
from typing import Any

import dagster as dg
import polars as pl

from tmdb_assets.assets.configuration import DetailsConfig
from tmdb_assets.assets.discovered_movies import discovered_movies
from tmdb_assets.assets.documentation import Metadata, audit_metadata, described, preview
from tmdb_assets.assets.evidence import counted, examples, none_found, one_year_each
from tmdb_assets.assets.examples import first_of_each_year, most_of_each_year
from tmdb_assets.assets.finished_years import keeping_finished_years, years_of
from tmdb_assets.partitions import YEARS_PER_RUN, release_years
from tmdb_assets.resources.progress import ProgressResource, announced
from tmdb_assets.resources.storage import StorageResource
from tmdb_assets.resources.tmdb import TMDBResource
from tmdb_assets.settings import Settings
from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.details import sync_details
from tmdb_assets.tables import WHOLE_FILM, FailedMovie, MovieDetail, MovieHistory, Row, SyncAudit

_MOVIE_DETAILS = dg.AssetKey(MovieDetail.table)
_FAILED_MOVIES = dg.AssetKey(FailedMovie.table)
_MOVIE_HISTORY = dg.AssetKey(MovieHistory.table)
_PREVIEWED = ("poster_url", "title", "vote_average", "runtime", "directors", "genres")
_FAILED_PREVIEWED = ("tmdb_id", "title", "reason", "message")
_HISTORY_PREVIEWED = ("tmdb_id", "title", "field", "old_value", "new_value")


def _spec(table: type[Row], description: str) -> dg.AssetSpec:
    return dg.AssetSpec(
        table.table,
        deps=[discovered_movies],
        description=description,
        code_version="1",
        **described("details", table),
    )


@dg.multi_asset(
    specs=[
        _spec(
            MovieDetail,
            "All that TMDB knows of each discovered film: credits, keywords, ids, certification, trailer.\n\n"
            "One row per film, from one request. A film belongs to exactly one year.",
        ),
        _spec(
            FailedMovie,
            "Discovered films that could not be had, with the reason.\n\n"
            "One row per film that has no row in movie_details.",
        ),
        _spec(
            MovieHistory,
            "What was seen to change in films: old value, new value, when seen.\n\n"
            "One row per film and changed field; a film that TMDB has no more keeps its last row here.",
        ),
    ],
    partitions_def=release_years,
    backfill_policy=YEARS_PER_RUN,
)
def movie_details(
    context: dg.AssetExecutionContext,
    config: DetailsConfig,
    tmdb: TMDBResource,
    storage: StorageResource,
    progress: ProgressResource,
) -> Iterator[dg.MaterializeResult[Any]]:
    """Ask for every film of the years that is not fresh, and keep each year as soon as it is complete."""
    store = storage.open_to_fetch()

    with (
        keeping_finished_years(context, partial(_described, store)) as on_year,
        progress.reporting(context.log, MovieDetail.table, "films") as on_progress,
    ):
        run = SyncRun(
            run_id=context.run.run_id,
            refresh=config.refresh,
            on_year=on_year,
            on_plan=announced(context.log, MovieDetail.table, "films"),
            on_progress=on_progress,
        )
        tmdb.run(
            lambda client: sync_details(
                client,
                store,
                years_of(context),
                run,
                region=Settings.load().region,
                refresh_limit=config.refresh_limit,
                marked_only=config.marked_only,
            ),
            store,
            MovieDetail.table,
            on_progress.say,
        )
    yield dg.MaterializeResult(asset_key=_MOVIE_DETAILS)
    yield dg.MaterializeResult(asset_key=_FAILED_MOVIES)
    yield dg.MaterializeResult(asset_key=_MOVIE_HISTORY)


def _described(store: Storage, audits: Collection[SyncAudit]) -> dict[int, dict[dg.AssetKey, Metadata]]:
    """Return what there is to say of each year, from one look at each table."""
    years = [audit.year for audit in audits if audit.year is not None]
    of_years = pl.col("release_year").is_in(years)
    popular = most_of_each_year(store.lake.scan(MovieDetail).filter(of_years), "popularity", _PREVIEWED)
    failed = first_of_each_year(store.lake.scan(FailedMovie).filter(of_years), _FAILED_PREVIEWED)
    failed_counts = store.lake.row_counts(FailedMovie)
    history = _seen_since(store, min(audit.started_at for audit in audits), years)

    def of_year(audit: SyncAudit, year: int) -> dict[dg.AssetKey, Metadata]:
        seen = history.filter((pl.col("release_year") == year) & (pl.col("seen_at") >= audit.started_at))
        return {
            _MOVIE_DETAILS: {**audit_metadata(audit), "preview": preview(popular(year))},
            _FAILED_MOVIES: {
                "dagster/partition_row_count": dg.MetadataValue.int(failed_counts.get(year, 0)),
                "preview": preview(failed(year)),
            },
            _MOVIE_HISTORY: {
                "changes_seen": dg.MetadataValue.int(len(seen)),
                "preview": preview(seen.head(5).select(_HISTORY_PREVIEWED)),
            },
        }

    return {audit.year: of_year(audit, audit.year) for audit in audits if audit.year is not None}


def _seen_since(store: Storage, began_at: dt.datetime, years: Collection[int]) -> pl.DataFrame:
    """Return what was seen to change in the years' films, whole films aside: their values are long."""
    is_new = (pl.col("seen_at") >= began_at) & (pl.col("field") != WHOLE_FILM)
    seen = store.lake.scan(MovieHistory).filter(is_new).collect()
    if seen.is_empty():  # as a rule
        return seen.with_columns(release_year=pl.lit(0))
    films = store.lake.scan(MovieDetail).filter(pl.col("release_year").is_in(years))
    return seen.join(films.select("tmdb_id", "release_year").collect(), on="tmdb_id")


@dg.asset_check(asset=_MOVIE_DETAILS)
def every_movie_was_obtained(storage: StorageResource) -> dg.AssetCheckResult:
    """Every film that was promised has a row; those that have none are named with their reason."""
    store = storage.open()
    audits = store.state.newest_audits(MovieDetail.table)
    short = {str(year): audit.missing_count for year, audit in audits.items() if audit.missing_count}
    failed = store.lake.read(FailedMovie)
    return dg.AssetCheckResult(
        passed=not short,
        severity=dg.AssetCheckSeverity.WARN,
        description=f"{counted(sum(short.values()), 'film')} missing; failed_movies says why."
        if short
        else None,
        metadata={
            "promised": sum(audit.promised_count for audit in audits.values()),
            "obtained": sum(audit.promised_count - audit.missing_count for audit in audits.values()),
            "missing_by_year": short,
            "failures": examples(failed.select("release_year", "tmdb_id", "title", "reason", "message")),
        },
    )


@dg.asset_check(asset=_MOVIE_HISTORY)
def every_change_is_one(storage: StorageResource) -> dg.AssetCheckResult:
    """What a film's field was before differs from what it is since."""
    history = storage.open().lake.scan(MovieHistory)
    same = history.filter(pl.col("old_value").eq_missing(pl.col("new_value"))).sort("tmdb_id", "seen_at")
    found = same.collect()
    sentence = f"{counted(len(found), 'row')} no change: `tmdb-assets rebuild` makes movie_history again."
    return none_found(found, _HISTORY_PREVIEWED, sentence)


@dg.asset_check(asset=_FAILED_MOVIES)
def no_failed_movie_has_details(storage: StorageResource) -> dg.AssetCheckResult:
    """A film has a row in movie_details, or one here that says why not."""
    lake = storage.open().lake
    details = lake.scan(MovieDetail).select("tmdb_id")
    both = lake.scan(FailedMovie).join(details, on="tmdb_id", how="semi").sort("tmdb_id").collect()
    sentence = f"{counted(len(both), 'film')} in both tables: `tmdb-assets doctor` makes them again."
    return none_found(both, _FAILED_PREVIEWED, sentence)


@dg.asset_check(asset=_MOVIE_DETAILS)
def no_movie_is_in_two_years(storage: StorageResource) -> dg.AssetCheckResult:
    """A film belongs to exactly one release year."""
    return one_year_each(storage.open().lake.scan(MovieDetail))
