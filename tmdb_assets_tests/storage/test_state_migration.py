"""A state that another release made: it gets what it lacks, in one transaction, whoever comes first."""

import multiprocessing
import signal
import sqlite3
from contextlib import closing
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from tmdb_assets.settings import SettingsError
from tmdb_assets.storage.state import State
from tmdb_assets_tests.storage.old_state import alter, make_old
from tmdb_assets_tests.tables.rows import AT, audit


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state.db"


def url_of(file: Path) -> str:
    return f"sqlite:///{file}"


def opened(file: Path) -> State:
    return State(url_of(file))


def test_what_is_up_to_date_is_not_written(file: Path) -> None:
    opened(file).add_audit(audit())
    before = file.read_bytes()

    opened(file)

    assert file.read_bytes() == before


def test_a_column_more_has_the_default_of_its_row_type(file: Path) -> None:
    opened(file).add_audit(audit(retry_count=3))
    alter(
        url_of(file), "UPDATE sync_audit SET run_id = 'old'", "ALTER TABLE sync_audit DROP COLUMN retry_count"
    )

    [found] = opened(file).audits()

    assert found.run_id == "old"
    assert found.retry_count is None  # it has no default: nobody knows


def test_a_column_of_a_newer_release_stays(file: Path) -> None:
    opened(file).add_audit(audit())
    alter(url_of(file), "ALTER TABLE sync_audit ADD COLUMN mood VARCHAR DEFAULT 'dark'")

    opened(file).add_audit(audit(run_id="other"))

    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT mood FROM sync_audit").fetchall() == [("dark",), ("dark",)]


def test_a_value_that_does_not_fit_leaves_it_as_it_is(file: Path) -> None:
    make_old(url_of(file))
    alter(url_of(file), "UPDATE title_searches SET year = 'long ago'")
    before = file.read_bytes()

    with pytest.raises(SettingsError, match=r"title_searches .* year"):
        opened(file)

    assert file.read_bytes() == before


def test_a_state_of_a_newer_release_is_refused_and_left_alone(file: Path) -> None:
    opened(file)
    alter(url_of(file), "UPDATE state_version SET version = 99", "DROP TABLE failed_runs")
    before = file.read_bytes()

    with pytest.raises(SettingsError, match=r"newer release .* 99"):
        opened(file)

    assert file.read_bytes() == before


def open_each(folder: str, start: Barrier) -> None:
    """Be one of several that open an old state first."""
    for number in range(10):
        start.wait(60)
        opened(Path(folder) / f"{number}.db").add_audit(audit())


def test_of_processes_that_open_it_at_once_one_migrates_it(tmp_path: Path) -> None:
    for number in range(10):
        make_old(url_of(tmp_path / f"{number}.db"))
    spawn = multiprocessing.get_context("spawn")
    start = spawn.Barrier(4)
    openers = [spawn.Process(target=open_each, args=(str(tmp_path), start)) for _ in range(4)]
    for opener in openers:
        opener.start()
    for opener in openers:
        opener.join()

    assert [opener.exitcode for opener in openers] == [0] * 4
    assert [len(opened(tmp_path / f"{number}.db").audits()) for number in range(10)] == [5] * 10
    assert [
        len(opened(tmp_path / f"{number}.db").searches(language="en", between=(AT, AT)))
        for number in range(10)
    ] == [1] * 10


def test_a_killed_migration_is_finished_by_the_next(file: Path) -> None:
    make_old(url_of(file), doublings=15)
    migrating = multiprocessing.get_context("spawn").Process(target=opened, args=(file,))
    journal = file.with_name("state.db-journal")
    migrating.start()
    while not journal.exists():  # SQLite's way back, there while it changes the file
        assert migrating.is_alive()
    migrating.kill()
    migrating.join()

    found = opened(file).searches(language="en", between=(AT, AT))

    assert migrating.exitcode == -signal.SIGKILL
    assert {one.year for one in found} == {1979}
    assert len(found) == 2**15
