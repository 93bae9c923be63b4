import asyncio

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.collection import load_themes
from tmdb_assets.sync.details import sync_details
from tmdb_assets.sync.discovery import sync_discovery
from tmdb_assets.sync.estimate import Estimate, estimate_run
from tmdb_assets.sync.keywords import sync_keywords
from tmdb_assets_tests.sync.conftest import client_of

RUN = SyncRun(run_id="test")


def estimated(fake: FakeTMDB, storage: Storage, *years: int) -> Estimate:
    async def ask() -> Estimate:
        async with client_of(fake) as client:
            return await estimate_run(client, storage, load_themes(), years, RUN)

    return asyncio.run(ask())


def run_all(fake: FakeTMDB, storage: Storage, *years: int) -> int:
    async def sync() -> int:
        async with client_of(fake) as client:
            await sync_keywords(client, storage, load_themes(), RUN)
            await sync_discovery(client, storage, years, RUN)
            await sync_details(client, storage, years, RUN)
            return client.usage.requests

    return asyncio.run(sync())


def test_it_is_about_what_the_run_then_takes(storage: Storage) -> None:
    with FakeTMDB(films=2000) as fake:
        estimate = estimated(fake, storage, 2018, 2019, 2020)
        took = run_all(fake, storage, 2018, 2019, 2020)

    assert estimate.asked == 6
    assert took <= estimate.requests <= took * 1.5
    assert estimate.hours == round(estimate.requests / 4900 / 3600, 4)


def test_what_is_fresh_costs_nothing(storage: Storage) -> None:
    with FakeTMDB(films=300) as fake:
        run_all(fake, storage, 2020)
        estimate = estimated(fake, storage, 2020)

    assert (estimate.requests, estimate.asked) == (0, 0)


def test_keywords_are_estimated_as_the_run_asks_for_them(storage: Storage) -> None:
    with FakeTMDB(films=30) as fake:
        estimate = estimated(fake, storage, 2020)
        run_all(fake, storage, 2020)

    [keywords] = storage.state.audits(asset="keyword_ids")
    assert estimate.keyword_requests == keywords.request_count
