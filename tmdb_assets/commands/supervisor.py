"""Several services as one: started together, watched, and ended together."""

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from pathlib import Path
from types import FrameType
from typing import NamedTuple

import click

from tmdb_assets.commands.failures import FAILED, RunFailedError
from tmdb_assets.commands.processes import command_line, end_marked, find_marked
from tmdb_assets.commands.service_logs import LogFollower, worth_showing

_POLL_SECONDS = 0.2
_LOOK_SECONDS = 1.0
_SAME_SIGNAL_SECONDS = 0.5
_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopSignals:
    """Notes that the user wants an end, and when they repeat it."""

    def __init__(self) -> None:
        self._first: float | None = None
        self.is_impatient = False

    @property
    def is_stopping(self) -> bool:
        """Whether the user wants an end."""
        return self._first is not None

    @contextlib.contextmanager
    def noted(self) -> Generator[None]:
        """Note signals for as long as this lasts."""
        before = {each: signal.signal(each, self._note) for each in _STOPPING}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)

    def _note(self, _signal: int, _frame: FrameType | None) -> None:
        now = time.monotonic()
        if self._first is None:
            self._first = now
        elif now - self._first > _SAME_SIGNAL_SECONDS:  # a terminal and `make` may both pass on the first one
            self.is_impatient = True


class _Service(NamedTuple):
    name: str
    process: subprocess.Popen[str]
    log: LogFollower


class Supervisor:
    """Services that live and end together.

    Parameters
    ----------
    mark
        What all of their processes carry.
    stop
        Whether the user wants an end.
    worker
        What the command line of a service's own child says that must live, too.
    """

    def __init__(self, mark: str, stop: StopSignals, *, worker: str) -> None:
        self._mark = mark
        self._stop = stop
        self._worker = worker
        self._services: list[_Service] = []
        self._had_worker = False
        self._looked = 0.0

    def start(self, name: str, command: Sequence[str], log: Path) -> None:
        """Start a service whose output goes to a log file."""
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 -- our own program
                [sys.executable, *command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,  # Ctrl-C reaches this process alone, and it ends the others
            )
        self.add(name, process, log)

    def add(self, name: str, process: subprocess.Popen[str], log: Path) -> None:
        """Watch over a service that was started elsewhere."""
        self._services.append(_Service(name, process, LogFollower(log)))

    def watch(self, *, seconds: float = _POLL_SECONDS) -> bool:
        """Wait a moment, show what the services complain of, and return whether to go on.

        Raises
        ------
        RunFailedError
            One of them has ended by itself.
        """
        time.sleep(seconds)
        if self._stop.is_stopping:
            return False
        for service in self._services:
            for line in worth_showing(service.log.added()):
                click.secho(f"{service.name}: {line}", err=True, fg="yellow")
            if service.process.poll() is not None:
                raise _ended(service, service.process.returncode)
        now = time.monotonic()
        if now - self._looked > _LOOK_SECONDS:
            self._looked = now
            self._look_at_worker()
        return True

    def end(self) -> None:
        """End all that was started."""
        end_marked(self._mark, is_impatient=lambda: self._stop.is_impatient)
        for service in self._services:
            service.process.wait()

    def _look_at_worker(self) -> None:
        has_worker = any(self._worker in command_line(each) for each in find_marked(self._mark))
        if self._had_worker and not has_worker:
            raise _ended(self._services[0])
        self._had_worker = has_worker


def _ended(service: _Service, code: int | None = None) -> RunFailedError:
    how = "" if code is None else f" ({signal.Signals(-code).name if code < 0 else f'exit code {code}'})"
    return RunFailedError(
        f"The {service.name} ended by itself{how}, so all was ended; its log is {service.log.path}.",
        exit_code=FAILED,
    )
