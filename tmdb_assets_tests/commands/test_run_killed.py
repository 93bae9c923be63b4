"""A run that is killed, at any instant, is taken up by the next one: same tables, nothing asked twice."""

import os
import signal
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.settings import Settings
from tmdb_assets.storage.folder import Storage
from tmdb_assets.tables import MovieDetail
from tmdb_assets_tests.commands.running import details_asked, environment, finished, start, tables

YEARS = ("run", "--years", "2010-2012")
IN_FLIGHT = 20


class Killer:
    """Sends a signal to a process when a condition on the requests holds."""

    def __init__(self, when: Callable[[int, str], bool], *, kill: signal.Signals = signal.SIGKILL) -> None:
        self.process: subprocess.Popen[str] | None = None
        self._when = when
        self._kill = kill
        self._details = 0

    def __call__(self, count: int, path: str) -> None:
        """Look at a request, before it is answered."""
        del count
        self._details += path.startswith("/3/movie/")
        if self.process and self._when(self._details, path):
            os.kill(self.process.pid, self._kill)
            self.process = None


WHEN: dict[str, Callable[[int, str], bool]] = {
    "looking up keywords": lambda _, path: path.startswith("/3/keyword/"),
    "discovering": lambda _, path: path.startswith("/3/discover/"),
    "at the first film": lambda details, _: details == 1,
    "fetching": lambda details, _: details == 100,
    "between years": lambda details, _: details == 160,
    "at the last film": lambda details, _: details == 415,
}


@pytest.fixture(scope="module")
def undisturbed(
    films_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[tuple[object, ...]]]:
    """Return the tables of a run that nothing disturbed."""
    folder = tmp_path_factory.mktemp("undisturbed")
    with FakeTMDB(films_file=films_file) as fake:
        env = environment(fake, folder / "data") | {"XDG_STATE_HOME": str(folder)}
        done = finished(*YEARS, env=env)
    assert done.returncode == 0, done.stderr
    return tables(folder / "data")


@pytest.mark.parametrize("when", WHEN.values(), ids=WHEN)
def test_killed_and_run_again_leaves_the_same_tables(
    films_file: Path,
    tmp_path: Path,
    undisturbed: dict[str, list[tuple[object, ...]]],
    when: Callable[[int, str], bool],
) -> None:
    killer = Killer(when)
    with FakeTMDB(films_file=films_file, on_request=killer) as fake:
        env = environment(fake, tmp_path / "data")
        with start(*YEARS, env=env) as process:
            killer.process = process
            process.communicate(timeout=60)
        answered = Counter(details_asked(fake, status=200))
        done = finished(*YEARS, env=env)
        asked = Counter(details_asked(fake))

    assert process.returncode == -signal.SIGKILL
    assert done.returncode == 0, done.stderr
    assert tables(tmp_path / "data") == undisturbed
    assert sum(answered.values()) == len(answered)
    assert sum(asked.values()) - len(asked) <= IN_FLIGHT
    assert not list((tmp_path / "data").rglob("*.tmp"))


def killed_when(env: dict[str, str], exists: Callable[[], bool]) -> bool:
    """Run until something is there, and kill the run; False when it ended before that was seen."""
    with start(*YEARS, env=env) as process:
        while process.poll() is None:
            if exists():
                process.kill()
        process.communicate(timeout=60)
    return process.returncode == -signal.SIGKILL


@pytest.mark.parametrize("pattern", ["lake/movie_details/release_year=2011/*", ".warehouse-*", "raw/*/*.tmp"])
def test_killed_while_it_writes_leaves_the_same_tables(
    films_file: Path, tmp_path: Path, undisturbed: dict[str, list[tuple[object, ...]]], pattern: str
) -> None:
    """While it commits a year, publishes, or seals the journal: moments of milliseconds, so try again."""
    for attempt in range(10):
        data = tmp_path / f"data-{attempt}"
        with FakeTMDB(films_file=films_file) as fake:
            env = environment(fake, data)
            if not killed_when(env, lambda folder=data: any(folder.glob(pattern))):
                continue
            done = finished(*YEARS, env=env)
            asked = Counter(details_asked(fake))
        break

    assert done.returncode == 0, done.stderr
    assert tables(data) == undisturbed
    assert sum(asked.values()) - len(asked) <= IN_FLIGHT
    assert not list(data.glob(".warehouse-*"))


@pytest.mark.parametrize("kill", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_says_that_nothing_is_lost(
    films_file: Path, tmp_path: Path, kill: signal.Signals
) -> None:
    killer = Killer(lambda details, _: details == 100, kill=kill)
    with FakeTMDB(films_file=films_file, on_request=killer) as fake:
        process = start(*YEARS, env=environment(fake, tmp_path / "data"))
        killer.process = process
        _, said = process.communicate(timeout=60)

    assert process.returncode == 130
    assert "the same command goes on" in said
    assert "Traceback" not in said


def test_two_runs_over_different_years_share_one_budget_beside_a_reader(
    films_file: Path, tmp_path: Path
) -> None:
    """Two processes fetch and publish while a third asks the snapshot all the time."""
    data = tmp_path / "data"
    with FakeTMDB(films_file=films_file) as fake:
        env = environment(fake, data, TMDB_REQUESTS_PER_SECOND="100")
        finished("run", "--years", "2000", env=env)
        with (
            start("run", "--years", "2009-2010", env=env) as one,
            start("run", "--years", "2011-2012", env=env) as other,
        ):
            errors, polls = poll(env, while_running=(one, other))
            said = [process.communicate(timeout=60)[1] for process in (one, other)]
        peak, asked = fake.stats()["peak_per_second"], details_asked(fake)

    assert (one.returncode, other.returncode) == (0, 0), said
    assert polls > 1
    assert errors == []
    assert peak <= 150  # two budgets would be 200
    assert len(asked) == len(set(asked))
    lake = Storage.open(Settings(data=data)).lake
    published = {row[0] for row in tables(data)["movie_details"]}
    assert published == set(lake.read(MovieDetail)["tmdb_id"]) == set(asked)


def poll(env: dict[str, str], *, while_running: tuple[subprocess.Popen[str], ...]) -> tuple[list[str], int]:
    errors: list[str] = []
    polls = 0
    while any(process.poll() is None for process in while_running):
        done = finished("sql", "SELECT release_year, count(*) FROM movie_details GROUP BY ALL", env=env)
        polls += 1
        if done.returncode:
            errors.append(done.stderr)
    return errors, polls
