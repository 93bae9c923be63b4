"""The Dagster instance that every command shares."""

import contextlib
import fcntl
import json
import os
import re
import socket
from collections.abc import Generator
from pathlib import Path

import dagster as dg
from sqlalchemy.exc import DatabaseError

from tmdb_assets.commands.dagster_home import dagster_home
from tmdb_assets.commands.event_log import open_instance
from tmdb_assets.commands.failures import FAILED, RunFailedError
from tmdb_assets.commands.memory import hold_little
from tmdb_assets.commands.processes import command_line
from tmdb_assets.storage.dagster_history import damaged_databases

PROCESS_TAG, HOST_TAG = "tmdb_assets/process", "tmdb_assets/host"
_SERVER_TAG = ".dagster/grpc_info"
_UNDER_WAY = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
_WORKER = re.compile(r"Started process for run \(pid: (\d+)\)")
_KILLED = "Its process was killed; the next run took up its work."
_LEFT = "Dagster was stopped while it ran. What was fetched is kept: re-execute it to go on from there."


@contextlib.contextmanager
def shared_instance(data: Path) -> Generator[dg.DagsterInstance]:
    """Open the instance, and close the books of runs whose processes are gone.

    Raises
    ------
    RunFailedError
        A database of Dagster's is damaged; its text names it.
    """
    hold_little()
    with contextlib.ExitStack() as stack:
        home = dagster_home(data)
        with (home / "opening.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # two processes that make its databases at once break them
            stack.enter_context(_naming_what_is_damaged(home))
            instance = stack.enter_context(open_instance(home))
            _close_dead_runs(instance)
        yield instance


@contextlib.contextmanager
def _naming_what_is_damaged(home: Path) -> Generator[None]:
    try:
        yield
    except DatabaseError:
        for file in damaged_databases(home):
            raise RunFailedError(
                f"{file} is damaged; it holds Dagster's history and nothing of the films: "
                "`tmdb-assets doctor` sets it aside, then run the same again.",
                exit_code=FAILED,
            ) from None
        raise


def process_tags() -> dict[str, str]:
    """Return tags that say which process a run belongs to."""
    return {PROCESS_TAG: str(os.getpid()), HOST_TAG: socket.gethostname()}


def _close_dead_runs(instance: dg.DagsterInstance) -> None:
    for run in instance.get_runs(filters=dg.RunsFilter(statuses=_UNDER_WAY)):
        if run.tags.get(HOST_TAG) == socket.gethostname():
            if not _is_alive(int(run.tags.get(PROCESS_TAG, "0"))):
                instance.report_run_failed(run, _KILLED)
        elif _SERVER_TAG in run.tags and not _is_served(instance, run):
            is_canceled = run.status == dg.DagsterRunStatus.CANCELING
            close = instance.report_run_canceled if is_canceled else instance.report_run_failed
            close(run, _LEFT)


def _is_served(instance: dg.DagsterInstance, run: dg.DagsterRun) -> bool:
    """Say whether the code server that launched a run answers, or the run's own process has outlived it."""
    return _answers(run.tags[_SERVER_TAG]) or any(
        "multiprocessing" in command_line(process) for process in _workers(instance, run)
    )


def _answers(server: str) -> bool:
    place = json.loads(server)
    family, address = (
        (socket.AF_UNIX, place["socket"])
        if "socket" in place
        else (socket.AF_INET, (place["host"], place["port"]))
    )
    with socket.socket(family) as connection:
        connection.settimeout(1)
        try:
            connection.connect(address)
        except OSError:
            return False
    return True


def _workers(instance: dg.DagsterInstance, run: dg.DagsterRun) -> list[int]:
    logged = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ENGINE_EVENT)
    started = (_WORKER.match(entry.user_message or entry.message) for entry in logged)
    return [int(found[1]) for found in started if found]


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return process > 0
