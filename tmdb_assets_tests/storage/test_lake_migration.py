"""Tables that an earlier release wrote: what a reader sees there, and what becomes of them."""

import multiprocessing
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Annotated, Any, ClassVar

import msgspec
import polars as pl
import pytest
from deltalake import DeltaTable, write_deltalake
from deltalake.exceptions import CommitFailedError

from tmdb_assets.storage.lake import Lake
from tmdb_assets.storage.lake_schema import TableTypeError
from tmdb_assets.tables import Row
from tmdb_assets.tables.row import Column, Year


class Member(msgspec.Struct):
    """A member of a cast, with a field more than before."""

    name: str
    order: int | None


class Film(Row, frozen=True):
    """A film as today's program knows it."""

    table: ClassVar[str] = "films"
    grain: ClassVar[str] = "One row per film."
    key: ClassVar[tuple[str, ...]] = ("tmdb_id",)

    tmdb_id: Annotated[int, Column(description="Id.")]
    release_year: Annotated[Year, Column(description="Year.")]
    votes: Annotated[int, Column(description="Once kept as a text.")]
    cast: Annotated[list[Member], Column(description="Once without its order.")]
    unchanged_count: Annotated[int, Column(description="New.")] = 0
    moods: Annotated[list[str], Column(description="New.")] = msgspec.field(default_factory=list)
    title: Annotated[str | None, Column(description="New.")] = None


def put_old(folder: Path, year: int, *rows: dict[str, Any]) -> None:
    """Write a year as the release before wrote it."""
    frame = pl.DataFrame(
        [{"release_year": year, "cast": [], "mood": "dark"} | row for row in rows],
        schema={
            "tmdb_id": pl.Int64,
            "release_year": pl.Int32,
            "votes": pl.String,
            "mood": pl.String,
            "cast": pl.List(pl.Struct({"name": pl.String})),
        },
    )
    write_deltalake(
        str(folder / "films"),
        frame,
        mode="overwrite",
        partition_by=["release_year"],
        predicate=f"release_year = {year}",
        schema_mode="merge",
    )


def test_rows_of_an_earlier_release_have_todays_types_and_defaults(tmp_path: Path) -> None:
    put_old(tmp_path, 1999, {"tmdb_id": 1, "votes": "7", "cast": [{"name": "Weaver"}]})

    [row] = Lake(tmp_path).read(Film).rows(named=True)

    assert Film(**row) == Film(
        tmdb_id=1, release_year=1999, votes=7, cast=[{"name": "Weaver", "order": None}], moods=[], title=None
    )


def test_a_table_is_migrated_in_one_commit_and_only_once(tmp_path: Path) -> None:
    put_old(tmp_path, 1999, {"tmdb_id": 1, "votes": "7"})
    put_old(tmp_path, 2000, {"tmdb_id": 2, "votes": None})
    before = DeltaTable(tmp_path / "films").version()

    for _ in range(3):
        Lake(tmp_path).read(Film)

    stored = DeltaTable(tmp_path / "films")
    assert stored.version() == before + 1
    assert stored.metadata().partition_columns == ["release_year"]
    assert pl.Schema(stored.schema().to_arrow())["votes"] == pl.Int64()
    assert pl.scan_delta(stored).select("mood").unique().collect().item() == "dark"


def test_rows_written_before_and_after_a_new_column_are_read_alike(tmp_path: Path) -> None:
    put_old(tmp_path, 1999, {"tmdb_id": 1, "votes": "7"})
    lake = Lake(tmp_path)
    new = Film(tmdb_id=2, release_year=2000, votes=8, cast=[], unchanged_count=3, moods=["dark"])

    lake.replace_year(Film, Film.frame([new]), 2000)

    assert lake.read(Film).select("tmdb_id", "votes", "unchanged_count", "moods").rows() == [
        (1, 7, 0, []),
        (2, 8, 3, ["dark"]),
    ]


@pytest.mark.parametrize("votes", ["many", "1.5", "07"])
def test_a_value_that_todays_type_cannot_hold_leaves_the_table_as_it_is(tmp_path: Path, votes: str) -> None:
    put_old(tmp_path, 1999, {"tmdb_id": 1, "votes": votes})

    with pytest.raises(TableTypeError, match=r"films .* votes .*`tmdb-assets doctor`"):
        Lake(tmp_path).read(Film)

    assert DeltaTable(tmp_path / "films").version() == 0


def read_at_once(folder: str, start: Barrier) -> None:
    """Be one of several that open an old table first."""
    for number in range(8):
        start.wait(60)
        assert Lake(f"{folder}/{number}").read(Film)["votes"].to_list() == [7]


def test_of_processes_that_open_an_old_table_at_once_one_migrates_it(tmp_path: Path) -> None:
    for number in range(8):
        put_old(tmp_path / str(number), 1999, {"tmdb_id": 1, "votes": "7"})
    spawn = multiprocessing.get_context("spawn")
    start = spawn.Barrier(3)
    readers = [spawn.Process(target=read_at_once, args=(str(tmp_path), start)) for _ in range(3)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()

    assert [reader.exitcode for reader in readers] == [0, 0, 0]
    assert [DeltaTable(tmp_path / str(number) / "films").version() for number in range(8)] == [1] * 8


def add_as_before(folder: str, start: Barrier) -> None:
    """Add years as the earlier release does."""
    start.wait(60)
    for year in range(2000, 2040):
        try:
            put_old(Path(folder), year, {"tmdb_id": year, "votes": "8"})
        except CommitFailedError:
            continue  # as the earlier release, which then computes it again
        (Path(folder) / str(year)).touch()


def test_what_an_earlier_release_adds_while_the_table_is_migrated_is_not_lost(tmp_path: Path) -> None:
    put_old(tmp_path, 1999, {"tmdb_id": 1999, "votes": "7"})
    spawn = multiprocessing.get_context("spawn")
    start = spawn.Barrier(2)
    writer = spawn.Process(target=add_as_before, args=(str(tmp_path), start))
    writer.start()
    start.wait(60)
    while not (tmp_path / "2003").exists():
        assert writer.is_alive()

    found = Lake(tmp_path).read(Film)

    writer.join()
    assert {1999, 2000} <= set(found["tmdb_id"])
    added = {int(file.name) for file in tmp_path.glob("2*")}
    assert set(Lake(tmp_path).read(Film)["tmdb_id"]) == {1999} | added
