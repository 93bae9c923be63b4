"""Killing a run again and again at chosen instants, until one ends by itself; then what is there."""

import contextlib
import datetime as dt
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import zstandard

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.storage.lake import Lake
from tmdb_assets.storage.segment import JournalLine
from tmdb_assets.tables import STORED_TABLES
from tmdb_assets_tests.commands.running import Tables, details_asked, environment, finished, start, tables
from tmdb_assets_tests.proofs.crash_points import CrashPoint
from tmdb_assets_tests.proofs.file_operations import Operation, start_watched

RUN = ("run", "--years", "2010-2012", "--min-votes", "0")
FILMS = 3000
_TEMPORARY = re.compile(r"^\.(warehouse|read)-|\.(tmp|new|compacting)$|-journal$")
_STAGED = re.compile(r"#\d+$")
"""A file that delta-rs had not given its name yet."""

_MOST_SECONDS = 120


class Executioner:
    """Kills a process when it comes to a crash point."""

    def __init__(self) -> None:
        self._point: CrashPoint | None = None
        self._process: subprocess.Popen[str] | None = None
        self._seen = 0

    def run(self, point: CrashPoint, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        """Run until the point, or to the end where the run does not come to it."""
        self._point, self._seen = point, 0
        if point.kind == "ask":
            process = self._process = start(*RUN, env=env)
        else:
            command = [sys.executable, "-m", "tmdb_assets.cli", *RUN]
            process = start_watched(command, env=env, operations={point.kind}, is_last=self._is_last)
        out, err = process.communicate(timeout=_MOST_SECONDS)
        self._point = self._process = None
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def on_request(self, _: int, path: str) -> None:
        """Look at a request, before it is answered."""
        if self._process and self._point and self._counts(path):
            os.kill(self._process.pid, signal.SIGKILL)
            self._process = None

    def _is_last(self, operation: Operation) -> bool:
        return self._counts(*operation.paths)

    def _counts(self, *paths: str) -> bool:
        point = self._point
        self._seen += point is not None and point.matches(*paths)
        return point is not None and self._seen == point.nth


@dataclass
class Aftermath:
    """What was found once a run ended by itself.

    Attributes
    ----------
    kills
        The points at which runs were killed, in order.
    asked_again
        Films that were asked for although the journal had an ``ok`` answer of theirs when a run was killed.
    temporary
        Files that only a killed process can have left.
    uncommitted
        Files of the lake that a killed run had written and not committed, and that its upkeep did not remove,
        told that none of them is a live process's.
    is_state_whole
        Whether the state's database is sound.
    returncode, says
        How the last run ended, and what it wrote to its standard error.
    request_count, film_count
        Requests for details, those without an answer too, and how many films they were for.
    """

    tables: Tables
    kills: list[CrashPoint]
    asked_again: list[int]
    temporary: list[str]
    uncommitted: list[str]
    is_state_whole: bool
    returncode: int
    says: str
    request_count: int
    film_count: int


def undisturbed(folder: Path) -> Tables:
    """Return the tables of a run that nothing disturbs."""
    with FakeTMDB(films=FILMS) as fake:
        env = _environment(fake, folder)
        done = finished(*RUN, env=env)
    assert done.returncode == 0, done.stderr
    return tables(folder / "data")


def killed_at(points: Sequence[CrashPoint], folder: Path) -> Aftermath:
    """Kill a run at the first point, the next one at the next, and so on; then let one end by itself."""
    data = folder / "data"
    executioner = Executioner()
    kills: list[CrashPoint] = []
    asked_again: list[int] = []
    with FakeTMDB(films=FILMS, on_request=executioner.on_request) as fake:
        env = _environment(fake, folder)
        had: set[int] = set()
        for point in (*points, None):
            asked_before = len(fake.requests)
            done = executioner.run(point, env) if point else finished(*RUN, env=env)
            asked_again += [film for film in details_asked(fake, since=asked_before) if film in had]
            if done.returncode != -signal.SIGKILL:
                break
            kills += [point] if point else []
            had = answered(data / "raw" / "movie_details")
        asked = Counter(details_asked(fake))
    return Aftermath(
        tables=tables(data),
        kills=kills,
        asked_again=asked_again,
        temporary=temporary_files(folder),
        uncommitted=uncommitted_after_upkeep(data / "lake"),
        is_state_whole=is_whole(data / "state.db"),
        returncode=done.returncode,
        says=done.stderr,
        request_count=sum(asked.values()),
        film_count=len(asked),
    )


def _environment(fake: FakeTMDB, folder: Path) -> dict[str, str]:
    themes = Path(__file__).with_name("themes.yaml")
    return environment(fake, folder / "data", TMDB_ASSETS_THEMES=themes, XDG_STATE_HOME=folder)


def answered(segments: Path) -> set[int]:
    """Return the films of which the journal has an ``ok`` answer."""
    found: set[int] = set()
    for path in segments.glob("*.ndjson*"):
        content = path.read_bytes()
        if path.suffix == ".zst":
            content = zstandard.ZstdDecompressor().decompressobj().decompress(content)
        for text in content.splitlines(keepends=True):
            if text.endswith(b"\n"):  # the last one may be torn
                line = msgspec.json.decode(text, type=JournalLine)
                found |= {line.tmdb_id} if line.outcome == "ok" else set()
    return found


def temporary_files(folder: Path) -> list[str]:
    """Return the files that only a killed process can have left, below a folder."""
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and _TEMPORARY.search(path.name)
    )


def uncommitted_after_upkeep(folder: Path) -> list[str]:
    """Return the files of a lake that no version of a table names, once its upkeep has removed old ones."""
    lake = Lake(folder)
    for table in STORED_TABLES:
        lake.upkeep(table, retention=dt.timedelta(0))
    return uncommitted_files(folder)


def uncommitted_files(lake: Path) -> list[str]:
    """Return the files of a lake that no version of a table has ever named."""
    found: list[Path] = []
    for log in lake.glob("*/_delta_log"):
        named = "".join(path.read_text() for path in log.glob("*.json"))
        written = (path for path in log.parent.rglob("*") if path.is_file())
        found += [path for path in written if _STAGED.search(path.name) or _is_unnamed(path, named)]
    return sorted(str(path.relative_to(lake)) for path in found)


def _is_unnamed(path: Path, named: str) -> bool:
    return path.name.startswith("part-") and path.name not in named


def is_whole(database: Path) -> bool:
    """Say whether an SQLite database is sound."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
