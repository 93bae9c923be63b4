"""``discovered_movies``: which films there are."""

from collections.abc import Collection

import dagster as dg
import polars as pl

from tmdb_assets.assets.configuration import DiscoveryConfig
from tmdb_assets.assets.documentation import Metadata, audit_metadata, described, preview
from tmdb_assets.assets.evidence import counted, examples, one_year_each, some_of
from tmdb_assets.assets.examples import most_of_each_year
from tmdb_assets.assets.finished_years import keeping_finished_years, years_of
from tmdb_assets.assets.keyword_ids import keyword_ids
from tmdb_assets.partitions import YEARS_PER_RUN, release_years
from tmdb_assets.resources.progress import ProgressResource, announced
from tmdb_assets.resources.storage import StorageResource
from tmdb_assets.resources.tmdb import TMDBResource
from tmdb_assets.settings import Settings
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.collection import load_themes
from tmdb_assets.sync.discovery import sync_discovery
from tmdb_assets.sync.discovery_plan import NOT_LISTED
from tmdb_assets.tables import DiscoveredMovie, ListGap, SyncAudit
from tmdb_assets.tmdb import AsyncTMDBClient
from tmdb_assets.transforms.themes import chosen_themes

_EXPLAINED = (
    *("release_year", "listed_by", "first_date", "last_date", "min_votes", "max_votes", "original_language"),
    *("promised_count", "obtained_count", "missing_count", "reason"),
)
_PREVIEWED = ("poster_path", "title", "vote_average", "vote_count", "has_theme_keyword", "release_date")


@dg.asset(
    deps=[keyword_ids],
    partitions_def=release_years,
    backfill_policy=YEARS_PER_RUN,
    code_version="1",
    **described("discovery", DiscoveredMovie),
)
def discovered_movies(
    context: dg.AssetExecutionContext,
    config: DiscoveryConfig,
    tmdb: TMDBResource,
    storage: StorageResource,
    progress: ProgressResource,
) -> None:
    """Films first released in the partition's year that have enough votes or carry any theme's keyword.

    One row per film.
    """
    store = storage.open_to_fetch()

    def describe(audits: Collection[SyncAudit]) -> dict[int, dict[dg.AssetKey, Metadata]]:
        films = store.lake.scan(DiscoveredMovie).filter(
            pl.col("release_year").is_in([audit.year for audit in audits])
        )
        most_voted = most_of_each_year(films, "vote_count", _PREVIEWED)
        return {
            audit.year: {
                context.asset_key: {**audit_metadata(audit), "preview": preview(most_voted(audit.year))}
            }
            for audit in audits
            if audit.year is not None
        }

    with (
        keeping_finished_years(context, describe) as on_year,
        progress.reporting(context.log, DiscoveredMovie.table, "years") as on_progress,
    ):
        run = SyncRun(
            run_id=context.run.run_id,
            refresh=config.refresh,
            on_year=on_year,
            on_plan=announced(context.log, DiscoveredMovie.table, "years", one_request_each=False),
            on_progress=on_progress,
            on_problem=context.log.warning,
        )

        async def ask(client: AsyncTMDBClient) -> None:
            chosen_themes(load_themes(Settings.load().themes), config.themes)
            await sync_discovery(
                client, store, years_of(context), run, min_votes=config.min_votes, themes=config.themes
            )

        tmdb.run(ask, store, DiscoveredMovie.table, on_progress.say)


@dg.asset_check(asset=discovered_movies)
def discovery_is_complete(storage: StorageResource) -> dg.AssetCheckResult:
    """TMDB listed as many films of each year as it promised; what is short is shown window by window."""
    state = storage.open().state
    newest = state.newest_audits(DiscoveredMovie.table)
    unlisted = sorted(str(year) for year, audit in newest.items() if audit.fingerprint == NOT_LISTED)
    # A run that found the year fresh asked for nothing, and so it did not find what was missing either.
    audits = newest | state.newest_audits(DiscoveredMovie.table, with_requests=True)
    short = {
        year: audit for year, audit in audits.items() if audit.missing_count and str(year) not in unlisted
    }
    gaps = ListGap.frame(state.list_gaps()).sort("missing_count", descending=True, maintain_order=True)
    missing = sum(audit.missing_count for audit in short.values())
    years = some_of(sorted(str(year) for year in short))
    sentences: list[str] = []
    if short:
        sentences.append(
            f"{counted(missing, 'promised film')} missing from TMDB's lists of {years}; "
            "after a day they are asked for again."
        )
    if unlisted:
        sentences.append(
            f"TMDB could not list {some_of(unlisted)}: the list of before stays until the year is "
            "materialized again."
        )
    return dg.AssetCheckResult(
        passed=not sentences,
        severity=dg.AssetCheckSeverity.WARN,
        description=" ".join(sentences) or None,
        metadata={
            "not_listed": unlisted,
            "promised": sum(audit.promised_count for audit in audits.values()),
            "obtained": sum(audit.row_count for audit in audits.values()),
            "missing_by_year": {str(year): audit.missing_count for year, audit in short.items()},
            **({} if gaps.is_empty() else {"gaps": examples(gaps.select(_EXPLAINED))}),
        },
    )


@dg.asset_check(asset=discovered_movies)
def no_movie_is_discovered_in_two_years(storage: StorageResource) -> dg.AssetCheckResult:
    """A film belongs to exactly one release year."""
    return one_year_each(storage.open().lake.scan(DiscoveredMovie))
