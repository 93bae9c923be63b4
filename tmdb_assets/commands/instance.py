"""The Dagster instance that every command shares."""

import os
import socket
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

PROCESS_TAG, HOST_TAG = "tmdb_assets/process", "tmdb_assets/host"
_UNDER_WAY = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]


def dagster_home(data: Path) -> Path:
    """Return the Dagster instance's folder, made when missing: DAGSTER_HOME, or one in the data folder."""
    home = Path(os.environ.get("DAGSTER_HOME") or data / "dagster").absolute()
    os.environ["DAGSTER_HOME"] = str(home)
    home.mkdir(parents=True, exist_ok=True)
    configuration = home / "dagster.yaml"
    if not configuration.exists():
        configuration.write_text("telemetry:\n  enabled: false\n", encoding="utf-8")
    return home


@contextmanager
def shared_instance(data: Path) -> Generator[dg.DagsterInstance]:
    """Open the instance, and close the books of our runs that were killed."""
    dagster_home(data)
    with dg.DagsterInstance.get() as instance:
        _fail_dead_runs(instance)
        yield instance


def process_tags() -> dict[str, str]:
    """Return tags that say which process a run belongs to."""
    return {PROCESS_TAG: str(os.getpid()), HOST_TAG: socket.gethostname()}


def _fail_dead_runs(instance: dg.DagsterInstance) -> None:
    ours = dg.RunsFilter(statuses=_UNDER_WAY, tags={HOST_TAG: socket.gethostname()})
    for run in instance.get_runs(filters=ours):
        if not _is_alive(int(run.tags.get(PROCESS_TAG, "0"))):
            instance.report_run_failed(run, "Its process was killed; the next run took up its work.")


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return process > 0
