"""Films as files: fetching them, importing and deleting, and what a file is."""

import asyncio
import datetime as dt
from collections.abc import Callable

import msgspec

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.local_folder import LocalFolder
from tmdb_assets.storage.segment import JournalLine
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.deletion import delete_films
from tmdb_assets.sync.fetching import Fetched, fetch_films
from tmdb_assets.sync.importing import Imported, import_films
from tmdb_assets.tmdb.images import ImageURLs
from tmdb_assets_tests.sync.conftest import client_of
from tmdb_assets_tests.sync.odd_tmdb import OddTMDB

PICTURES = "https://image.example/t/p"
NOW = dt.datetime.now(dt.UTC)


def fetch(
    fake: FakeTMDB | OddTMDB, folder: LocalFolder, storage: Storage, *ids: int, **run: object
) -> Fetched:
    async def ask() -> Fetched:
        async with client_of(fake) as client:
            chosen = SyncRun(run_id="fetch", **run)  # type: ignore[arg-type] -- any option
            return await fetch_films(client, folder, ids, chosen, policy=storage.policy)

    return asyncio.run(ask())


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def imported(
    storage: Storage,
    folder: LocalFolder,
    pictures: str = PICTURES,
    clock: Callable[[], dt.datetime] = now,
) -> Imported:
    return import_films(
        storage,
        folder,
        region=None,
        images=ImageURLs(pictures),
        on_progress=lambda _done, _total: None,
        clock=clock,
    )


def delete(storage: Storage, *ids: int, clock: Callable[[], dt.datetime] = now) -> None:
    delete_films(storage, ids, clock=clock)


def counts(found: Imported) -> tuple[int, int, int, list[str]]:
    return found.created, found.updated, found.unchanged, sorted(found.refused)


def line(tmdb_id: int, title: str, *, days_ago: float = 0, date: str = "1999-06-01") -> JournalLine:
    body = msgspec.json.encode({"id": tmdb_id, "title": title, "release_date": date, "genres": []})
    at = NOW - dt.timedelta(days=days_ago)
    return JournalLine(tmdb_id=tmdb_id, answered_at=at, outcome="ok", fingerprint="f", body=msgspec.Raw(body))


def gone(tmdb_id: int) -> JournalLine:
    return JournalLine(tmdb_id=tmdb_id, answered_at=NOW, outcome="not_found", fingerprint="f")
