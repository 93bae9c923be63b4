import datetime as dt
import multiprocessing
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from tmdb_assets.storage.state import State
from tmdb_assets_tests.tables.rows import AT, audit


def later(minutes: int) -> dt.datetime:
    return AT + dt.timedelta(minutes=minutes)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'my data' / 'state.db'}"


@pytest.fixture
def state(url: str) -> State:
    return State(url)


def test_a_new_state_holds_nothing(state: State) -> None:
    assert (state.audits(), state.newest_audits("movie_details")) == ([], {})


@pytest.mark.parametrize("year", [1874, None])
def test_an_audit_comes_back_equal(state: State, url: str, year: int | None) -> None:
    kept = audit(year=year, ok_count=7, waited_seconds=0.1, started_at=AT, finished_at=later(3))
    state.add_audit(kept)

    assert State(url).audits() == [kept]


def test_moments_come_back_at_utc(state: State) -> None:
    zone = dt.timezone(dt.timedelta(hours=5, minutes=45))
    state.add_audit(audit(started_at=AT.astimezone(zone)))

    [found] = state.audits()

    assert (found.started_at, found.started_at.tzinfo) == (AT, dt.UTC)


def test_audits_stand_oldest_first(state: State) -> None:
    for minutes in (5, 1, 3):
        state.add_audit(audit(finished_at=later(minutes)))

    assert [found.finished_at for found in state.audits()] == [later(1), later(3), later(5)]


def test_the_audits_of_a_run_are_those_alone(state: State) -> None:
    state.add_audit(audit(run_id="one"))
    state.add_audit(audit(run_id="other"))

    assert [found.run_id for found in state.audits(run_id="one")] == ["one"]
    assert state.audits(run_id="") == []


def test_the_audit_of_each_year_that_was_added_last_counts_whatever_the_clock_said(state: State) -> None:
    for year, minutes in ((1999, 9), (1999, 2), (2000, 4), (None, 5)):
        state.add_audit(audit(year=year, finished_at=later(minutes)))
    state.add_audit(audit(asset="discovered_movies", finished_at=later(99)))

    newest = state.newest_audits("movie_details")

    assert {year: found.finished_at for year, found in newest.items()} == {
        1999: later(2),
        2000: later(4),
        None: later(5),
    }


def test_of_two_audits_at_one_moment_the_last_counts(state: State) -> None:
    for run_id in ("first", "last"):
        state.add_audit(audit(run_id=run_id))

    assert state.newest_audits("movie_details")[1979].run_id == "last"


def test_an_audit_without_requests_does_not_hide_the_last_one_with_requests(state: State) -> None:
    state.add_audit(audit(year=1999, request_count=3, finished_at=later(1)))
    state.add_audit(audit(year=1999, request_count=0, finished_at=later(2)))
    state.add_audit(audit(year=2000, request_count=0, finished_at=later(3)))

    newest = state.newest_audits("movie_details", with_requests=True)

    assert {year: found.request_count for year, found in newest.items()} == {1999: 3}


def add_audits(folder: str, run_id: str, start: Barrier) -> None:
    """Add an audit to each of some new states, all processes at once."""
    for number in range(20):
        start.wait(20)
        State(f"sqlite:///{folder}/{number}.db").add_audit(audit(run_id=run_id))


def test_processes_that_make_a_state_and_add_audits_at_once_lose_none(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    start, runs = spawn.Barrier(4), ["a", "b", "c", "d"]
    processes = [spawn.Process(target=add_audits, args=(str(tmp_path), run_id, start)) for run_id in runs]
    for process in processes:
        process.start()
    for process in processes:
        process.join()

    assert [process.exitcode for process in processes] == [0, 0, 0, 0]
    for number in range(20):
        state = State(f"sqlite:///{tmp_path}/{number}.db")
        assert sorted(found.run_id for found in state.audits()) == runs
