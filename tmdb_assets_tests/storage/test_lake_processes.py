"""Several processes at one lake."""

import multiprocessing
from pathlib import Path

import pytest

from tmdb_assets.storage.lake import Lake
from tmdb_assets.tables import DiscoveredMovie
from tmdb_assets_tests.tables.rows import discovered

ROUNDS = 6


def replace_years(uri: str, years: range) -> None:
    """Replace each year again and again, by one film more each time."""
    lake = Lake(uri)
    for count in range(1, ROUNDS + 1):
        for year in years:
            rows = [discovered(year * 100 + number, year) for number in range(count)]
            lake.replace_year(DiscoveredMovie, DiscoveredMovie.frame(rows), year)


def upsert_films(uri: str, years: range) -> None:
    """Put films in one by one."""
    lake = Lake(uri)
    for number in range(ROUNDS):
        for year in years:
            lake.upsert(DiscoveredMovie, DiscoveredMovie.frame([discovered(year * 100 + number, year)]))


@pytest.mark.parametrize("write", [replace_years, upsert_films])
def test_four_writers_of_different_years_and_a_reader_do_not_meet(tmp_path: Path, write: object) -> None:
    """They also race for the creation of the table."""
    lake = Lake(tmp_path / "lake")
    spawn = multiprocessing.get_context("spawn")
    shares = [range(first, first + 2) for first in (1990, 1992, 1994, 1996)]
    writers = [spawn.Process(target=write, args=(lake.uri, share)) for share in shares]  # type: ignore[arg-type]
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
