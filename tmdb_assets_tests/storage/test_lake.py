import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from deltalake import DeltaTable

from tmdb_assets.storage.lake import Lake
from tmdb_assets.tables import LAKE_TABLES, DiscoveredMovie, KeywordId, MovieDetail, Row, SyncAudit
from tmdb_assets_tests.storage.films import put
from tmdb_assets_tests.tables.rows import detail, discovered, keyword


def ids_by_year(lake: Lake) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for year, tmdb_id in lake.read(DiscoveredMovie).select("release_year", "tmdb_id").iter_rows():
        found.setdefault(year, []).append(tmdb_id)
    return found


@pytest.mark.parametrize("table", LAKE_TABLES, ids=lambda table: table.table)
def test_a_table_that_does_not_exist_is_empty_with_its_schema(lake: Lake, table: type[Row]) -> None:
    frame = lake.read(table)

    assert (frame.height, frame.schema) == (0, table.schema())
    assert (lake.row_counts(table), list(lake.file_uris(table))) == ({}, [])


def test_rows_come_back_ordered_by_key(lake: Lake) -> None:
    put(lake, 2000, 5, 3, 4)
    put(lake, 1999, 2, 9)

    assert lake.read(DiscoveredMovie)["tmdb_id"].to_list() == [2, 3, 4, 5, 9]


def test_nested_rows_come_back_as_they_were(lake: Lake) -> None:
    rows = MovieDetail.frame([detail(348), detail(679, cast=[], crew=[], genres=[])])

    lake.replace_year(MovieDetail, rows, 1979)

    assert lake.read(MovieDetail).equals(rows)


def test_a_year_is_read_alone(lake: Lake) -> None:
    put(lake, 1999, 1)
    put(lake, 2000, 2)

    assert lake.read(DiscoveredMovie, years=[2000, 2001])["tmdb_id"].to_list() == [2]
    assert lake.read(DiscoveredMovie, years=[]).is_empty()


def test_replacing_a_year_touches_no_other(lake: Lake) -> None:
    put(lake, 1999, 1, 2)
    put(lake, 2000, 3, 4)

    put(lake, 2000, 4, 5)

    assert ids_by_year(lake) == {1999: [1, 2], 2000: [4, 5]}


def test_replacing_a_year_by_the_same_leaves_the_same(lake: Lake) -> None:
    put(lake, 1999, 1, 2)
    before = lake.read(DiscoveredMovie)

    put(lake, 1999, 1, 2)

    assert lake.read(DiscoveredMovie).equals(before)


def test_a_year_without_films_is_empty_and_leaves_the_others(lake: Lake) -> None:
    put(lake, 1999, 1)
    put(lake, 2000, 2)

    put(lake, 2000)

    assert ids_by_year(lake) == {1999: [1]}
    assert lake.row_counts(DiscoveredMovie) == {1999: 1}


def test_a_first_year_without_films_is_an_empty_table(lake: Lake) -> None:
    put(lake, 1999)

    assert ids_by_year(lake) == {}
    assert lake.row_counts(DiscoveredMovie) == {}


def test_a_film_that_is_put_into_another_year_leaves_the_old_one(lake: Lake) -> None:
    put(lake, 1999, 1, 2)

    put(lake, 2000, 2, 3)

    assert ids_by_year(lake) == {1999: [1], 2000: [2, 3]}


def test_rows_of_another_year_are_refused_and_change_nothing(lake: Lake) -> None:
    put(lake, 1999, 1)

    with pytest.raises(ValueError, match="2000"):
        lake.replace_year(DiscoveredMovie, DiscoveredMovie.frame([discovered(2, 2000)]), 1999)

    assert ids_by_year(lake) == {1999: [1]}


def test_rewriting_a_year_moves_films_into_it_and_out_of_it(lake: Lake) -> None:
    put(lake, 1999, 1, 2)
    put(lake, 2000, 3)

    newer = [discovered(1, 1999), discovered(3, 1999, title="Came"), discovered(2, 2001, title="Went")]
    lake.rewrite_year(DiscoveredMovie, 1999, lambda _: DiscoveredMovie.frame(newer))

    assert ids_by_year(lake) == {1999: [1, 3], 2001: [2]}
    assert lake.read(DiscoveredMovie)["title"].to_list() == ["Alien", "Went", "Came"]


def test_a_table_without_years_is_replaced_as_a_whole(lake: Lake) -> None:
    lake.replace(KeywordId, KeywordId.frame([keyword("queer", 250606), keyword("drag", 171636)]))

    lake.replace(KeywordId, KeywordId.frame([keyword("trans"), keyword("drag", 171636)]))

    rows = lake.read(KeywordId).select("theme", "keyword_id").rows()
    assert rows == [("drag", 171636), ("trans", None)]


def test_a_table_is_emptied_by_replacing_it_with_nothing(lake: Lake) -> None:
    lake.replace(KeywordId, KeywordId.frame([keyword("queer", 250606)]))

    lake.replace(KeywordId, KeywordId.frame())

    assert lake.read(KeywordId).is_empty()


def test_rows_are_counted_by_year(lake: Lake) -> None:
    put(lake, 1999, 1, 2)
    put(lake, 2000, 3)
    put(lake, 2000, 2, 3, 4)

    assert lake.row_counts(DiscoveredMovie) == {1999: 1, 2000: 3}


@pytest.mark.parametrize("year", [1874, 1899, 9999])
def test_years_far_off_keep_their_dates(lake: Lake, year: int) -> None:
    day = dt.date(year, 12, 9)

    lake.replace_year(MovieDetail, MovieDetail.frame([detail(1, year, release_date=day)]), year)

    assert lake.read(MovieDetail, years=[year])["release_date"].to_list() == [day]


def test_the_table_says_what_one_row_is(lake: Lake) -> None:
    put(lake, 1999, 1)

    assert DeltaTable(f"{lake.uri}/discovered_movies").metadata().description == DiscoveredMovie.grain


def test_a_scan_reads_only_the_columns_that_are_asked_for(lake: Lake) -> None:
    put(lake, 1999, 1)

    frame = lake.scan(DiscoveredMovie).filter(pl.col("release_year") == 1999).select("tmdb_id").collect()

    assert frame.rows() == [(1,)]


@pytest.mark.parametrize("name", ["my films", "Filme für Ömer", "映画", "100%", "a#b", "it's"])
def test_a_folder_of_any_name_can_hold_a_lake(tmp_path: Path, name: str) -> None:
    lake = Lake(tmp_path / name / "lake")

    put(lake, 1999, 1, 2)

    assert ids_by_year(lake) == {1999: [1, 2]}
    assert all(Path(file).is_file() for file in lake.file_uris(DiscoveredMovie))
    assert [file.name for file in tmp_path.iterdir() if file.name != "data"] == [name]


def test_many_commits_stay_readable_past_a_checkpoint(lake: Lake) -> None:
    for number in range(12):
        put(lake, 1999 + number % 2, number)

    assert ids_by_year(lake) == {1999: [10], 2000: [11]}


def test_a_table_of_the_state_is_not_expected_in_the_lake(lake: Lake) -> None:
    assert not lake.read(SyncAudit).height
