import asyncio
import datetime as dt
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.settings import SettingsError
from tmdb_assets.storage.state import State
from tmdb_assets.sync.usage import DailyCapReachedError, UsageMeter, metered
from tmdb_assets.tables import ApiUsage
from tmdb_assets.tmdb import NotFoundError, TMDBError, Usage
from tmdb_assets_tests.commands.serving import wait_until
from tmdb_assets_tests.sync.conftest import client_of

TODAY = dt.datetime.now(dt.UTC).date()
FAULTS = "429:0.1,503:0.1,html200:0.05,reset:0.05,truncate:0.05"


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'state.db'}"


@pytest.fixture
def state(url: str) -> State:
    return State(url)


def asking(
    fake: FakeTMDB, url: str, asset: str, films: int, *, cap: int = 0, rate: float = 2000
) -> subprocess.Popen[str]:
    """Start a process that asks for films."""
    arguments = [fake.base_url, url, asset, *map(str, (films, cap, rate))]
    return subprocess.Popen(
        [sys.executable, "-m", "tmdb_assets_tests.sync.asking_process", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


def sent(state: State) -> int:
    return sum(each.request_count for each in state.usage())


@pytest.fixture
def fake() -> Iterator[FakeTMDB]:
    with FakeTMDB(films=0) as fake:
        for film in range(1, 2001):
            fake.add_movie(film, "1999-06-01")
        yield fake


@pytest.mark.parametrize("faults", ["", FAULTS])
def test_the_state_agrees_with_what_the_client_counts(state: State, faults: str) -> None:
    """Of 60 films 30 exist."""

    async def ask() -> Usage:
        async with client_of(fake) as client, metered(client, state, "movie_details"):
            for film in range(1, 61):
                try:
                    await client.movies.details(film)
                except TMDBError:
                    continue
            return client.usage

    with FakeTMDB(films=0, faults=faults) as fake:
        for film in range(1, 31):
            fake.add_movie(film, "1999-06-01")
        usage = asyncio.run(ask())
        asked = fake.stats()["requests"]

    [kept] = state.usage()
    assert kept.waited_seconds == pytest.approx(usage.waited_seconds)
    assert ApiUsage(
        day=TODAY,
        asset="movie_details",
        request_count=usage.requests,
        ok_count=usage.ok,
        not_found_count=usage.not_found,
        failed_count=usage.failed,
        retry_count=usage.retries,
        rate_limited_count=usage.rate_limited,
        waited_seconds=kept.waited_seconds,
        received_bytes=usage.received_bytes,
    ) == (kept)
    assert kept.request_count == asked
    assert (kept.retry_count > 0) == bool(faults)


def test_work_that_fails_is_counted_too(state: State, fake: FakeTMDB) -> None:
    async def ask() -> None:
        async with client_of(fake) as client, metered(client, state, "keyword_ids"):
            await client.movies.details(1)
            await client.movies.details(9_999_999)

    with pytest.raises(NotFoundError):
        asyncio.run(ask())

    [kept] = state.usage()
    assert (kept.request_count, kept.ok_count, kept.not_found_count) == (2, 1, 1)


def test_what_was_counted_before_stays(state: State, url: str) -> None:
    for _ in range(2):
        meter = UsageMeter(State(url), "movie_details")
        meter.admit()
        meter.add(requests=1, ok=1, waited_seconds=0.5, received_bytes=5_000_000_000)
        meter.close()

    [kept] = state.usage()
    assert (kept.request_count, kept.ok_count, kept.waited_seconds) == (2, 2, 1.0)
    assert kept.received_bytes == 10_000_000_000


def test_at_midnight_a_new_day_is_counted(state: State) -> None:
    """A request belongs to the day on which it was sent."""
    days = iter([TODAY, TODAY, TODAY + dt.timedelta(days=1), TODAY + dt.timedelta(days=1)])
    meter = UsageMeter(state, "movie_details", today=lambda: next(days))

    for _ in range(2):
        meter.admit()
        meter.add(requests=1, ok=1)
    meter.close()

    assert [(each.day, each.request_count, each.ok_count) for each in state.usage()] == [
        (TODAY, 1, 1),
        (TODAY + dt.timedelta(days=1), 1, 1),
    ]


def test_while_the_state_cannot_be_used_nothing_is_forgotten(state: State, tmp_path: Path) -> None:
    meter = UsageMeter(state, "movie_details")
    meter.admit()
    good = (tmp_path / "state.db").read_bytes()
    (tmp_path / "state.db").write_bytes(b"no database" * 1000)
    with pytest.raises(SettingsError):
        meter.flush()
    (tmp_path / "state.db").write_bytes(good)

    meter.admit()
    meter.close()

    assert sent(state) == 2


def test_processes_that_count_at_once_lose_nothing(state: State, url: str, fake: FakeTMDB) -> None:
    processes = [asking(fake, url, "movie_details", 150) for _ in range(3)]

    had = [process.communicate(timeout=60)[0] for process in processes]

    assert had == ["150\n"] * 3
    assert sent(state) == fake.stats()["requests"] == 450


@pytest.mark.parametrize("cap", [0, 10_000])
def test_a_killed_process_loses_a_second_of_its_count_at_most(
    state: State, url: str, fake: FakeTMDB, cap: int
) -> None:
    with asking(fake, url, "movie_details", 2000, cap=cap, rate=50) as process:
        wait_until(lambda: len(fake.requests) >= 120, seconds=60, process=process)
        process.kill()

    asked = fake.stats()["requests"]
    assert asked - 2 * 50 <= sent(state) <= asked  # a second, and one for a machine that is busy
    if cap:  # what is not counted stays leased: nothing is lost for the cap
        assert cap - asked - 20 <= state.requests_left(TODAY, cap) <= cap - asked


def test_processes_at_once_never_go_over_the_cap(state: State, url: str, fake: FakeTMDB) -> None:
    processes = [asking(fake, url, f"asset {number}", 500, cap=333) for number in range(4)]

    said = [process.communicate(timeout=120)[0] for process in processes]

    assert all("The daily cap of 333 requests" in each for each in said)
    assert fake.stats()["requests"] == sent(state) <= 333
    assert sent(state) + state.requests_left(TODAY, 333) == 333
    assert sent(state) >= 325  # who held the last few may have been the last to ask


def test_requests_that_are_made_again_count_for_the_cap(state: State) -> None:
    async def ask() -> None:
        async with client_of(fake) as client, metered(client, state, "movie_details", cap=10):
            for film in range(1, 50):
                await client.movies.details(film)

    with FakeTMDB(films=0, faults="503@2,503@3,429@5") as fake:
        for film in range(1, 50):
            fake.add_movie(film, "1999-06-01")
        with pytest.raises(DailyCapReachedError):
            asyncio.run(ask())
        asked = fake.stats()["requests"]

    [kept] = state.usage()
    assert (asked, kept.request_count, kept.ok_count, kept.retry_count) == (10, 10, 7, 3)


def test_what_was_asked_without_a_cap_counts_for_one_that_is_set_later(state: State) -> None:
    state.add_usage(TODAY, "movie_details", {"request_count": 8})
    meter = UsageMeter(state, "keyword_ids", cap=10)

    meter.admit()
    meter.admit()

    with pytest.raises(DailyCapReachedError, match="work resumes tomorrow"):
        meter.admit()


def test_what_was_leased_and_not_used_is_given_back(state: State) -> None:
    meter = UsageMeter(state, "keyword_ids", cap=1000)
    meter.admit()
    leased = 1000 - state.requests_left(TODAY, 1000)

    meter.close()

    assert leased > 1
    assert state.requests_left(TODAY, 1000) == 999


def test_the_next_day_has_a_cap_of_its_own(state: State) -> None:
    yesterday = TODAY - dt.timedelta(days=1)
    state.add_usage(yesterday, "movie_details", {"request_count": 10})
    meter = UsageMeter(state, "movie_details", cap=10)

    meter.admit()

    assert state.requests_left(yesterday, 10) == 0
    assert state.requests_left(TODAY, 10) < 10


def test_a_lease_of_yesterday_is_given_back_at_midnight(state: State) -> None:
    days = [TODAY]
    meter = UsageMeter(state, "movie_details", cap=100, today=lambda: days[-1])
    meter.admit()
    days.append(TODAY + dt.timedelta(days=1))

    meter.admit()
    meter.close()

    assert [state.requests_left(day, 100) for day in days] == [99, 99]


def test_requests_on_their_way_come_to_their_end_when_the_cap_is_reached(url: str, state: State) -> None:
    with FakeTMDB(films=0, latency_ms=100) as fake:
        for film in range(1, 101):
            fake.add_movie(film, "1999-06-01")
        process = asking(fake, url, "movie_details", 100, cap=30)
        process.communicate(timeout=60)

    [kept] = state.usage()
    assert (kept.request_count, kept.ok_count) == (30, 30)
