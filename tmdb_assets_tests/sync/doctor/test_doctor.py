"""A data folder is damaged in one way; the doctor says so, mends it, and then finds nothing."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest

from tmdb_assets.settings import Settings, SettingsError
from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.snapshot import open_snapshot
from tmdb_assets.sync.doctor import check_up
from tmdb_assets.tables import MovieDetail, RequestedMovie, UploadSession
from tmdb_assets_tests.sync.doctor.conftest import YEAR, CheckUp, Tables, tables, unwatched
from tmdb_assets_tests.sync.doctor.damage import DAMAGE, contents, cut, films, only, overwrite_within
from tmdb_assets_tests.tables.rows import AT

_HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize(("part", "damage", "words"), DAMAGE.values(), ids=DAMAGE)
def test_what_is_damaged_is_found_and_mended(
    data: Path,
    storage: Storage,
    check: CheckUp,
    before: Tables,
    part: str,
    damage: Callable[[Storage], object],
    words: str,
) -> None:
    damage(storage)

    findings = check()

    assert part in {finding.part for finding in findings}
    assert any(words in finding.what for finding in findings), findings
    assert all(finding.is_mended for finding in findings), findings
    assert check() == []
    assert tables(data) == before


def test_a_whole_folder_has_nothing_wrong_and_is_left_as_it_is(data: Path, check: CheckUp) -> None:
    before = contents(data)

    assert check() == []
    assert contents(data) == before


@pytest.mark.parametrize("damage", ["a missing file", "no snapshot", "a torn line", "a film twice"])
def test_a_dry_run_says_it_and_changes_nothing(
    data: Path, storage: Storage, check: CheckUp, damage: str
) -> None:
    part, damaging, words = DAMAGE[damage]
    damaging(storage)
    before = contents(data)

    findings = check(mends=False)

    assert any(finding.part == part and words in finding.what for finding in findings)
    assert not any(finding.is_mended for finding in findings)
    assert contents(data) == before


@pytest.mark.parametrize(
    "damage", [Path.unlink, lambda file: file.write_bytes(b"{")], ids=["missing", "damaged"]
)
def test_an_unknown_origin_stays_and_says_what_to_write(
    data: Path, check: CheckUp, damage: Callable[[Path], object]
) -> None:
    damage(data / "origin.json")

    [finding] = check()

    assert (finding.part, finding.is_mended) == ("origin", False)
    assert "base_url" in finding.then


def test_of_a_cut_segment_what_is_whole_is_kept(
    data: Path, storage: Storage, check: CheckUp, before: Tables
) -> None:
    cut(only(storage.journal.folder, "*.zst"), 0.8)

    findings = check()

    assert [finding.is_mended for finding in findings if "is cut" in finding.what] == [True]
    assert [finding.then for finding in check()] == [
        "A rebuild would lose them: `tmdb-assets run --refresh` over their years asks again."
    ]
    assert only(storage.journal.folder, "*.damaged")
    assert tables(data) == before


def test_a_damaged_state_is_set_aside(data: Path, check: CheckUp, before: Tables) -> None:
    overwrite_within(data / "state.db")
    damaged = (data / "state.db").read_bytes()

    findings = check()

    assert (findings[0].part, findings[0].is_mended) == ("state", True)
    assert only(data, "state.db.damaged-*").read_bytes() == damaged
    assert check() == []
    assert tables(data) == before


def test_what_belongs_to_a_damaged_state_goes_with_it(data: Path, check: CheckUp) -> None:
    """A journal that stayed would be played into the new state."""
    overwrite_within(data / "state.db")
    (data / "state.db-journal").write_bytes(b"\0" * 512)  # as SQLite leaves it: too old to be played

    check()

    aside = only(data, "state.db.damaged-*[0-9]")
    assert sorted(path.name for path in data.glob("state.db*")) == [
        "state.db",
        aside.name,
        f"{aside.name}-journal",
    ]


def test_a_damaged_state_that_another_process_uses_stays(data: Path, check: CheckUp) -> None:
    overwrite_within(data / "state.db")
    damaged = (data / "state.db").read_bytes()
    holding = [sys.executable, "-c", _HOLD, str(data / "state.db")]
    with subprocess.Popen(holding, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout
        assert other.stdout.readline() == b"held\n"

        with pytest.raises(SettingsError, match="another process uses it"):
            check()

        other.communicate()
    assert (data / "state.db").read_bytes() == damaged
    assert not list(data.glob("state.db.damaged-*"))


def test_a_folder_with_nothing_but_a_state_elsewhere_is_looked_at(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data", state=f"sqlite:///{tmp_path / 'elsewhere.db'}")
    (tmp_path / "elsewhere.db").write_bytes(b"no database" * 999)

    findings = check_up(settings, mends=False, watch=unwatched)

    assert [finding.part for finding in findings] == ["state"]


def test_a_table_that_cannot_be_opened_is_set_aside_as_it_is(storage: Storage, check: CheckUp) -> None:
    log = Path(storage.lake.uri) / "movie_details" / "_delta_log"
    max(log.glob("*.json")).write_bytes(b"garbage")
    files = {file.name for file in log.parent.rglob("*.parquet")}

    findings = check()

    aside = only(Path(storage.lake.uri), "movie_details.damaged-*")
    assert [finding.then for finding in findings if str(aside) in finding.then]
    assert {file.name for file in aside.rglob("*.parquet")} == files
    assert check() == []


def test_a_table_whose_values_do_not_fit_todays_types_is_set_aside_as_it_is(
    data: Path, storage: Storage, check: CheckUp, before: Tables
) -> None:
    table = Path(storage.lake.uri) / "movie_details"
    rows = storage.lake.read(MovieDetail).with_columns(runtime=pl.lit("long"))
    shutil.rmtree(table)
    rows.write_delta(str(table), delta_write_options={"partition_by": ["release_year"]})

    findings = check()

    aside = only(table.parent, "movie_details.damaged-*")
    assert any("sets the table aside" in one.what and str(aside) in one.then for one in findings)
    assert set(pl.read_parquet([*aside.rglob("*.parquet")])["runtime"]) == {"long"}
    assert tables(data) == before


def test_of_a_table_that_nothing_can_make_again_it_says_where_it_is_now(
    storage: Storage, check: CheckUp
) -> None:
    log = Path(storage.lake.uri) / "keyword_ids" / "_delta_log"
    max(log.glob("*.json")).write_bytes(b"garbage")
    for kept in (storage.journal.folder.parent / "keyword_ids").rglob("*"):
        kept.unlink()

    [finding] = [finding for finding in check() if not finding.is_mended]

    aside = only(Path(storage.lake.uri), "keyword_ids.damaged-*")
    assert "keyword_ids is empty" in finding.then
    assert str(aside) in finding.then


@pytest.mark.parametrize("name", [".read-{}-ab.duckdb", ".warehouse-{}-ab.duckdb", "origin.{}.tmp"])
def test_what_a_live_process_is_about_to_write_stays(data: Path, check: CheckUp, name: str) -> None:
    own = data / name.format(os.getpid())
    own.write_bytes(b"half")

    assert check() == []
    assert own.exists()


def test_an_upload_whose_file_is_gone_is_forgotten(storage: Storage, check: CheckUp) -> None:
    storage.state.save_session(
        UploadSession(
            upload="gone.csv",
            status="completed",
            total_movies=1,
            enriched_count=1,
            problems=[],
            updated_at=AT,
        )
    )

    [finding] = check()

    assert "gone.csv" in finding.what
    assert (finding.is_mended, storage.state.sessions(), check()) == (True, {}, [])


def test_films_that_were_imported_have_no_file_and_stay(storage: Storage, check: CheckUp) -> None:
    film = storage.lake.read(MovieDetail).row(0, named=True)
    wanted = RequestedMovie(
        upload="(imported)",
        tmdb_id=film["tmdb_id"],
        release_year=film["release_year"],
        title=None,
        release_date=None,
        requested_at=AT,
    )
    storage.state.request_movies("(imported)", [wanted])

    assert check() == []


def test_a_snapshot_older_than_the_lake_is_published_again(storage: Storage, check: CheckUp) -> None:
    rows = storage.lake.read(MovieDetail, years=[YEAR]).with_columns(title=pl.lit("Renamed"))
    storage.lake.replace_year(MovieDetail, rows, YEAR)

    findings = check()

    assert [(finding.part, finding.is_mended) for finding in findings] == [("snapshot", True)]
    with open_snapshot(storage.snapshot) as connection:
        assert connection.execute("SELECT count(*) FROM movies WHERE title = 'Renamed'").fetchone() == (
            len(rows),
        )


def test_without_a_journal_a_damaged_table_stays_and_says_why(storage: Storage, check: CheckUp) -> None:
    shutil.rmtree(storage.journal.folder)
    films(Path(storage.lake.uri), "movie_details").unlink()

    findings = check()

    assert {finding.is_mended for finding in findings} == {False}
    assert any("no answers" in finding.then for finding in findings)


def test_an_empty_folder_is_well(check: CheckUp, data: Path) -> None:
    shutil.rmtree(data)

    assert check() == []
    assert not data.exists()


def test_a_state_that_another_process_holds_is_no_damage(data: Path, check: CheckUp) -> None:
    with closing(sqlite3.connect(data / "state.db")) as other:
        other.execute("BEGIN IMMEDIATE")

        assert check() == []
