"""What the tests of the assets share: a fake, the resources, an instance."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.resources.progress import ProgressResource
from tmdb_assets.resources.storage import StorageResource
from tmdb_assets.resources.tmdb import TMDBResource

KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeTMDB]:
    """Start a fake without films, and make it the environment's TMDB."""
    with FakeTMDB(films=0) as fake:
        monkeypatch.setenv("TMDB_BASE_URL", fake.base_url)
        monkeypatch.setenv("TMDB_API_KEY", KEY)
        yield fake


@pytest.fixture
def resources(tmp_path: Path) -> dict[str, object]:
    """Return resources over a data folder of the test's own."""
    return {
        "tmdb": TMDBResource(requests_per_second=5000),
        "storage": StorageResource(data=str(tmp_path / "data")),
        "progress": ProgressResource(),
    }


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    """Open an instance that forgets."""
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance
