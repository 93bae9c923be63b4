from pathlib import Path

import polars as pl

from tmdb_assets.storage.spool import Spool, remove_spools

EMPTY = pl.DataFrame(schema={"n": pl.Int64})


def numbers(*values: int) -> pl.DataFrame:
    return pl.DataFrame({"n": values}, EMPTY.schema)


def test_frames_come_back_from_memory_and_from_the_disk(tmp_path: Path) -> None:
    with Spool(tmp_path, EMPTY, rows_in_memory=3) as spool:
        for value in range(10):
            spool.add(value % 2, numbers(value))

        found = {number: sorted(spool.take(number)["n"]) for number in spool.numbers()}

    assert found == {0: [0, 2, 4, 6, 8], 1: [1, 3, 5, 7, 9]}
    assert list(tmp_path.iterdir()) == []


def test_nothing_waits_under_an_unknown_number(tmp_path: Path) -> None:
    with Spool(tmp_path, EMPTY, rows_in_memory=3) as spool:
        assert spool.take(7).is_empty()


def test_what_a_killed_process_left_is_removed(tmp_path: Path) -> None:
    left = Spool(tmp_path, EMPTY, rows_in_memory=0)
    left.add(1, numbers(1))

    remove_spools(tmp_path)

    assert list(tmp_path.iterdir()) == []
