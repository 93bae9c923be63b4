import datetime as dt
from pathlib import Path

import pytest

from tmdb_assets.storage.lake import Lake
from tmdb_assets.storage.snapshot import publish
from tmdb_assets.storage.state import State
from tmdb_assets.tables import (
    LAKE_TABLES,
    AllTimeCarousel,
    ApiUsage,
    KeywordId,
    ListGap,
    MovieDetail,
    RequestedMovie,
    Row,
    SyncAudit,
)
from tmdb_assets_tests.storage.films import answers, put
from tmdb_assets_tests.tables.rows import audit, detail, keyword

TABLES = [*LAKE_TABLES, AllTimeCarousel, SyncAudit, RequestedMovie, ListGap, ApiUsage]


def test_an_empty_lake_is_published_as_empty_tables(lake: Lake, state: State, path: Path) -> None:
    counts = publish(lake, state, path)

    assert counts == {table.table: 0 for table in TABLES}
    tables = answers(path, "SELECT table_name FROM duckdb_tables() ORDER BY ALL")
    assert tables == [(name,) for name in sorted(counts)]


def test_all_years_and_the_audit_are_published(lake: Lake, state: State, path: Path) -> None:
    put(lake, 1999, 1, 2)
    put(lake, 2000, 3)
    lake.replace(KeywordId, KeywordId.frame([keyword("queer", 250606), keyword("pansexuality")]))
    state.add_audit(audit(year=1999))

    counts = publish(lake, state, path)

    assert counts | {"movie_details": 0, "failed_movies": 0} == counts
    assert (counts["discovered_movies"], counts["keyword_ids"], counts["sync_audit"]) == (3, 2, 1)
    assert answers(path, "SELECT tmdb_id, release_year FROM discovered_movies") == [
        (1, 1999),
        (2, 1999),
        (3, 2000),
    ]
    assert answers(path, "SELECT keyword_id FROM keyword_ids") == [(None,), (250606,)]
    assert answers(path, "SELECT year, finished_at = $$2026-11-21 12:30:15.123456Z$$ FROM sync_audit") == [
        (1999, True)
    ]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.table)
def test_tables_and_columns_say_what_they_mean(
    lake: Lake, state: State, path: Path, table: type[Row]
) -> None:
    publish(lake, state, path)

    tables = answers(path, "SELECT table_name, comment FROM duckdb_tables()")
    columns = answers(path, "SELECT table_name, column_name, comment FROM duckdb_columns()")
    assert (table.table, table.grain) in tables
    said = {column: text for name, column, text in columns if name == table.table}
    assert said == table.descriptions()


def test_columns_have_the_types_of_the_row(lake: Lake, state: State, path: Path) -> None:
    lake.replace_year(MovieDetail, MovieDetail.frame([detail(348)]), 1979)

    publish(lake, state, path)

    rows = answers(path, "SELECT column_name, column_type FROM (DESCRIBE movie_details)")
    types = {str(name): kind for name, kind in rows}
    assert types["release_year"] == "INTEGER"
    assert types["release_date"] == "DATE"
    assert types["fetched_at"] == "TIMESTAMP WITH TIME ZONE"
    assert types["genre_ids"] == "BIGINT[]"
    assert types["cast"] == 'STRUCT(person_id BIGINT, "name" VARCHAR, "character" VARCHAR, "order" BIGINT)[]'


def test_nested_columns_and_unknown_values_survive(lake: Lake, state: State, path: Path) -> None:
    lake.replace_year(MovieDetail, MovieDetail.frame([detail(348, genres=[], overview='It\'s "it"\n')]), 1979)

    publish(lake, state, path)

    query = 'SELECT "cast", crew[1].job, genres, overview, runtime, budget, release_date FROM movie_details'
    [(cast, job, genres, overview, *unknown, released)] = answers(path, query)
    assert cast == [{"person_id": 10205, "name": "Sigourney Weaver", "character": "Ripley", "order": 0}]
    assert (job, genres, overview, released) == ("Director", [], 'It\'s "it"\n', dt.date(1979, 5, 25))
    assert unknown == [None, None]


def test_the_view_of_movies_is_flat(lake: Lake, state: State, path: Path) -> None:
    film = detail(348, genres=["Horror", "Science Fiction"], production_countries=["GB", "US"], keywords=[])
    lake.replace_year(MovieDetail, MovieDetail.frame([film]), 1979)

    publish(lake, state, path)

    query = "SELECT title, genres, directors, keywords, production_countries, leading_cast FROM movies"
    assert answers(path, query) == [
        ("Alien", "Horror, Science Fiction", "Ridley Scott", "", "GB, US", "Sigourney Weaver")
    ]
    columns = {name for (name, *_) in answers(path, "DESCRIBE movies")}
    assert columns.isdisjoint({"cast", "crew", "request_fingerprint"})
    assert columns >= {"tmdb_id", "imdb_id", "release_year", "runtime", "genre_ids", "checked_at"}


def test_the_views_hold_one_row_per_genre_role_and_job(lake: Lake, state: State, path: Path) -> None:
    both = detail(348, genres=["Horror", "Drama"], genre_ids=[27, 18])
    nobody = detail(349, genres=[], genre_ids=[], cast=[], crew=[])
    lake.replace_year(MovieDetail, MovieDetail.frame([both, nobody]), 1979)

    publish(lake, state, path)

    assert answers(path, "FROM genres") == [(348, 1979, 27, "Horror"), (348, 1979, 18, "Drama")]
    assert answers(
        path, 'SELECT tmdb_id, release_year, person_id, name, character, "order" FROM cast_members'
    ) == [(348, 1979, 10205, "Sigourney Weaver", "Ripley", 0)]
    assert answers(
        path, "SELECT tmdb_id, release_year, person_id, name, department, job FROM crew_members"
    ) == [(348, 1979, 578, "Ridley Scott", "Directing", "Director")]


def test_files_of_an_older_row_type_are_published_with_null(lake: Lake, state: State, path: Path) -> None:
    class OldKeyword(Row, frozen=True):
        """A keyword before it had a status."""

        table = "keyword_ids"
        grain = "One row per theme."
        key = ("theme",)

        theme: str
        left_out_since: str

    lake.replace(OldKeyword, OldKeyword.frame([OldKeyword(theme="queer", left_out_since="2026")]))

    publish(lake, state, path)

    assert answers(path, "SELECT theme, keyword_id, status FROM keyword_ids") == [("queer", None, None)]
