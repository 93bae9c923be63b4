"""``tmdb-assets run``: the whole graph for some release years, through Dagster, without a server."""

import datetime as dt
import os
import time
from collections.abc import Mapping
from typing import Any

import click
import dagster as dg
import msgspec

from tmdb_assets.commands.estimate import tell_estimate
from tmdb_assets.commands.failures import (
    FAILED,
    INTERRUPTED,
    INTERRUPTED_SENTENCE,
    WRONG_INPUT,
    RunFailedError,
)
from tmdb_assets.commands.instance import process_tags, shared_instance
from tmdb_assets.commands.options import RunOptions
from tmdb_assets.commands.report import report
from tmdb_assets.commands.sources import film_source
from tmdb_assets.definitions import build_defs
from tmdb_assets.jobs import whole_graph
from tmdb_assets.partitions import YEARS_AHEAD, range_tags
from tmdb_assets.resources.progress import ProgressResource
from tmdb_assets.resources.storage import StorageResource
from tmdb_assets.run_failures import first_failure
from tmdb_assets.settings import Settings
from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.collection import load_themes
from tmdb_assets.sync.statistics import RunStatistics, run_statistics
from tmdb_assets.transforms.years import parse_years

_RECENT = 10
_REFUSED = "AuthenticationError"


def run(options: RunOptions) -> None:
    """Materialize the whole graph and report what it took.

    Raises
    ------
    ValueError
        An option or a setting is wrong; nothing was asked.
    RunFailedError
        TMDB refused or did not answer, or the run was interrupted.
    """
    settings = Settings.load()
    this_year = dt.datetime.now(dt.UTC).year
    years = (
        parse_years(options.years, last=this_year + YEARS_AHEAD)
        if options.years is not None
        else range(this_year - _RECENT + 1, this_year + 1)
    )
    load_themes(settings.themes)  # a wrong file is better said before than by a failed step
    with film_source(settings, allow_fake=options.allow_fake, claims=not options.dry_run) as settings:
        if options.dry_run:
            tell_estimate(settings, years, options)
            return
        try:
            statistics = _materialize(settings, years, options)
        except Exception:
            if settings.data.is_dir():
                raise
            raise RunFailedError(
                f"The data folder {settings.data} is gone: put it back, and the same command goes on.",
                exit_code=FAILED,
            ) from None
        if options.as_json:
            click.echo(msgspec.json.encode(statistics).decode())
        else:
            report(settings, statistics)


def _materialize(settings: Settings, years: range, options: RunOptions) -> RunStatistics:
    begun = time.monotonic()
    storage = Storage.open(settings)  # what cannot be used is better said before a step fails
    storage.uploads.mkdir(exist_ok=True)  # where people are told to drop their lists
    terminal = os.dup(2)  # a step's own stderr goes to its log
    definitions = build_defs(
        storage=StorageResource(data=str(settings.data)), progress=ProgressResource(terminal=terminal)
    )
    with shared_instance(settings.data) as instance:
        result = definitions.resolve_job_def(whole_graph.name).execute_in_process(
            instance=instance,
            raise_on_error=False,
            tags={**range_tags(years[0], years[-1]), **process_tags()},
            run_config=_run_config(options),
        )
    os.close(terminal)
    if not result.success:
        raise why_failed(result)
    return run_statistics(
        storage.state.audits(run_id=result.run_id),
        run_id=result.run_id,
        years=years,
        seconds=time.monotonic() - begun,
        published=published_rows(result),
    )


def _run_config(options: RunOptions) -> Mapping[str, Any]:
    refresh = {"refresh": options.refresh}
    return {
        "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
        "ops": {
            "keyword_ids": {"config": refresh},
            "discovered_movies": {"config": {**refresh, "min_votes": options.min_votes}},
            "movie_details": {"config": refresh},
        },
    }


def published_rows(result: dg.ExecuteInProcessResult) -> dict[str, int]:
    """Return how many rows of each table a run has published."""
    [event] = result.asset_materializations_for_node("warehouse")
    return {
        name.removeprefix("rows_"): int(str(value.value))
        for name, value in event.metadata.items()
        if name.startswith("rows_")
    }


def why_failed(result: dg.ExecuteInProcessResult) -> RunFailedError:
    """Return the first step's failure in one sentence."""
    failure = first_failure(result.all_events)
    if failure is None:
        return RunFailedError(
            "The run failed before its first step; `dagster dev` shows its log.", exit_code=FAILED
        )
    if failure.is_interrupted:
        return RunFailedError(INTERRUPTED_SENTENCE, exit_code=INTERRUPTED)
    return RunFailedError(failure.sentence, exit_code=WRONG_INPUT if failure.error == _REFUSED else FAILED)
