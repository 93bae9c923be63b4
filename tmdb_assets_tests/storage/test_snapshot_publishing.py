import contextlib
import datetime as dt
import gc
import multiprocessing
import signal
from collections.abc import Generator
from multiprocessing.synchronize import Barrier
from pathlib import Path

import duckdb
import pytest

from tmdb_assets.storage.lake import Lake
from tmdb_assets.storage.snapshot import PublishingError, open_snapshot, publish
from tmdb_assets.storage.state import State
from tmdb_assets.tables import DiscoveredMovie, KeywordId
from tmdb_assets_tests.storage.films import answers, put
from tmdb_assets_tests.tables.rows import AT, audit


def ids(path: Path) -> list[int]:
    return [int(str(one)) for (one,) in answers(path, "SELECT tmdb_id FROM discovered_movies ORDER BY 1")]


def hidden(path: Path) -> list[str]:
    """Return the names of files that nobody is to see."""
    return [file.name for file in path.parent.iterdir() if file.name.startswith(".")]


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
    spilled = path.parent / ".warehouse-1-a.tmp" / "duckdb_temp_block-1.block"
    spilled.parent.mkdir()
    spilled.write_text("half")

    publish(lake, state, path)

    assert hidden(path) == []


def test_readers_leave_no_files(lake: Lake, state: State, path: Path) -> None:
    publish(lake, state, path)

    with open_snapshot(path):
        assert hidden(path) == []

    assert hidden(path) == []


@contextlib.contextmanager
def _full_after_a_while() -> Generator[duckdb.DuckDBPyConnection]:
    with contextlib.closing(duckdb.connect()) as connection:
        # Of the same name as the last table to come, and found before it.
        connection.execute("CREATE TEMP TABLE all_time_carousels (tmdb_id INTEGER)")
        yield connection


def test_a_failing_publish_leaves_the_old_snapshot_and_no_rubbish(
    lake: Lake, state: State, path: Path
) -> None:
    put(lake, 1999, 1)
    publish(lake, state, path)
    put(lake, 1999, 2)

    with pytest.raises(duckdb.BinderException):
        publish(lake, state, path, connect=_full_after_a_while)

    gc.collect()
    assert ids(path) == [1]
    assert hidden(path) == []


def test_publishing_again_after_a_failure_works(lake: Lake, state: State, path: Path) -> None:
    put(lake, 1999, 1)
    with pytest.raises(duckdb.BinderException):
        publish(lake, state, path, connect=_full_after_a_while)

    publish(lake, state, path)

    assert ids(path) == [1]


def put_and_publish(folder: str, year: int, start: Barrier) -> None:
    """Put a film into a year of one's own and publish, again and again."""
    lake, state = Lake(f"{folder}/lake"), State(f"sqlite:///{folder}/state.db")
    start.wait(60)
    for count in range(1, 5):
        put(lake, year, *(year * 10 + number for number in range(count)))
        state.add_audit(audit(year=year, finished_at=AT + dt.timedelta(minutes=count)))
        counts = publish(lake, state, Path(folder) / "warehouse.duckdb")
        assert counts["discovered_movies"] >= count


def put_and_publish_until_killed(folder: str, year: int, start: Barrier) -> None:
    """Publish again and again."""
    lake, state = Lake(f"{folder}/lake"), State(f"sqlite:///{folder}/state.db")
    put(lake, year, year * 10)
    start.wait(60)
    while True:
        publish(lake, state, Path(folder) / "warehouse.duckdb")


def test_four_publishers_of_which_one_is_killed_and_a_reader_do_not_meet(
    lake: Lake, state: State, folder: Path, path: Path
) -> None:
    """No snapshot is replaced by one with less in it, and what the killed one left goes."""
    spawn = multiprocessing.get_context("spawn")
    start = spawn.Barrier(4)
    publishers = [
        spawn.Process(target=put_and_publish, args=(str(folder), year, start)) for year in (1999, 2000, 2001)
    ]
    killed = spawn.Process(target=put_and_publish_until_killed, args=(str(folder), 1998, start))
    for publisher in (*publishers, killed):
        publisher.start()

    seen = [0]
    while any(publisher.is_alive() for publisher in publishers):
        if any(f"-{killed.pid}-" in name for name in hidden(path)):  # it is building
            killed.kill()
        with contextlib.suppress(FileNotFoundError):
            seen.append(len(ids(path)))
    killed.kill()
    killed.join()
    publish(lake, state, path)

    assert [publisher.exitcode for publisher in (*publishers, killed)] == [0, 0, 0, -signal.SIGKILL]
    assert seen == sorted(seen)
    assert ids(path) == [19980, *range(19990, 19994), *range(20000, 20004), *range(20010, 20014)]
    assert hidden(path) == []


def test_a_damaged_file_of_the_lake_leaves_the_snapshot_and_names_the_remedy(
    lake: Lake, state: State, path: Path
) -> None:
    put(lake, 1999, 1)
    publish(lake, state, path)
    for file in lake.file_uris(DiscoveredMovie):
        Path(file).write_bytes(b"x" * 5000)

    with pytest.raises(PublishingError, match="`tmdb-assets doctor`") as refused:
        publish(lake, state, path)

    assert "\n" not in str(refused.value)
    assert ids(path) == [1]


def test_a_folder_in_its_place_stays_and_is_named(lake: Lake, state: State, path: Path) -> None:
    path.mkdir()

    with pytest.raises(PublishingError, match="is a folder: move it away"):
        publish(lake, state, path)

    assert hidden(path) == []
