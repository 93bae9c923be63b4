"""What the tests of the sensors share: a fake with one film, a data folder, an instance."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.resources.storage import StorageResource
from tmdb_assets.storage.folder import Storage
from tmdb_assets_tests.sensors.dropping import KEY, Folder


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeTMDB]:
    with FakeTMDB(films=0) as fake:
        fake.add_movie(949, "1995-12-15", title="Heat", poster_path="/heat.jpg")
        monkeypatch.setenv("TMDB_BASE_URL", fake.base_url)
        monkeypatch.setenv("TMDB_API_KEY", KEY)
        yield fake


@pytest.fixture
def resource(tmp_path: Path) -> StorageResource:
    return StorageResource(data=str(tmp_path / "data"))


@pytest.fixture
def storage(resource: StorageResource) -> Storage:
    return resource.open()


@pytest.fixture
def folder(storage: Storage) -> Path:
    storage.uploads.mkdir(parents=True)
    return storage.uploads


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


@pytest.fixture
def sensor(resource: StorageResource) -> Folder:
    return Folder(resource)
