"""Upkeep: few files, and none taken from under a reader."""

import datetime as dt
import multiprocessing
import os
import time
from pathlib import Path
from urllib.parse import unquote

import polars as pl
import pytest
from deltalake import DeltaTable

from tmdb_assets.storage.lake import Lake
from tmdb_assets.tables import DiscoveredMovie
from tmdb_assets_tests.storage.films import put
from tmdb_assets_tests.tables.rows import discovered

AT_ONCE = dt.timedelta(0)
LONG_AGO = time.time() - 8 * 86_400
ROUNDS = 12


@pytest.fixture
def table(lake: Lake) -> Path:
    """Return the folder of a table whose first version is in it no more, though its files are."""
    put(lake, 1999, 1)
    put(lake, 1999, 1, 2)
    return Path(lake.uri) / "discovered_movies"


def files(table: Path) -> set[str]:
    return {
        str(file.relative_to(table)) for file in table.rglob("*.parquet*") if "_delta_log" not in str(file)
    }


def ids_of(earlier: DeltaTable) -> list[int]:
    """Read a version that was opened before, as an outside engine does."""
    return pl.read_parquet([unquote(uri) for uri in earlier.file_uris()])["tmdb_id"].to_list()


def test_a_reader_of_an_earlier_version_keeps_its_files(lake: Lake, table: Path) -> None:
    """However old they are: what counts is when they were left out."""
    earlier = DeltaTable(table, version=1)
    for file in table.rglob("*.parquet"):
        os.utime(file, (LONG_AGO, LONG_AGO))

    lake.upkeep(DiscoveredMovie)

    assert ids_of(earlier) == [1]


def test_files_that_were_left_out_longer_ago_than_the_retention_go(lake: Lake, table: Path) -> None:
    done = lake.upkeep(DiscoveredMovie, retention=AT_ONCE)

    assert done is not None
    assert done.removed_count == 1
    assert len(files(table)) == 1
    assert lake.read(DiscoveredMovie)["tmdb_id"].to_list() == [1, 2]


LEFT = ["release_year=1999/part-dead.parquet", "release_year=1999/part-dead.parquet#1", "_delta_log/9.json#1"]


def test_what_a_killed_writer_left_long_ago_goes(lake: Lake, table: Path) -> None:
    for left in LEFT:
        (table / left).write_bytes(b"half")
        os.utime(table / left, (LONG_AGO, LONG_AGO))

    lake.upkeep(DiscoveredMovie)

    assert not [left for left in LEFT if (table / left).exists()]


def test_what_a_writer_has_just_begun_stays(lake: Lake, table: Path) -> None:
    for left in LEFT:
        (table / left).write_bytes(b"half")

    lake.upkeep(DiscoveredMovie)

    assert all((table / left).exists() for left in LEFT)


def test_small_files_are_merged(lake: Lake, table: Path) -> None:
    for tmdb_id in range(10, 15):
        frame = DiscoveredMovie.frame([discovered(tmdb_id, 1999)])
        lake.replace_where(DiscoveredMovie, frame, "tmdb_id", str(tmdb_id))
    before = len(lake.file_uris(DiscoveredMovie))

    lake.upkeep(DiscoveredMovie)

    assert before == 6
    assert len(lake.file_uris(DiscoveredMovie)) == 1
    assert lake.read(DiscoveredMovie)["tmdb_id"].to_list() == [1, 2, *range(10, 15)]
    assert list((table / "_delta_log").glob("*.checkpoint.parquet"))


def test_with_nothing_to_do_it_commits_nothing(lake: Lake, table: Path) -> None:
    lake.upkeep(DiscoveredMovie)
    before = DeltaTable(table).version()

    lake.upkeep(DiscoveredMovie)

    assert DeltaTable(table).version() == before


def test_a_table_that_is_not_there_needs_none(lake: Lake) -> None:
    assert lake.upkeep(DiscoveredMovie) is None


def write_on(uri: str, year: int) -> None:
    """Replace a year again and again, by one film more each time."""
    lake = Lake(uri)
    for count in range(1, ROUNDS + 1):
        put(lake, year, *range(year * 100, year * 100 + count))


def keep_up_on(uri: str) -> None:
    """Keep the table up while others write and read."""
    for _ in range(ROUNDS):
        Lake(uri).upkeep(DiscoveredMovie)


def test_writers_and_a_reader_do_not_notice_it(lake: Lake, table: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    earlier = DeltaTable(table, version=1)
    processes = [
        spawn.Process(target=write_on, args=(lake.uri, 2000)),
        spawn.Process(target=write_on, args=(lake.uri, 2001)),
        spawn.Process(target=keep_up_on, args=(lake.uri,)),
    ]
    for process in processes:
        process.start()
    counts = [0]
    while any(process.is_alive() for process in processes):
        counts.append(len(lake.read(DiscoveredMovie)))
        assert ids_of(earlier) == [1]

    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert counts[1:] == sorted(counts[1:])
    assert lake.row_counts(DiscoveredMovie) == {1999: 2, 2000: ROUNDS, 2001: ROUNDS}
