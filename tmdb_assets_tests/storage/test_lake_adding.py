"""Rows that are only ever added: twice is once, and processes do not double them."""

import datetime as dt
import multiprocessing
from multiprocessing.synchronize import Barrier
from pathlib import Path

from tmdb_assets.storage.lake import Lake
from tmdb_assets.tables import MovieHistory
from tmdb_assets_tests.tables.rows import AT

TABLES = 8


def history(tmdb_id: int, *, minute: int = 0, field: str = "title") -> MovieHistory:
    return MovieHistory(
        tmdb_id=tmdb_id,
        title="Alien",
        field=field,
        old_value=None,
        new_value='"Alien"',
        seen_at=AT + dt.timedelta(minutes=minute),
    )


def add_to_all(folder: str, first: int, start: Barrier) -> None:
    """Add the same ten rows and one of our own to some tables, as others do at the same moment."""
    for number in range(TABLES):
        start.wait(60)
        rows = MovieHistory.frame([*map(history, range(10)), history(first)])
        Lake(f"{folder}/{number}").add(MovieHistory, rows)


def test_rows_are_added_beside_those_that_are_there(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.add(MovieHistory, MovieHistory.frame([history(1)]))

    lake.add(MovieHistory, MovieHistory.frame([history(1, minute=1), history(1, field="runtime")]))

    assert lake.read(MovieHistory).select("field", "seen_at").rows() == [
        ("runtime", AT),
        ("title", AT),
        ("title", AT + dt.timedelta(minutes=1)),
    ]


def test_adding_twice_is_adding_once(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    rows = MovieHistory.frame([history(1), history(2)])
    lake.add(MovieHistory, rows)
    files = list(lake.file_uris(MovieHistory))

    lake.add(MovieHistory, rows)

    assert list(lake.file_uris(MovieHistory)) == files
    assert len(lake.read(MovieHistory)) == 2


def test_processes_that_add_the_same_at_once_do_not_double_it(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    start = spawn.Barrier(3)
    adders = [spawn.Process(target=add_to_all, args=(str(tmp_path), one, start)) for one in (100, 200, 300)]

    for adder in adders:
        adder.start()
    for adder in adders:
        adder.join(120)

    for number in range(TABLES):
        rows = Lake(tmp_path / str(number)).read(MovieHistory)
        assert rows["tmdb_id"].to_list() == [*range(10), 100, 200, 300]
