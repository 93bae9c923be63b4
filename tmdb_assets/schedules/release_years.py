"""Schedules that ask for keywords and for release years."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import dagster as dg

from tmdb_assets.assets.configuration import DiscoveryConfig
from tmdb_assets.jobs import films, keywords
from tmdb_assets.partitions import YEARS_PER_RUN, range_tags, release_years
from tmdb_assets.resources.storage import StorageResource
from tmdb_assets.resources.tmdb import TMDBResource
from tmdb_assets.schedules.ticking import BY_YEAR, Tick, schedule, scheduled_at, years_under_way
from tmdb_assets.settings import Settings
from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.details import request_fingerprint
from tmdb_assets.sync.discovery_plan import DiscoveryQuestion, theme_keyword_ids
from tmdb_assets.sync.needs import year_needs
from tmdb_assets.sync.usage import requests_left_today
from tmdb_assets.tables import DiscoveredMovie, KeywordId, MovieDetail
from tmdb_assets.ticks import REASON, or_why_not
from tmdb_assets.transforms.backfill import YearNeed, refresh_limit, year_ranges, years_most_in_need

_ANEW = {"config": {"refresh": True}}
"""What is asked for daily is a day old, give or take a second: every other time it would count as fresh."""


@schedule(
    job=keywords,
    cron_schedule="0 4 * * 1",
    description="Every Monday at 04:00 UTC: looks up the themes' keywords: TMDB merges and removes some.",
)
def keywords_weekly(
    context: dg.ScheduleEvaluationContext, storage: StorageResource, tmdb: TMDBResource
) -> Tick:
    """Ask for ``keyword_ids``."""

    def decide() -> Tick:
        tmdb.get_client()
        with storage.open_to_look():
            return [
                dg.RunRequest(
                    run_key=f"{scheduled_at(context):%Y-%m-%d}",
                    run_config={"ops": {KeywordId.table: _ANEW}},
                    tags={REASON: "weekly"},
                )
            ]

    return or_why_not(decide)


@schedule(
    job=films,
    cron_schedule="0 5 * * *",
    description="Every day at 05:00 UTC: lists the films of this year and of the coming one anew, and asks "
    "for those that are new or due.",
)
def current_years_daily(
    context: dg.ScheduleEvaluationContext, storage: StorageResource, tmdb: TMDBResource
) -> Tick:
    """Ask for the films of the tick's year and the next."""

    def decide() -> Tick:
        tmdb.get_client()
        year = scheduled_at(context).year
        with storage.open_to_look() as store:
            return [
                _films_of(
                    range(year, year + 2), context, store, reason="daily", ops={DiscoveredMovie.table: _ANEW}
                )
            ]

    return or_why_not(decide)


@schedule(
    job=films,
    cron_schedule="0 2 * * *",
    description="Every night at 02:00 UTC: asks for the release years most in need, within an allowance of "
    "requests (TMDB_ASSETS_NIGHTLY_REQUESTS, 10,000 by default). First come the years that hold nothing yet "
    "or lack films, newest first, then those that were checked longest ago; so all of film history fills up "
    "and stays fresh by itself.",
)
def rolling_backfill_nightly(
    context: dg.ScheduleEvaluationContext, storage: StorageResource, tmdb: TMDBResource
) -> Tick:
    """Ask for the years most in need, in runs of neighbouring years."""

    def decide() -> Tick:
        settings = Settings.load()
        scheduled = scheduled_at(context)
        years = [int(key) for key in release_years.get_partition_keys(scheduled)]
        with storage.open_to_look() as store:
            left = requests_left_today(store.state, settings.daily_requests)
            allowance = min(settings.nightly_requests, left or settings.nightly_requests)
            needs = {need.year: need for need in _needs(years, store, tmdb, scheduled)}
            if not needs:
                return dg.SkipReason(
                    f"All {len(years)} release years are fresh: there is nothing to ask for."
                )
            for year in years_under_way(context.instance, scheduled):
                needs.pop(year, None)
            chosen = years_most_in_need(needs.values(), allowance)
            if not chosen:
                return dg.SkipReason("Runs that are under way ask for all that is due.")
            requests = [
                _films_of(
                    near, context, store, reason="nightly", ops=_within(allowance, [needs[y] for y in near])
                )
                for near in year_ranges(chosen, at_most=YEARS_PER_RUN.max_partitions_per_run or 1)
            ]
            # Without keywords the first run looks them up; the others, which need them, come the next night.
            return requests if _has_keywords(store) else requests[:1]

    return or_why_not(decide)


def _films_of(
    years: range,
    context: dg.ScheduleEvaluationContext,
    store: Storage,
    *,
    reason: str,
    ops: Mapping[str, Any],
) -> dg.RunRequest:
    """Return the request for one run over neighbouring years."""
    return dg.RunRequest(
        # Within a tick that is repeated the same range is not launched twice.
        run_key=f"{scheduled_at(context):%Y-%m-%d} {years[0]}-{years[-1]}",
        run_config={"ops": ops} if ops else None,
        tags={**range_tags(years[0], years[-1]), REASON: reason, "dagster/priority": "-1"},
        asset_selection=BY_YEAR if _has_keywords(store) else [dg.AssetKey(KeywordId.table), *BY_YEAR],
    )


def _has_keywords(store: Storage) -> bool:
    return bool(store.lake.file_uris(KeywordId))


def _needs(
    years: list[int], store: Storage, tmdb: TMDBResource, scheduled: dt.datetime
) -> Iterable[YearNeed]:
    client = tmdb.get_client()
    return year_needs(
        store,
        years,
        DiscoveryQuestion(DiscoveryConfig().min_votes, theme_keyword_ids(store), client.language),
        SyncRun(run_id="nightly", clock=lambda: scheduled),
        details_fingerprint=request_fingerprint(client, Settings.load().region),
    )


def _within(allowance: int, needs: list[YearNeed]) -> Mapping[str, Any]:
    """Return the configuration of a run that keeps a single dear year within the allowance."""
    limits = [limit for need in needs if (limit := refresh_limit(need, allowance)) is not None]
    return {MovieDetail.table: {"config": {"refresh_limit": limits[0]}}} if limits else {}
