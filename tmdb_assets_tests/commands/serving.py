"""How the tests run Dagster's services: as a user does, on a free port, over a folder of their own."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import httpx

START_SECONDS, END_SECONDS = 120.0, 5.0
T = TypeVar("T")
LAST_LINE = "Ctrl-C ends all."


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def wait_until(condition: Callable[[], T], *, seconds: float, process: subprocess.Popen[str]) -> T:
    """Wait for something to become true, as long as a process lives."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert process.poll() is None, f"{process.args} ended with {process.returncode}"
        assert time.monotonic() < deadline, f"not within {seconds} seconds"
        time.sleep(0.05)
    return found


class Server:
    """A command that serves Dagster's UI until it is ended."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.port = port
        self.said = ""
        self.seen: dict[int, str] = {}

    def ask(self, query: str, **variables: object) -> Any:  # noqa: ANN401 -- as the query asks
        """Ask the UI's GraphQL; None when it does not answer."""
        try:
            asked = httpx.post(
                f"http://127.0.0.1:{self.port}/graphql",
                json={"query": query, "variables": variables},
                timeout=30,
            )
        except httpx.TransportError:
            return None
        return asked.json()["data"]

    def assets(self) -> set[str]:
        """Return the names of the assets that the UI knows."""
        answer = self.ask("{assetNodes {assetKey {path}}}")
        return {".".join(node["assetKey"]["path"]) for node in answer["assetNodes"]} if answer else set()

    def wait_until_ready(self) -> None:
        """Wait for the last line of those that `tmdb-assets dev` prints when all is up."""
        assert self.process.stdout
        while LAST_LINE not in self.said:
            line = self.process.stdout.readline()
            assert line, f"ended with {self.process.wait()}: {self.said}"
            self.said += line

    def family(self) -> dict[int, str]:
        """Return its processes, with how each was called: itself, its children, their children."""
        listed = subprocess.run(
            ["ps", "-axww", "-o", "pid=,ppid=,command="],  # noqa: S607 -- the system's own
            check=True,
            capture_output=True,
            text=True,
        )
        rows = [line.split(None, 2) for line in listed.stdout.splitlines()]
        family = {self.process.pid: "itself"}
        for _ in range(6):  # generations
            family |= {int(row[0]): row[2] for row in rows if int(row[1]) in family}
        self.seen |= family
        return family

    def member(self, called: str) -> int:
        """Return the one process that was called so."""
        [process] = [process for process, command in self.family().items() if called in command]
        return process


def left_of(processes: Sequence[int]) -> list[int]:
    """Return which of these processes have not ended; zombies have."""
    listed = subprocess.run(
        ["ps", "-o", "pid=,stat=", "-p", ",".join(map(str, processes))],  # noqa: S607 -- the same
        check=False,
        capture_output=True,
        text=True,
    )
    rows = [line.split() for line in listed.stdout.splitlines()]
    return [int(process) for process, state in rows if not state.startswith("Z")]


def left_in_time(processes: Sequence[int], *, seconds: float = END_SECONDS) -> list[int]:
    """Return which processes have not ended in time."""
    deadline = time.monotonic() + seconds
    while (left := left_of(processes)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


@contextmanager
def serving(command: Sequence[str], port: int, env: Mapping[str, str], folder: Path) -> Generator[Server]:
    """Run a command that serves Dagster's UI, and leave nothing of it behind."""
    with subprocess.Popen(
        command,
        env=dict(env),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        server = Server(process, port)
        try:
            yield server
        finally:
            if process.poll() is None:
                server.family()
            process.send_signal(signal.SIGINT)
            for each in left_in_time(list(server.seen), seconds=20):
                with suppress(ProcessLookupError):
                    os.kill(each, signal.SIGKILL)
