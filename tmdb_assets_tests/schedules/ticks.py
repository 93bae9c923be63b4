"""Ticks of the schedules, and doing what they ask for."""

import datetime as dt
from collections.abc import Collection

import dagster as dg

from tmdb_assets.assets.configuration import DiscoveryConfig
from tmdb_assets.partitions import YEARS_AHEAD
from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.discovery_plan import DiscoveryQuestion
from tmdb_assets.transforms.years import FIRST_YEAR
from tmdb_assets_tests.tables.rows import audit

TODAY = dt.datetime.now(dt.UTC)
THIS_YEAR = TODAY.year
ALWAYS_ASKING = (
    "keywords_weekly",
    "current_years_daily",
    "rolling_backfill_nightly",
    "changes_hourly",
    "exports_daily",
)
"""The schedules that have something to ask for where nothing is known."""

SCHEDULES = (*ALWAYS_ASKING, "changed_films_hourly")
NIGHTLY = "rolling_backfill_nightly"
KEYWORD_ID = 9882


def ticked(
    defs: dg.Definitions, instance: dg.DagsterInstance, name: str, at: dt.datetime = TODAY
) -> "dg.ScheduleExecutionData":
    """Let a schedule decide."""
    repository = defs.get_repository_def()
    with dg.build_schedule_context(
        instance=instance,
        scheduled_execution_time=at,
        repository_def=repository,
        resources={key: defs.resources[key] for key in ("tmdb", "storage")},
    ) as context:
        return repository.get_schedule_def(name).evaluate_tick(context)


def ranges(tick: "dg.ScheduleExecutionData") -> list[tuple[int, int]]:
    """Return the first and the last year of each run that is asked for."""
    found = [request.partition_key_range for request in tick.run_requests]
    return [(int(one.start), int(one.end)) for one in found if one]


def launched(
    defs: dg.Definitions, instance: dg.DagsterInstance, name: str, request: dg.RunRequest
) -> dg.ExecuteInProcessResult:
    """Do what the daemon does with a run request, in this process."""
    job = defs.get_repository_def().get_schedule_def(name).job_name
    return defs.resolve_job_def(job).execute_in_process(
        instance=instance,
        run_config=request.run_config,
        tags=dict(request.tags),
        asset_selection=request.asset_selection,
        raise_on_error=False,
    )


def list_all_years(storage: Storage, *, but: Collection[int] = ()) -> None:
    """Let all years be listed, without films, except some that were never asked for."""
    question = DiscoveryQuestion(DiscoveryConfig().min_votes, (KEYWORD_ID,), "en-US")
    for year in range(FIRST_YEAR, THIS_YEAR + YEARS_AHEAD + 1):
        if year not in but:
            storage.state.add_audit(
                audit(
                    asset="discovered_movies",
                    year=year,
                    fingerprint=question.fingerprint,
                    request_count=2,
                    row_count=0,
                    missing_count=0,
                    finished_at=TODAY,
                )
            )
