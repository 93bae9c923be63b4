import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
import yaml

from tmdb_assets.commands.dagster_home import SETTINGS, dagster_home
from tmdb_assets.commands.failures import RunFailedError
from tmdb_assets.commands.instance import shared_instance
from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets_tests.commands.running import environment, finished

CHECKOUT = Path(__file__).parents[2] / "dagster.yaml"
PLACES = {"storage", "local_artifact_storage", "compute_logs"}


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Name a data folder; DAGSTER_HOME, which the functions set, is forgotten afterwards."""
    monkeypatch.setenv("DAGSTER_HOME", "")
    return tmp_path / "data"


def left_behind(instance: dg.DagsterInstance, server: dict[str, str | int]) -> dg.DagsterRun:
    """Return a run under way that a code server at an address has launched."""
    return instance.create_run_for_job(
        dg.GraphDefinition(name="nothing").to_job(),
        status=dg.DagsterRunStatus.STARTED,
        tags={".dagster/grpc_info": json.dumps({"host": "localhost", **server})},
    )


def status(instance: dg.DagsterInstance, run: dg.DagsterRun) -> dg.DagsterRunStatus:
    found = instance.get_run_by_id(run.run_id)
    assert found
    return found.status


def test_the_checkout_and_the_data_folder_are_configured_alike() -> None:
    of_checkout = yaml.safe_load(CHECKOUT.read_text())
    shipped = yaml.safe_load(SETTINGS.read_text())

    assert {name: value for name, value in of_checkout.items() if name not in PLACES} == shipped


def test_dagster_understands_the_settings(data: Path) -> None:
    with dg.DagsterInstance.from_config(str(dagster_home(data))) as instance:
        runs = instance.get_concurrency_config().run_queue_config

        assert runs
        assert runs.max_concurrent_runs == 4
        assert instance.managed_python_loggers == ["tmdb_assets"]
        assert instance.run_monitoring_enabled
        assert not instance.telemetry_enabled
        assert not instance.nux_enabled
        assert instance.freshness_enabled


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("telemetry:\n  enabled: false\n", SETTINGS.read_text()),
        ("telemetry:\n  enabled: true\n", "telemetry:\n  enabled: true\n"),
    ],
    ids=["ours of before is renewed", "the user's own stays"],
)
def test_settings_that_are_there(data: Path, before: str, after: str) -> None:
    (data / "dagster").mkdir(parents=True)
    (data / "dagster" / "dagster.yaml").write_text(before)

    home = dagster_home(data)

    assert (home / "dagster.yaml").read_text() == after


def test_a_run_whose_code_server_is_gone_is_closed(data: Path, tmp_path: Path) -> None:
    with shared_instance(data) as instance:
        run = left_behind(instance, {"socket": str(tmp_path / "gone")})

    with shared_instance(data) as instance:
        assert status(instance, run) == dg.DagsterRunStatus.FAILURE


def test_a_run_whose_code_server_answers_goes_on(data: Path) -> None:
    with socket.create_server(("localhost", 0)) as server, shared_instance(data) as instance:
        run = left_behind(instance, {"port": server.getsockname()[1]})

        with shared_instance(data) as other:
            assert status(other, run) == dg.DagsterRunStatus.STARTED


def test_a_run_that_has_outlived_its_code_server_goes_on(data: Path, tmp_path: Path) -> None:
    worker = [sys.executable, "-c", "import sys; sys.stdin.read()", "multiprocessing"]
    with subprocess.Popen(worker, stdin=subprocess.PIPE) as process, shared_instance(data) as instance:
        run = left_behind(instance, {"socket": str(tmp_path / "gone")})
        instance.report_engine_event(f"Started process for run (pid: {process.pid}).", run)

        with shared_instance(data) as other:
            assert status(other, run) == dg.DagsterRunStatus.STARTED
    assert os.environ["DAGSTER_HOME"] == str(data / "dagster")


@pytest.mark.parametrize("name", ["history/runs.db", "history/runs/index.db", "schedules/schedules.db"])
def test_a_damaged_history_is_named_with_what_to_do(data: Path, name: str) -> None:
    with shared_instance(data):
        pass
    file = data / "dagster" / name
    file.write_bytes(b"no database" * 999)

    with pytest.raises(RunFailedError, match="`tmdb-assets doctor`") as refused, shared_instance(data) as one:
        one.all_asset_keys()

    assert str(refused.value).startswith(f"{file} is damaged")


def test_a_wait_is_in_the_runs_log_once_and_not_on_the_terminal(data: Path) -> None:
    with FakeTMDB(films=100, faults="429@3") as fake:
        done = finished("run", "--years", "2020", env=environment(fake, data))

    with dg.DagsterInstance.from_config(str(data / "dagster")) as instance:
        [run] = instance.get_runs()
        logged = [entry.user_message for entry in instance.all_logs(run.run_id) if not entry.dagster_event]
    assert done.returncode == 0, done.stderr
    assert len([line for line in logged if line.startswith("Waiting ")]) == 1
    assert "Waiting" not in done.stderr
