"""Upkeep by the week: what it says, and that neither runs nor readers notice it."""

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.storage.folder import Storage
from tmdb_assets.tables import DiscoveredMovie, MovieHistory
from tmdb_assets_tests.commands.running import environment, finished, start, tables
from tmdb_assets_tests.proofs import reader
from tmdb_assets_tests.schedules.ticks import ticked
from tmdb_assets_tests.storage.films import put
from tmdb_assets_tests.tables.rows import discovered

SUNDAY = dt.datetime(2026, 11, 22, 3, tzinfo=dt.UTC)
RUN = ("run", "--years", "2023-2024", "--refresh")


def kept_up(defs: dg.Definitions, instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
    return defs.resolve_job_def("upkeep").execute_in_process(instance=instance, raise_on_error=False)


def logged(instance: dg.DagsterInstance, result: dg.ExecuteInProcessResult) -> str:
    return "\n".join(entry.message for entry in instance.all_logs(result.run_id))


@pytest.mark.usefixtures("storage")
def test_every_sunday_it_asks_for_one_run(defs: dg.Definitions, instance: dg.DagsterInstance) -> None:
    schedule = defs.get_repository_def().get_schedule_def("upkeep_weekly")

    [request] = ticked(defs, instance, "upkeep_weekly", SUNDAY).run_requests

    assert (schedule.cron_schedule, schedule.execution_timezone) == ("0 3 * * 0", "UTC")
    assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING
    assert (request.run_key, request.tags["tmdb_assets/reason"]) == ("2026-11-22", "weekly")


def test_without_films_it_says_so_and_makes_no_folder(
    defs: dg.Definitions, instance: dg.DagsterInstance, data: Path
) -> None:
    tick = ticked(defs, instance, "upkeep_weekly", SUNDAY)

    assert not tick.run_requests
    assert tick.skip_message == "No films are stored yet: there is nothing to keep up."
    assert not data.exists()


def test_it_says_what_it_did(defs: dg.Definitions, instance: dg.DagsterInstance, storage: Storage) -> None:
    for tmdb_id in range(5):
        frame = DiscoveredMovie.frame([discovered(tmdb_id, 1999)])
        storage.lake.replace_where(DiscoveredMovie, frame, "tmdb_id", str(tmdb_id))

    result = kept_up(defs, instance)

    assert result.success
    [event] = result.filter_events(lambda event: event.is_successful_output)
    metadata = event.step_output_data.metadata
    assert metadata["files_merged"].value == 5
    assert "discovered_movies: 5 files merged" in str(metadata["what"].value)
    assert "The journal has 0 sealed segments" in logged(instance, result)


def test_the_history_of_many_runs_becomes_one_file(
    defs: dg.Definitions, instance: dg.DagsterInstance, storage: Storage
) -> None:
    for number in range(5):
        at = SUNDAY - dt.timedelta(days=number)
        change = MovieHistory(
            tmdb_id=1, title="Alien", field="runtime", old_value="116", new_value="117", seen_at=at
        )
        storage.lake.add(MovieHistory, MovieHistory.frame([change]))
    before = len(storage.lake.file_uris(MovieHistory))

    assert kept_up(defs, instance).success

    assert (before, len(storage.lake.file_uris(MovieHistory))) == (5, 1)
    assert len(storage.lake.read(MovieHistory)) == 5


def test_a_damaged_table_is_named_and_the_others_are_kept_up(
    defs: dg.Definitions, instance: dg.DagsterInstance, storage: Storage
) -> None:
    put(storage.lake, 1999, 1)
    log = Path(storage.lake.uri) / "keyword_ids" / "_delta_log"
    max(log.glob("*.json")).write_text("odd")

    result = kept_up(defs, instance)

    [event] = result.filter_events(lambda event: event.is_step_failure)
    failure = event.step_failure_data.user_failure_data
    assert failure is not None
    assert "keyword_ids" in (failure.description or "")
    assert "tmdb-assets doctor" in (failure.description or "")
    assert "discovered_movies: 0 files merged" in logged(instance, result)


@pytest.fixture
def films() -> Iterator[FakeTMDB]:
    with FakeTMDB(films=300, seed=5) as fake:
        yield fake


def test_neither_a_run_nor_a_reader_notices_it(
    defs: dg.Definitions, instance: dg.DagsterInstance, data: Path, films: FakeTMDB
) -> None:
    assert finished(*RUN, env=environment(films, data)).returncode == 0
    undisturbed = tables(data)
    with (
        subprocess.Popen(
            [sys.executable, str(reader.__file__), str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as reading,
        start(*RUN, env=environment(films, data)) as run,
    ):
        times = 0
        while run.poll() is None:
            assert kept_up(defs, instance).success
            times += 1
        seen = json.loads(reading.communicate(timeout=60)[0])

    assert times > 1
    assert run.returncode == 0
    assert seen["errors"] == []
    assert set(seen["film_counts"]) == {len(undisturbed["movie_details"])}
    assert tables(data) == undisturbed
