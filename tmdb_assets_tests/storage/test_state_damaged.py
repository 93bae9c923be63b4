"""A state that cannot be used: one sentence, and its file as it was."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tmdb_assets.settings import SettingsError, StoredDataError
from tmdb_assets.storage.state import State
from tmdb_assets.storage.state_refusals import refusal
from tmdb_assets_tests.storage.full_disk import room_for
from tmdb_assets_tests.tables.rows import audit

STEP = 311


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the bytes of a state that is in use."""
    file = tmp_path_factory.mktemp("state") / "state.db"
    state = State(f"sqlite:///{file}")
    for year in range(1900, 2000):
        state.add_audit(audit(year=year))
    return file.read_bytes()


def use(file: Path) -> None:
    """Open a state, read and write."""
    state = State(f"sqlite:///{file}")
    state.audits()
    state.add_audit(audit())


def test_cut_off_at_any_byte_it_is_refused_and_left_alone(tmp_path: Path, whole: bytes) -> None:
    file = tmp_path / "state.db"
    for size in [*range(1, 130), *range(130, len(whole), STEP), len(whole) - 1]:
        file.write_bytes(whole[:size])

        with pytest.raises(SettingsError, match="state database") as refused:
            use(file)

        assert "\n" not in str(refused.value), size
        assert file.read_bytes() == whole[:size], size


def test_of_no_bytes_it_is_a_new_one(tmp_path: Path) -> None:
    """That is what SQLite leaves when it is killed before the first page is written."""
    file = tmp_path / "state.db"
    file.touch()

    use(file)

    assert State(f"sqlite:///{file}").audits() == [audit()]


def test_what_is_no_database_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "state.db"
    file.write_bytes(before := b"no database, but long enough to be one" * 200)

    with pytest.raises(SettingsError, match="move the file away") as refused:
        use(file)

    assert "\n" not in str(refused.value)
    assert file.read_bytes() == before


def test_a_folder_in_its_place_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "state.db"
    file.mkdir()

    with pytest.raises(StoredDataError, match=r"state\.db is a folder: move it away"):
        use(file)


def test_on_a_disk_that_cannot_be_written_it_names_the_disk(tmp_path: Path) -> None:
    file = tmp_path / "state.db"
    use(file)

    with room_for(0), pytest.raises(StoredDataError, match="The disk of") as refused:
        State(f"sqlite:///{file}").add_audit(audit())

    assert str(tmp_path) in str(refused.value)


def test_on_a_full_disk_it_says_so_though_sqlite_does_not() -> None:
    without_room = Path("/proc")

    said = refusal("disk I/O error", without_room / "state.db")

    assert "make room" in str(said)


def test_held_by_another_for_long_it_says_so(tmp_path: Path) -> None:
    file = tmp_path / "state.db"
    state = State(f"sqlite:///{file}?timeout=0.1")
    with closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN EXCLUSIVE")

        with pytest.raises(SettingsError, match="another process holds it"):
            state.add_audit(audit())

    state.add_audit(audit())
    assert len(state.audits()) == 1


def test_that_may_only_be_read_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "state.db"
    use(file)
    state = State(f"sqlite:///file:{file}?mode=ro&uri=true&timeout=1")

    assert len(state.audits()) == 1
    with pytest.raises(SettingsError, match="cannot be written"):
        state.add_audit(audit())
