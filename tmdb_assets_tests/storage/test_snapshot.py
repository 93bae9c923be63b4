import contextlib
import datetime as dt
import gc
import multiprocessing
from collections.abc import Generator
from multiprocessing.synchronize import Barrier
from pathlib import Path

import duckdb
import pytest

from tmdb_assets.storage.lake import Lake
from tmdb_assets.storage.snapshot import open_snapshot, publish
from tmdb_assets.storage.state import State
from tmdb_assets.tables import LAKE_TABLES, DiscoveredMovie, KeywordId, MovieDetail, Row, SyncAudit
from tmdb_assets_tests.tables.rows import AT, audit, detail, discovered, keyword

TABLES = [*LAKE_TABLES, SyncAudit]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "my films"


@pytest.fixture
def lake(folder: Path) -> Lake:
    return Lake(folder / "lake")


@pytest.fixture
def state(folder: Path) -> State:
    return State(f"sqlite:///{folder / 'state.db'}")


@pytest.fixture
def path(folder: Path) -> Path:
    return folder / "warehouse.duckdb"


def put(lake: Lake, year: int, *tmdb_ids: int) -> None:
    lake.replace_year(DiscoveredMovie, DiscoveredMovie.frame(discovered(one, year) for one in tmdb_ids), year)


def answers(path: Path, query: str) -> list[tuple[object, ...]]:
    with open_snapshot(path) as connection:
        return connection.execute(query).fetchall()


def ids(path: Path) -> list[int]:
    return [int(str(one)) for (one,) in answers(path, "SELECT tmdb_id FROM discovered_movies ORDER BY 1")]


def hidden(path: Path) -> list[str]:
    """Return the names of files that nobody is to see."""
    return [file.name for file in path.parent.iterdir() if file.name.startswith(".")]


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


def test_nothing_published_yet_is_a_missing_file(path: Path) -> None:
    with pytest.raises(FileNotFoundError), open_snapshot(path):
        pass


def test_a_reader_keeps_the_old_file_while_the_next_has_the_new_one(
    lake: Lake, state: State, path: Path
) -> None:
    put(lake, 1999, 1)
    publish(lake, state, path)

    with open_snapshot(path) as old:
        put(lake, 1999, 1, 2)
        publish(lake, state, path)

        assert ids(path) == [1, 2]
        assert old.execute("SELECT tmdb_id FROM discovered_movies").fetchall() == [(1,)]
        assert ids(path) == [1, 2]


def test_the_snapshot_cannot_be_written_through_a_reader(lake: Lake, state: State, path: Path) -> None:
    publish(lake, state, path)

    with open_snapshot(path) as connection, pytest.raises(duckdb.InvalidInputException, match="read-only"):
        connection.execute("DROP TABLE keyword_ids")


def test_a_query_cannot_name_variables_of_the_program(lake: Lake, state: State, path: Path) -> None:
    publish(lake, state, path)
    keywords = KeywordId.frame()

    with pytest.raises(duckdb.CatalogException):
        answers(path, "FROM keywords")

    assert keywords.is_empty()


def test_what_killed_publishers_left_is_removed(lake: Lake, state: State, path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    for left in (".warehouse-1-a.duckdb", ".warehouse-1-a.duckdb.wal"):
        (path.parent / left).write_text("half")

    publish(lake, state, path)

    assert hidden(path) == []


def test_readers_leave_no_files(lake: Lake, state: State, path: Path) -> None:
    publish(lake, state, path)

    with open_snapshot(path):
        assert hidden(path) == []

    assert hidden(path) == []


@contextlib.contextmanager
def _full_after_a_while(path: Path) -> Generator[duckdb.DuckDBPyConnection]:
    with contextlib.closing(duckdb.connect(str(path))) as connection:
        connection.execute("CREATE TABLE failed_movies (tmdb_id INTEGER)")  # the third table to come
        yield connection


def test_a_failing_publish_leaves_the_old_snapshot_and_no_rubbish(
    lake: Lake, state: State, path: Path
) -> None:
    put(lake, 1999, 1)
    publish(lake, state, path)
    put(lake, 1999, 2)

    with pytest.raises(duckdb.CatalogException):
        publish(lake, state, path, connect=_full_after_a_while)

    gc.collect()
    assert ids(path) == [1]
    assert hidden(path) == []


def test_publishing_again_after_a_failure_works(lake: Lake, state: State, path: Path) -> None:
    put(lake, 1999, 1)
    with pytest.raises(duckdb.CatalogException):
        publish(lake, state, path, connect=_full_after_a_while)

    publish(lake, state, path)

    assert ids(path) == [1]


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


def put_and_publish(folder: str, year: int, start: Barrier) -> None:
    """Put a film into a year of one's own and publish, again and again."""
    lake, state = Lake(f"{folder}/lake"), State(f"sqlite:///{folder}/state.db")
    start.wait(60)
    for count in range(1, 5):
        put(lake, year, *(year * 10 + number for number in range(count)))
        state.add_audit(audit(year=year, finished_at=AT + dt.timedelta(minutes=count)))
        counts = publish(lake, state, Path(folder) / "warehouse.duckdb")
        assert counts["discovered_movies"] >= count


def test_two_publishers_and_a_reader_do_not_meet(folder: Path, path: Path) -> None:
    """No snapshot is replaced by one with less in it."""
    folder.mkdir()
    spawn = multiprocessing.get_context("spawn")
    start = spawn.Barrier(2)
    publishers = [
        spawn.Process(target=put_and_publish, args=(str(folder), year, start)) for year in (1999, 2000)
    ]
    for publisher in publishers:
        publisher.start()

    seen = [0]
    while any(publisher.is_alive() for publisher in publishers):
        with contextlib.suppress(FileNotFoundError):
            seen.append(len(ids(path)))

    assert [publisher.exitcode for publisher in publishers] == [0, 0]
    assert seen == sorted(seen)
    assert ids(path) == [*range(19990, 19994), *range(20000, 20004)]
    assert hidden(path) == []
