import pytest

from tmdb_assets.tables import LAKE_TABLES, NEVER_COMPARED, STATE_TABLES, AllTimeCarousel, MovieDetail, Row

TABLES = pytest.mark.parametrize(
    "table", [*LAKE_TABLES, *STATE_TABLES, AllTimeCarousel], ids=lambda table: table.table
)


@TABLES
def test_every_column_says_what_it_means(table: type[Row]) -> None:
    assert [name for name, text in table.descriptions().items() if not text.endswith((".", "…"))] == []


@TABLES
def test_the_descriptions_are_of_the_columns_in_their_order(table: type[Row]) -> None:
    assert list(table.descriptions()) == table.schema().names() == list(table.__struct_fields__)


@TABLES
def test_the_key_is_made_of_columns(table: type[Row]) -> None:
    assert table.key
    assert set(table.key) <= set(table.schema())


@TABLES
def test_a_table_says_what_one_row_is(table: type[Row]) -> None:
    assert table.grain.startswith("One row per ")


@TABLES
def test_a_release_year_is_a_small_integer_and_makes_the_table_partitioned(table: type[Row]) -> None:
    assert str(table.schema().get("release_year")) == ("Int32" if table.is_partitioned() else "None")


def test_only_the_tables_of_films_are_partitioned() -> None:
    assert [table.table for table in LAKE_TABLES if table.is_partitioned()] == [
        "discovered_movies",
        "movie_details",
        "failed_movies",
        "curated_carousels",
    ]


def test_table_names_are_unique() -> None:
    names = [table.table for table in (*LAKE_TABLES, *STATE_TABLES, AllTimeCarousel)]

    assert len(set(names)) == len(names)


def test_columns_that_are_never_compared_are_columns_of_the_details() -> None:
    assert set(MovieDetail.schema()) >= NEVER_COMPARED
