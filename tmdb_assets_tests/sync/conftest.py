"""What the tests of sync share: a fake of a few films, a storage, a client without waiting."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.settings import Settings
from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.local_folder import LocalFolder
from tmdb_assets.tmdb import AsyncTMDBClient, RetryPolicy
from tmdb_assets_tests.sync.odd_tmdb import OddTMDB

KEY = "0123456789abcdef0123456789abcdef"
AT_ONCE = RetryPolicy(first_wait=0.001, max_wait=0.002, max_retry_after=0.001)
T = TypeVar("T")

Asking = Callable[[Callable[[AsyncTMDBClient], Awaitable[T]]], T]


@pytest.fixture
def fake() -> Iterator[FakeTMDB]:
    """Start a fake without films."""
    with FakeTMDB(films=0) as fake:
        yield fake


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    """Open an empty storage."""
    return Storage.open(Settings(data=tmp_path / "data"))


@asynccontextmanager
async def client_of(fake: FakeTMDB | OddTMDB) -> AsyncIterator[AsyncTMDBClient]:
    """Open a client that waits for nothing."""
    async with AsyncTMDBClient(
        KEY, base_url=fake.base_url, requests_per_second=5000, retry=AT_ONCE
    ) as client:
        yield client


@pytest.fixture
def folder(tmp_path: Path) -> LocalFolder:
    return LocalFolder(tmp_path / "some films")
