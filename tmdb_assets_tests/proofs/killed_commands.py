"""Killing a command at an instant, giving it again, and looking at what is there then."""

import datetime as dt
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.settings import Settings
from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.local_folder import LocalFolder
from tmdb_assets.storage.segment import NO_BODY, JournalLine
from tmdb_assets.storage.snapshot import open_snapshot
from tmdb_assets.sync.rebuild import rebuild
from tmdb_assets.tables import MovieDetail
from tmdb_assets.tmdb.images import ImageURLs
from tmdb_assets_tests.commands.running import TABLES, environment, finished
from tmdb_assets_tests.proofs.command_points import KILLED_COMMANDS, KilledCommand
from tmdb_assets_tests.proofs.crash import is_whole, temporary_files, uncommitted_after_upkeep
from tmdb_assets_tests.proofs.crash_points import CrashPoint
from tmdb_assets_tests.proofs.file_operations import Operation, start_watched

FILMS = 1000
_RUN = ("run", "--years", "2010-2011", "--min-votes", "0")
_NEW, _CHANGED, _MOVED, _GONE, _KEPT = 9_000_001, 0, 1, 2, 3
_VIEWS = ("movie_history", "movies", "movie_outcomes")
_MOST_SECONDS = 120
Rows = dict[str, list[tuple[Any, ...]]]


@dataclass
class Aftermath:
    """What was found once a killed command had been given again.

    Attributes
    ----------
    was_killed
        Whether the command came to the instant.
    returncode, says
        How the second one ended, and what it wrote to its standard error.
    rows, expected
        What is published, and what is published where nobody killed it.
    rebuilt
        What the journal alone makes of it afterwards.
    temporary, uncommitted
        Files that only a killed process can have left; in the lake, those that its upkeep did not remove.
    is_state_whole
        Whether the state's database is sound.
    """

    was_killed: bool
    returncode: int
    says: str
    rows: Rows
    expected: Rows
    rebuilt: Rows
    temporary: list[str]
    uncommitted: list[str]
    is_state_whole: bool


class Commands:
    """Data folders of some films, on which commands are tried with and without a kill.

    Parameters
    ----------
    folder
        Where they are made.
    fake
        A TMDB of so many films that the years have a dozen each.
    """

    def __init__(self, folder: Path, fake: FakeTMDB) -> None:
        self._folder = folder
        self._fake = fake
        self._undisturbed: dict[str, Path] = {}
        self._expected: dict[str, Rows] = {}
        self._films: list[int] = []
        self._first = self._after_a_first_run()

    def killed_at(self, name: str, point: CrashPoint) -> Aftermath:
        """Kill a command at an instant, and give it again."""
        undisturbed = self._after(name)
        command = KILLED_COMMANDS[name]
        folder = self._copy(self._before(command), f"killed {name}")
        killed = _run_until(point, self._arguments(command, folder), self._environment(folder))
        again = self._run(command, folder)
        rows = published(folder)
        return Aftermath(
            was_killed=killed == -signal.SIGKILL,
            returncode=again.returncode,
            says=again.stderr,
            rows=rows,
            expected=self._expected.setdefault(name, published(undisturbed)),
            rebuilt=self._rebuilt(folder),
            temporary=temporary_files(folder),
            uncommitted=uncommitted_after_upkeep(folder / "data" / "lake"),
            is_state_whole=is_whole(folder / "data" / "state.db"),
        )

    def _after(self, name: str) -> Path:
        """Return what a command that nobody kills leaves."""
        if name not in self._undisturbed:
            command = KILLED_COMMANDS[name]
            folder = self._copy(self._before(command), name)
            done = self._run(command, folder)
            assert done.returncode == 0, done.stderr
            self._undisturbed[name] = folder
        return self._undisturbed[name]

    def _before(self, command: KilledCommand) -> Path:
        return self._after(command.begins_after) if command.begins_after else self._first

    def _after_a_first_run(self) -> Path:
        """Fill a folder; then some of the films change, one moves to another year, and one goes."""
        folder = self._folder / "first"
        done = finished(*_RUN, env=self._environment(folder))
        assert done.returncode == 0, done.stderr
        self._films = Storage.open(Settings(data=folder / "data")).lake.read(MovieDetail)["tmdb_id"].to_list()
        self._fake.update_movie(self._films[_CHANGED], title="Changed", runtime=222)
        self._fake.update_movie(self._films[_MOVED], release_date="2011-12-31")
        self._fake.remove_movie(self._films[_GONE])
        self._fill(LocalFolder(folder / "films"))
        return folder

    def _fill(self, films: LocalFolder) -> None:
        """Put answers into a folder: a new film, a changed one, one that was deleted, one that is gone."""
        at = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
        for film in (_NEW, self._films[_CHANGED], self._films[_KEPT]):
            body = {"id": film, "title": f"Imported {film}", "release_date": "2010-02-28", "genres": []}
            films.keep(_line(film, at, msgspec.Raw(msgspec.json.encode(body))))
        films.keep(msgspec.structs.replace(_line(self._films[-1], at, NO_BODY), outcome="not_found"))

    def _copy(self, folder: Path, name: str) -> Path:
        number = len(list(self._folder.iterdir()))
        return shutil.copytree(folder, self._folder / f"{number} {name}")

    def _run(self, command: KilledCommand, folder: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", *self._arguments(command, folder)],
            env=self._environment(folder),
            capture_output=True,
            text=True,
            check=False,
            timeout=_MOST_SECONDS,
        )

    def _arguments(self, command: KilledCommand, folder: Path) -> list[str]:
        named = {"kept": self._films[_KEPT], "films": folder / "films"}
        return [argument.format(**named) for argument in command.arguments]

    def _environment(self, folder: Path) -> dict[str, str]:
        themes = Path(__file__).with_name("themes.yaml")
        return environment(
            self._fake, folder / "data", TMDB_ASSETS_THEMES=themes, XDG_STATE_HOME=folder / "home"
        )

    @staticmethod
    def _rebuilt(folder: Path) -> Rows:
        settings = Settings(data=folder / "data")
        images = ImageURLs(settings.effective_image_base_url)
        rebuild(Storage.open(settings), region=settings.region, images=images)
        return published(folder)


def _line(film: int, at: dt.datetime, body: msgspec.Raw) -> JournalLine:
    return JournalLine(tmdb_id=film, answered_at=at, outcome="ok", fingerprint="f", body=body)


def published(folder: Path) -> Rows:
    """Return what a folder's snapshot has, without the times at which things happened."""
    columns = "COLUMNS(lambda c: NOT ends_with(c, '_at'))"
    with open_snapshot(folder / "data" / "warehouse.duckdb") as snapshot:
        rows = {name: snapshot.table(name).select(columns).fetchall() for name in (*TABLES, *_VIEWS)}
    rows["movie_history"] = [tuple(map(_without_times, row)) for row in rows["movie_history"]]
    return {name: sorted(of_table, key=repr) for name, of_table in rows.items()}


def _without_times(value: object) -> object:
    """Leave the times out of a whole film."""
    return re.sub(r'"\w+_at":"[^"]*"', "", value) if isinstance(value, str) else value


def _run_until(point: CrashPoint, arguments: list[str], env: Mapping[str, str]) -> int:
    """Run until the instant, or to the end where the command does not come to it."""
    seen = 0

    def is_last(operation: Operation) -> bool:
        nonlocal seen
        seen += point.matches(*operation.paths)
        return seen == point.nth

    process = start_watched(
        [sys.executable, "-m", *arguments], env=env, operations={point.kind}, is_last=is_last
    )
    process.communicate(timeout=_MOST_SECONDS)
    return process.returncode
