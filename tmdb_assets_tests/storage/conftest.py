"""What the storage's tests share: a data folder with a space in its name, and what lies in it."""

from pathlib import Path

import pytest

from tmdb_assets.storage.lake import Lake
from tmdb_assets.storage.state import State


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "my films"


@pytest.fixture
def lake(folder: Path) -> Lake:
    return Lake(folder / "lake")


@pytest.fixture
def state(folder: Path) -> State:
    return State(f"sqlite:///{folder / 'state.db'}")


@pytest.fixture
def path(folder: Path) -> Path:
    return folder / "warehouse.duckdb"
