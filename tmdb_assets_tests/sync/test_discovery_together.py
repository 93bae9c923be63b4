"""Processes that discover the same at once: TMDB is asked once."""

import asyncio
import multiprocessing
from collections.abc import Callable, Iterator
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.settings import Settings
from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.discovery import sync_discovery
from tmdb_assets.sync.keywords import sync_keywords
from tmdb_assets.tables import DiscoveredMovie, KeywordId
from tmdb_assets.tmdb import AsyncTMDBClient
from tmdb_assets.transforms.themes import Theme, ThemeKeyword

KEY = "0123456789abcdef0123456789abcdef"
YEARS = (1999, 2000, 2001)
MOTHS = Theme("moths", "Moths", (ThemeKeyword("moth"), ThemeKeyword("butterfly")))


@pytest.fixture
def slow_fake() -> Iterator[FakeTMDB]:
    """Start a fake that takes long enough for processes to meet."""
    with FakeTMDB(films=0, latency_ms=1500) as fake:
        for year in YEARS:
            fake.add_movie(year, f"{year}-06-01", vote_count=500)
        yield fake


def discover(data: Path, base_url: str, start: Barrier, *, refresh: bool) -> None:
    async def sync() -> None:
        async with AsyncTMDBClient(KEY, base_url=base_url, requests_per_second=1000) as client:
            storage = Storage.open(Settings(data=data))
            run = SyncRun(run_id=str(multiprocessing.current_process().pid), refresh=refresh)
            start.wait(60)
            await sync_discovery(client, storage, YEARS, run)

    asyncio.run(sync())


def look_up(data: Path, base_url: str, start: Barrier, *, refresh: bool) -> None:
    async def sync() -> None:
        async with AsyncTMDBClient(KEY, base_url=base_url, requests_per_second=1000) as client:
            storage = Storage.open(Settings(data=data))
            run = SyncRun(run_id=str(multiprocessing.current_process().pid), refresh=refresh)
            start.wait(60)
            await sync_keywords(client, storage, [MOTHS], run)

    asyncio.run(sync())


def all_at_once(work: Callable[..., None], data: Path, base_url: str, *, refresh: bool) -> list[int | None]:
    spawning = multiprocessing.get_context("spawn")
    start = spawning.Barrier(3)
    processes = [
        spawning.Process(target=work, args=(data, base_url, start), kwargs={"refresh": refresh})
        for _ in range(3)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    return [process.exitcode for process in processes]


@pytest.mark.parametrize("refresh", [False, True])
def test_a_year_is_asked_for_by_one_process_alone(slow_fake: FakeTMDB, tmp_path: Path, refresh: bool) -> None:  # noqa: FBT001 -- a case
    data = tmp_path / "data"

    codes = all_at_once(discover, data, slow_fake.base_url, refresh=refresh)

    assert codes == [0, 0, 0]
    assert len(slow_fake.requests) == len(YEARS)
    storage = Storage.open(Settings(data=data))
    assert storage.lake.read(DiscoveredMovie)["tmdb_id"].to_list() == list(YEARS)
    assert len(storage.state.newest_audits(DiscoveredMovie.table)) == len(YEARS)


def test_keywords_are_looked_up_by_one_process_alone(slow_fake: FakeTMDB, tmp_path: Path) -> None:
    codes = all_at_once(look_up, tmp_path / "data", slow_fake.base_url, refresh=True)

    assert codes == [0, 0, 0]
    assert len(slow_fake.requests) == 2
    assert len(Storage.open(Settings(data=tmp_path / "data")).lake.read(KeywordId)) == 2
