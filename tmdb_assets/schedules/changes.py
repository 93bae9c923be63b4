"""Schedules that keep up with what TMDB says has changed, come or gone."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import dagster as dg

from tmdb_assets.jobs import changes, exports, films
from tmdb_assets.partitions import YEARS_PER_RUN, range_tags
from tmdb_assets.resources.storage import StorageResource
from tmdb_assets.resources.tmdb import TMDBResource
from tmdb_assets.schedules.ticking import (
    DETAILS,
    Tick,
    days_under_way,
    schedule,
    scheduled_at,
    years_under_way,
)
from tmdb_assets.settings import Settings
from tmdb_assets.sync.changes import days_read
from tmdb_assets.sync.marks import years_with_marked_films
from tmdb_assets.tables import MovieDetail
from tmdb_assets.ticks import REASON, or_why_not
from tmdb_assets.transforms.backfill import year_ranges
from tmdb_assets.transforms.change_days import day_ranges, days_to_read

_MARKED_ONLY = {"ops": {MovieDetail.table: {"config": {"marked_only": True}}}}


@schedule(
    job=changes,
    cron_schedule="20 * * * *",
    description="Every hour at 20 past, UTC: reads the days of TMDB's changes, of the last 14, that are over "
    "and were not read yet. Once they are read there is nothing to do until the next midnight.",
)
def changes_hourly(
    context: dg.ScheduleEvaluationContext, storage: StorageResource, tmdb: TMDBResource
) -> Tick:
    """Ask for the days of ``movie_changes`` that are missing."""

    def decide() -> Tick:
        tmdb.get_client()
        now = scheduled_at(context)
        with storage.open_to_look() as store:
            days = days_to_read(days_read(store), now.date())
        if not days:
            return dg.SkipReason("The changes of the last 14 days are read: there is nothing to ask for.")
        under_way = days_under_way(context.instance, now)
        ranges = day_ranges(day for day in days if day not in under_way)
        return _requests(now, ranges, "hourly") or dg.SkipReason(
            "Runs that are under way read the days that are missing."
        )

    return or_why_not(decide)


@schedule(
    job=films,
    cron_schedule="40 * * * *",
    description="Every hour at 40 past, UTC: asks for the films that TMDB's changes or exports name, once "
    "they are known and again 8 hours later, because TMDB caches details that long. Only years that have "
    "such films run, and no other film of theirs is asked for.",
)
def changed_films_hourly(
    context: dg.ScheduleEvaluationContext, storage: StorageResource, tmdb: TMDBResource
) -> Tick:
    """Ask for the films that are marked as changed, in runs of neighbouring years."""

    def decide() -> Tick:
        tmdb.get_client()
        now = scheduled_at(context)
        with storage.open_to_look() as store:
            marked = years_with_marked_films(store, store.policy, now)
        if not marked:
            return dg.SkipReason("No film that is known has changed: there is nothing to ask for.")
        under_way = years_under_way(context.instance, now)
        years = [year for year in marked if year not in under_way]
        near = year_ranges(years, at_most=YEARS_PER_RUN.max_partitions_per_run or 1)
        ranges = [(some[0], some[-1]) for some in near]
        return _requests(
            now, ranges, "changed", run_config=_MARKED_ONLY, asset_selection=DETAILS
        ) or dg.SkipReason("Runs that are under way ask for the years of all films that have changed.")

    return or_why_not(decide)


def _requests(
    at: dt.datetime,
    ranges: Iterable[tuple[int | dt.date, int | dt.date]],
    reason: str,
    *,
    run_config: Mapping[str, Any] | None = None,
    asset_selection: Sequence[dg.AssetKey] | None = None,
) -> list[dg.RunRequest]:
    """Return a run for each range of partitions; the same hour asks for it once."""
    return [
        dg.RunRequest(
            run_key=f"{at:%Y-%m-%dT%H} {first} {last}",
            run_config=run_config,
            tags={**range_tags(first, last), REASON: reason},
            asset_selection=asset_selection,
        )
        for first, last in ranges
    ]


@schedule(
    job=exports,
    cron_schedule="0 9-21/3 * * *",
    description="Every day at 09:00 UTC: reads TMDB's export of all film ids, which is ready by 08:00, and "
    "notices what came and what is gone. It takes one download of 30 MB and none of the requests. Until that "
    "day's export is read, it is tried again every three hours.",
)
def exports_daily(
    context: dg.ScheduleEvaluationContext, storage: StorageResource, tmdb: TMDBResource
) -> Tick:
    """Ask for ``tmdb_exports``."""

    def decide() -> Tick:
        tmdb.get_client()
        now = scheduled_at(context)
        with storage.open_to_look() as store:
            _ = Settings.load().effective_export_base_url  # better said now than by a run that fails
            if store.export_ids.dates()[-1:] >= [now.date()]:
                return dg.SkipReason(f"The export of {now.date()} is read: there is nothing to do.")
            return [dg.RunRequest(run_key=f"{now:%Y-%m-%dT%H}", tags={REASON: "daily"})]

    return or_why_not(decide)
