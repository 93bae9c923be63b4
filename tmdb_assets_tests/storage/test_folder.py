from pathlib import Path

import pytest

from tmdb_assets.settings import Settings
from tmdb_assets.storage.folder import Storage
from tmdb_assets_tests.tables.rows import audit


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "my films"


def test_all_of_it_lies_in_the_data_folder(data: Path) -> None:
    storage = Storage.open(Settings(data=data))

    assert storage.journal.folder == data / "raw" / "movie_details"
    assert storage.lake.uri == str(data / "lake")
    assert storage.snapshot == data / "warehouse.duckdb"
    assert (data / "state.db").is_file()


def test_each_part_can_lie_elsewhere(data: Path, tmp_path: Path) -> None:
    elsewhere = Settings(
        data=data,
        lake="s3://films/lake",
        journal=str(tmp_path / "answers"),
        state=f"sqlite:///{tmp_path / 'elsewhere' / 'state.db'}",
    )

    storage = Storage.open(elsewhere)

    assert storage.lake.uri == "s3://films/lake"
    assert storage.journal.folder == tmp_path / "answers" / "movie_details"
    assert (tmp_path / "elsewhere" / "state.db").is_file()
    assert not data.exists()


def test_a_folder_that_is_named_from_here_stays_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = Storage.open(Settings(data=Path("films")))
    monkeypatch.chdir("/")

    storage.state.add_audit(audit())

    assert storage.lake.uri == str(tmp_path / "films" / "lake")
    assert (tmp_path / "films" / "state.db").is_file()


def test_opening_it_twice_shows_the_same(data: Path) -> None:
    Storage.open(Settings(data=data)).state.add_audit(audit())

    assert Storage.open(Settings(data=data)).state.audits() == [audit()]
