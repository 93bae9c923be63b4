"""A folder that one run has filled, of which each test gets a copy of its own."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets_tests.commands.running import environment, finished


class Filled(NamedTuple):
    """A data folder with the films of 2020, the TMDB that they came from, and what they took."""

    data: Path
    fake: FakeTMDB
    request_count: int

    @property
    def env(self) -> dict[str, str]:
        """The environment of a command over it."""
        return environment(self.fake, self.data)


@pytest.fixture(scope="session")
def filled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    """Fill a folder; tests take a copy."""
    folder = tmp_path_factory.mktemp("filled")
    with FakeTMDB(films=300) as fake:
        env = environment(fake, folder / "data", XDG_STATE_HOME=folder)
        done = finished("run", "--years", "2020", env=env)
        assert done.returncode == 0, done.stderr
        yield Filled(folder / "data", fake, fake.stats()["requests"])


@pytest.fixture
def filled(filled_once: Filled, tmp_path: Path) -> Filled:
    """Return a filled folder that a test can do with as it likes."""
    return filled_once._replace(data=shutil.copytree(filled_once.data, tmp_path / "data"))
