"""What the fake's tests share."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets_tests.fake_tmdb.asking import SHARED, client_of


@pytest.fixture(scope="session")
def films_file() -> Path:
    """Name the file of real films."""
    path = SHARED / "films" / "films_2017.jsonl.gz"
    if not path.exists():
        pytest.skip("the real films are not beside this checkout")
    return path


@pytest.fixture(scope="session")
def real(films_file: Path) -> Iterator[httpx.Client]:
    """Ask a fake that serves the real films."""
    with FakeTMDB(films_file=films_file) as fake, client_of(fake) as client:
        yield client


@pytest.fixture
def empty() -> Iterator[FakeTMDB]:
    """Start a fake without films."""
    with FakeTMDB(films=0) as fake:
        yield fake


@pytest.fixture
def ask(empty: FakeTMDB) -> Iterator[httpx.Client]:
    """Ask the fake without films."""
    with client_of(empty) as client:
        yield client
