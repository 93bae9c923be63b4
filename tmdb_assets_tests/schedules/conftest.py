"""What the tests of the schedules share: a fake, definitions over a data folder of their own, an instance."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from tmdb_assets.definitions import build_defs
from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.resources.progress import ProgressResource
from tmdb_assets.resources.storage import StorageResource
from tmdb_assets.resources.tmdb import TMDBResource
from tmdb_assets.storage.folder import Storage
from tmdb_assets.tables import KeywordId
from tmdb_assets_tests.schedules.ticks import KEYWORD_ID
from tmdb_assets_tests.tables.rows import keyword

KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeTMDB]:
    """Start a fake without films, and make it the environment's TMDB."""
    with FakeTMDB(films=0) as fake:
        monkeypatch.setenv("TMDB_BASE_URL", fake.base_url)
        monkeypatch.setenv("TMDB_EXPORT_BASE_URL", fake.export_base_url)
        monkeypatch.setenv("TMDB_API_KEY", KEY)
        yield fake


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Name a data folder that is not there yet."""
    return tmp_path / "data"


@pytest.fixture
def defs(data: Path) -> dg.Definitions:
    return build_defs(
        tmdb=TMDBResource(requests_per_second=5000),
        storage=StorageResource(data=str(data)),
        progress=ProgressResource(),
    )


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    """Open an instance on the disk: a schedule's context takes no other."""
    home = tmp_path / "dagster"
    home.mkdir()
    with dg.DagsterInstance.local_temp(str(home)) as instance:
        yield instance


@pytest.fixture
def storage(defs: dg.Definitions) -> Storage:
    """Open the storage, in which a theme's keyword is known."""
    storage = defs.resources["storage"].open_to_fetch()
    storage.lake.replace(KeywordId, KeywordId.frame([keyword("space", KEYWORD_ID)]))
    return storage
