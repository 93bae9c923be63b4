"""Several processes at one lake."""

import multiprocessing
from collections.abc import Callable
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from tmdb_assets.storage.lake import Lake
from tmdb_assets.tables import DiscoveredMovie, KeywordId, Row
from tmdb_assets_tests.tables.rows import discovered, keyword

ROUNDS = 6
TABLES = 15


def replace_years(uri: str, years: range) -> None:
    """Replace each year again and again, by one film more each time."""
    lake = Lake(uri)
    for count in range(1, ROUNDS + 1):
        for year in years:
            rows = [discovered(year * 100 + number, year) for number in range(count)]
            lake.replace_year(DiscoveredMovie, DiscoveredMovie.frame(rows), year)


def replace_keywords(folder: str, number: int, start: Barrier) -> None:
    """Be one of the first writers of some tables without years."""
    for lake in range(TABLES):
        start.wait(60)
        Lake(f"{folder}/{lake}").replace(KeywordId, KeywordId.frame([keyword("queer", number)]))


def replace_one_year(folder: str, number: int, start: Barrier) -> None:
    """Be one of the first writers of one year of some tables."""
    for lake in range(TABLES):
        start.wait(60)
        rows = DiscoveredMovie.frame([discovered(number, 1999)])
        Lake(f"{folder}/{lake}").replace_year(DiscoveredMovie, rows, 1999)


@pytest.mark.parametrize(
    ("write", "table"), [(replace_keywords, KeywordId), (replace_one_year, DiscoveredMovie)]
)
def test_of_writers_that_replace_the_same_at_once_one_is_kept(
    tmp_path: Path, write: Callable[[str, int, Barrier], None], table: type[Row]
) -> None:
    spawn = multiprocessing.get_context("spawn")
    start = spawn.Barrier(3)
    writers = [spawn.Process(target=write, args=(str(tmp_path), one, start)) for one in (1, 2, 3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    assert [Lake(tmp_path / str(lake)).read(table).height for lake in range(TABLES)] == [1] * TABLES


def test_four_writers_of_different_years_and_a_reader_do_not_meet(tmp_path: Path) -> None:
    """They also race for the creation of the table."""
    lake = Lake(tmp_path / "lake")
    spawn = multiprocessing.get_context("spawn")
    shares = [range(first, first + 2) for first in (1990, 1992, 1994, 1996)]
    writers = [spawn.Process(target=replace_years, args=(lake.uri, share)) for share in shares]
    for writer in writers:
        writer.start()

    reads = 0
    while any(writer.is_alive() for writer in writers):
        rows = lake.read(DiscoveredMovie)
        assert rows["tmdb_id"].is_unique().all()
        reads += 1

    assert [writer.exitcode for writer in writers] == [0, 0, 0, 0]
    expected = {year: ROUNDS for share in shares for year in share}
    assert lake.row_counts(DiscoveredMovie) == expected
    assert lake.read(DiscoveredMovie)["tmdb_id"].n_unique() == sum(expected.values())
    assert reads
