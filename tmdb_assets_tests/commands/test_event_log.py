"""Dagster's event log, kept open while a command runs."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import dagster as dg
import pytest
from sqlalchemy.exc import OperationalError

from tmdb_assets.commands.event_log import open_instance

WRITER = """
import os, pathlib, signal, sys
import dagster as dg
from tmdb_assets.commands.event_log import open_instance

instance = open_instance(pathlib.Path(sys.argv[1]))
instance.report_runless_asset_event(dg.AssetMaterialization("films", partition="1999"))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an instance's folder, known to Dagster."""
    (tmp_path / "dagster.yaml").write_text("telemetry:\n  enabled: false\n")
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    return tmp_path


def materialize(instance: dg.DagsterInstance, year: str) -> None:
    instance.report_runless_asset_event(dg.AssetMaterialization("films", partition=year))


def materialized(instance: dg.DagsterInstance) -> Sequence[str]:
    return sorted(instance.get_materialized_partitions(dg.AssetKey("films")))


def test_its_databases_stay_open_until_the_command_ends(home: Path) -> None:
    wal = home / "history" / "runs" / "index.db-wal"

    with open_instance(home) as instance:
        materialize(instance, "1999")
        is_open = wal.exists()

    assert (is_open, wal.exists()) == (True, False)


def test_others_read_what_is_logged_at_once(home: Path) -> None:
    with open_instance(home) as instance, dg.DagsterInstance.get() as other:
        materialize(instance, "1999")
        materialize(other, "2000")

        assert materialized(instance) == materialized(other) == ["1999", "2000"]


def test_a_killed_command_loses_no_event(home: Path) -> None:
    subprocess.run([sys.executable, "-c", WRITER, str(home)], check=False)

    with dg.DagsterInstance.get() as instance:
        assert materialized(instance) == ["1999"]


def test_a_folder_that_is_gone_is_noticed(home: Path) -> None:
    with open_instance(home) as instance:
        materialize(instance, "1999")
        (home / "history" / "runs").rename(home / "away")

        with pytest.raises(OperationalError, match="unable to open"):
            materialize(instance, "2000")


def test_no_more_than_two_databases_are_open(home: Path) -> None:
    with open_instance(home) as instance:
        for run in "abc":
            instance.report_engine_event("begun", job_name="job", run_id=run)

        assert {path.stem for path in home.rglob("*.db-wal")} <= {"index", "c", "b"}


def test_a_storage_that_the_user_chose_stays(home: Path) -> None:
    (home / "dagster.yaml").write_text(f"""
telemetry:
  enabled: false
event_log_storage:
  module: dagster._core.storage.event_log
  class: ConsolidatedSqliteEventLogStorage
  config:
    base_dir: {home / "own"}
""")

    with open_instance(home) as instance:
        materialize(instance, "1999")

    assert list((home / "own").glob("*.db"))
