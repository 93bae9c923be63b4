"""What all schedules share: how they are declared, when a tick is, and what is under way already."""

import datetime as dt
from collections.abc import Iterator
from functools import partial

import dagster as dg

from tmdb_assets.assets.movie_details import movie_details
from tmdb_assets.jobs import carousels_and_snapshot, upload_enrichment
from tmdb_assets.partitions import PARTITION_TAG, RANGE_TAGS
from tmdb_assets.tables import DiscoveredMovie, MovieChange

Tick = dg.SkipReason | list[dg.RunRequest]

DETAILS = sorted(movie_details.keys)
"""The assets of the step that asks for films; it cannot be had in part."""

BY_YEAR = [dg.AssetKey(DiscoveredMovie.table), *DETAILS]
_CHANGES = dg.AssetKey(MovieChange.table)
_ASKING_FOR_NO_YEAR = (carousels_and_snapshot.name, upload_enrichment.name)
_UNDER_WAY = [dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED]
_LONGEST_RUN = dt.timedelta(days=1)
"""A run that began longer ago died unnoticed."""

schedule = partial(
    dg.schedule,
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    tags={"asks": "tmdb"},
)


def scheduled_at(context: dg.ScheduleEvaluationContext) -> dt.datetime:
    """Return the time that a tick is for, UTC."""
    return context.scheduled_execution_time.astimezone(dt.UTC)


def years_under_way(instance: dg.DagsterInstance, now: dt.datetime) -> set[int]:
    """Return the years that runs ask for at this moment, lest the same film is asked for twice."""
    years: set[int] = set()
    for run, first, last in _ranges_under_way(instance, now):
        is_of_all = run.asset_selection is None and run.job_name not in _ASKING_FOR_NO_YEAR
        asks = is_of_all or not (run.asset_selection or set()).isdisjoint(BY_YEAR)
        if asks and first.isdecimal() and last.isdecimal():
            years.update(range(int(first), int(last) + 1))
    return years


def days_under_way(instance: dg.DagsterInstance, now: dt.datetime) -> set[dt.date]:
    """Return the days whose changes runs read at this moment."""
    days: set[dt.date] = set()
    for run, first, last in _ranges_under_way(instance, now):
        if (run.asset_selection is None or _CHANGES in run.asset_selection) and "-" in first:
            start, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
            days.update(start + dt.timedelta(days=number) for number in range((end - start).days + 1))
    return days


def _ranges_under_way(
    instance: dg.DagsterInstance, now: dt.datetime
) -> Iterator[tuple[dg.DagsterRun, str, str]]:
    """Yield the runs under way with the first and the last of their partitions."""
    for run in instance.get_runs(dg.RunsFilter(statuses=_UNDER_WAY, created_after=now - _LONGEST_RUN)):
        first, last = (run.tags.get(tag) or run.tags.get(PARTITION_TAG, "") for tag in RANGE_TAGS)
        yield run, first, last
