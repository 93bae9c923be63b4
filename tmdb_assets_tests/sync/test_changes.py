"""Days of the changes feed, read from a fake whose clock stands still."""

import asyncio
import datetime as dt
import json
from collections.abc import Iterator

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.changes import ChangedDay, days_read, sync_changes
from tmdb_assets.tables import MovieChange
from tmdb_assets.tmdb import AsyncTMDBClient, TMDBError
from tmdb_assets_tests.sync.conftest import AT_ONCE, KEY
from tmdb_assets_tests.sync.odd_tmdb import odd_tmdb

DAY = dt.date(2026, 3, 8)
NEXT = dt.date(2026, 3, 9)
ONE_DAY = dt.timedelta(days=1)
NOON = dt.datetime(2026, 3, 8, 12, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 3, 10, 0, 20, tzinfo=dt.UTC)


@pytest.fixture
def fake() -> Iterator[FakeTMDB]:
    with FakeTMDB(films=0, clock=lambda: NOW) as fake:
        yield fake


def synced(base_url: str, storage: Storage, *days: dt.date, now: dt.datetime = NOW) -> list[ChangedDay]:
    found: list[ChangedDay] = []

    async def sync() -> None:
        async with AsyncTMDBClient(KEY, base_url=base_url, requests_per_second=5000, retry=AT_ONCE) as client:
            run = SyncRun(run_id="test", clock=lambda: now)
            await sync_changes(client, storage, days, run, on_day=found.append)

    asyncio.run(sync())
    return found


def rows(storage: Storage) -> list[tuple[dt.date, int]]:
    return storage.lake.read(MovieChange).select("day", "tmdb_id").rows()


def change(fake: FakeTMDB, count: int, at: dt.datetime = NOON) -> None:
    for film in range(1, count + 1):
        fake.add_movie(film, "2020-01-01", at=at)


def test_all_pages_of_a_day_are_read_and_nothing_of_its_neighbours(fake: FakeTMDB, storage: Storage) -> None:
    change(fake, 250)
    fake.add_movie(1001, "2020-01-01", at=NOON - ONE_DAY)
    fake.add_movie(1002, "2020-01-01", at=NOON + ONE_DAY)

    [day] = synced(fake.base_url, storage, DAY)

    assert rows(storage) == [(DAY, film) for film in range(1, 251)]
    assert (day.audit.request_count, day.audit.row_count, day.audit.missing_count) == (3, 250, 0)


@pytest.mark.parametrize("last_day_counts", [True, False])
def test_the_rows_are_the_same_whether_tmdb_counts_the_last_day_of_a_range_or_not(
    storage: Storage,
    last_day_counts: bool,  # noqa: FBT001 -- pytest gives it by name
) -> None:
    """TMDB's documentation does not say, and a day that is silently empty would be a day lost."""
    with FakeTMDB(films=0, clock=lambda: NOW, changes_last_day_counts=last_day_counts) as fake:
        fake.add_movie(1, "2020-01-01", at=NOON)
        fake.add_movie(2, "2020-01-01", at=NOON + ONE_DAY)
        fake.add_movie(3, "2020-01-01", at=NOON + 2 * ONE_DAY)

        synced(fake.base_url, storage, DAY - ONE_DAY, DAY, NEXT)

    assert rows(storage) == [(DAY, 1), (NEXT, 2)]


def test_a_day_without_changes_counts_as_read(fake: FakeTMDB, storage: Storage) -> None:
    synced(fake.base_url, storage, DAY)

    assert days_read(storage) == {DAY}
    assert rows(storage) == []


def test_a_day_that_is_read_again_keeps_when_its_films_were_first_seen(
    fake: FakeTMDB, storage: Storage
) -> None:
    change(fake, 1)
    synced(fake.base_url, storage, DAY, NEXT)
    fake.add_movie(2, "2020-01-01", at=NOON)

    synced(fake.base_url, storage, DAY, now=NOW + ONE_DAY)

    seen = storage.lake.read(MovieChange).select("tmdb_id", "seen_at").rows()
    assert seen == [(1, NOW), (2, NOW + ONE_DAY)]


@pytest.mark.parametrize("faults", ["drift!", "429:0.2,500:0.1,truncate:0.1,html200:0.1,reset:0.1"])
def test_pages_that_move_or_fail_do_not_lose_a_film(storage: Storage, faults: str) -> None:
    with FakeTMDB(films=0, clock=lambda: NOW, faults=faults) as fake:
        change(fake, 350)

        synced(fake.base_url, storage, DAY)

    assert len(rows(storage)) >= 349  # a page that has moved by one hides the very last film for ever


def test_a_film_that_cannot_be_read_is_left_out_and_counted(fake: FakeTMDB, storage: Storage) -> None:
    change(fake, 2)
    items: list[dict[str, object]] = [{"id": 1, "adult": None}, {"adult": False}, {"id": 2, "adult": False}]
    page = json.dumps({"results": items, "page": 1, "total_pages": 1, "total_results": 3}).encode()

    with odd_tmdb(fake, lambda path: (200, page) if path.endswith("/changes") else None) as odd:
        [day] = synced(odd.base_url, storage, DAY)

    assert rows(storage) == [(DAY, 1), (DAY, 2)]
    assert (day.odd_count, day.audit.missing_count) == (1, 1)
    assert odd.asked["/3/movie/changes"] == 1  # reading it again would give the same


def test_what_is_promised_and_never_comes_is_asked_for_again_and_then_counted(
    fake: FakeTMDB, storage: Storage
) -> None:
    page = json.dumps({"results": [{"id": 1}], "page": 1, "total_pages": 1, "total_results": 2}).encode()

    with odd_tmdb(fake, lambda path: (200, page) if path.endswith("/changes") else None) as odd:
        [day] = synced(odd.base_url, storage, DAY)

    assert day.audit.missing_count == 1
    assert odd.asked["/3/movie/changes"] == 3


@pytest.mark.parametrize("body", [b"{}", b'{"results": []}', b'{"page": 1}'])
def test_an_odd_answer_does_not_pass_for_a_day_without_changes(
    fake: FakeTMDB, storage: Storage, body: bytes
) -> None:
    with (
        odd_tmdb(fake, lambda path: (200, body) if path.endswith("/changes") else None) as odd,
        pytest.raises(TMDBError),
    ):
        synced(odd.base_url, storage, DAY)

    assert days_read(storage) == set()


def test_the_days_before_a_failure_are_kept(storage: Storage) -> None:
    faults = ",".join(f"503@{number}" for number in range(2, 100))
    with FakeTMDB(films=0, clock=lambda: NOW, faults=faults) as fake:
        change(fake, 1)
        fake.update_movie(1, at=NOON + ONE_DAY)

        with pytest.raises(TMDBError):
            synced(fake.base_url, storage, DAY, NEXT)

    assert days_read(storage) == {DAY}
    assert rows(storage) == [(DAY, 1)]
