"""What publishing takes of memory, measured in a process of its own."""

import multiprocessing
import re
from multiprocessing.queues import SimpleQueue
from pathlib import Path

import polars as pl

from tmdb_assets.storage.lake import Lake
from tmdb_assets.storage.snapshot import publish
from tmdb_assets.storage.state import State
from tmdb_assets.tables import MovieDetail
from tmdb_assets_tests.storage.films import answers
from tmdb_assets_tests.tables.rows import detail

FILMS_A_YEAR = 10_000
MOST_MEGABYTES = 220
YEARS = range(1995, 2001)


def test_no_more_than_a_small_part_of_the_films_is_in_memory(lake: Lake, folder: Path, path: Path) -> None:
    """DuckDB by default builds a table in groups of 122,880 rows, each whole in memory."""
    _fill(lake)
    spawn = multiprocessing.get_context("spawn")
    said = spawn.SimpleQueue()

    publisher = spawn.Process(target=_publish, args=(str(folder), said))
    publisher.start()
    publisher.join()

    assert publisher.exitcode == 0
    most_megabytes = said.get()
    assert answers(path, "SELECT count(*) FROM movie_details") == [(FILMS_A_YEAR * len(YEARS),)]
    assert most_megabytes < MOST_MEGABYTES


def _fill(lake: Lake) -> None:
    """Put films into years, each with two kilobytes of text."""
    film = MovieDetail.frame([detail(1, overview="x" * 2_000)]).drop("tmdb_id", "release_year")
    for year in YEARS:
        first = year * FILMS_A_YEAR
        numbers = pl.int_range(first, first + FILMS_A_YEAR, eager=True).alias("tmdb_id")
        text = pl.col("overview") + pl.col("tmdb_id").cast(pl.String())
        films = film.join(numbers.to_frame(), how="cross").with_columns(
            release_year=pl.lit(year, pl.Int32()), overview=text
        )
        lake.replace_year(MovieDetail, films.select(MovieDetail.frame().columns), year)


def _publish(folder: str, said: "SimpleQueue[float]") -> None:
    lake, state = Lake(f"{folder}/lake"), State(f"sqlite:///{folder}/state.db")
    before = _megabytes("VmRSS")
    publish(lake, state, Path(folder) / "warehouse.duckdb")
    said.put(_megabytes("VmHWM") - before)


def _megabytes(name: str) -> float:
    [kilobytes] = re.findall(rf"{name}:\s+(\d+)", Path("/proc/self/status").read_text(encoding="utf-8"))
    return int(kilobytes) / 1024
