"""A whole data folder of fictional films, made once and copied for each test."""

import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import msgspec
import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.settings import Settings
from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.collection import run_full_collection
from tmdb_assets.sync.doctor import Finding, check_up
from tmdb_assets.tables import LAKE_TABLES
from tmdb_assets_tests.sync.conftest import KEY

YEAR = 2024
Tables = dict[str, list[tuple[object, ...]]]
CheckUp = Callable[..., list[Finding]]


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a data folder."""
    data = tmp_path_factory.mktemp("whole") / "data"
    with FakeTMDB(films=300, seed=5) as fake:
        settings = Settings(
            data=data, api_key=KEY, base_url=fake.base_url, image_base_url="https://image.example/t/p"
        )
        run_full_collection(YEAR, settings=msgspec.structs.replace(settings, requests_per_second=2000))
    return data


@pytest.fixture
def data(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "my data"))


@pytest.fixture
def settings(data: Path) -> Settings:
    return Settings(data=data, image_base_url="https://image.example/t/p")


@pytest.fixture
def storage(settings: Settings) -> Storage:
    return Storage.open(settings)


@pytest.fixture
def check(settings: Settings) -> CheckUp:
    """Return a check-up of the folder."""

    def check_it(*, mends: bool = True) -> list[Finding]:
        return check_up(settings, mends=mends, watch=unwatched)

    return check_it


@pytest.fixture
def before(whole: Path) -> Tables:
    """Return the tables of the folder before anything was damaged."""
    return tables(whole)


def unwatched(_what: str, _unit: str) -> AbstractContextManager[Callable[[int, int], None]]:
    return nullcontext(lambda _done, _total: None)


def tables(data: Path) -> Tables:
    """Return the lake's tables, without the times at which they were made."""
    lake = Storage.open(Settings(data=data)).lake
    return {table.table: lake.read(table).drop("curated_at", strict=False).rows() for table in LAKE_TABLES}
