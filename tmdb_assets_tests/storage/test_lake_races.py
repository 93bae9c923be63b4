"""Two processes at one table: what one of them commits while the other computes is not lost."""

from pathlib import Path

import polars as pl

from tmdb_assets.storage.lake import Lake
from tmdb_assets.tables import DiscoveredMovie
from tmdb_assets_tests.tables.rows import discovered


def frame(*films: DiscoveredMovie) -> pl.DataFrame:
    return DiscoveredMovie.frame(films)


def test_a_film_that_arrives_while_its_year_is_computed_is_seen(tmp_path: Path) -> None:
    ours, other = Lake(tmp_path), Lake(tmp_path)
    ours.replace_year(DiscoveredMovie, frame(discovered(1, 1999), discovered(2, 1999)), 1999)
    computed: list[list[int]] = []

    def with_another_film(rows: pl.LazyFrame) -> pl.DataFrame:
        here = rows.filter(pl.col("release_year") == 2000).collect()
        computed.append(here["tmdb_id"].to_list())
        if len(computed) == 1:  # meanwhile film 2 moves to our year
            moved = frame(discovered(1, 1999), discovered(2, 2000))
            other.rewrite_year(DiscoveredMovie, 1999, lambda _: moved)
        return pl.concat([here, frame(discovered(3, 2000))])

    ours.rewrite_year(DiscoveredMovie, 2000, with_another_film)

    assert computed == [[], [2]]
    rows = ours.read(DiscoveredMovie).select("tmdb_id", "release_year").rows()
    assert rows == [(1, 1999), (2, 2000), (3, 2000)]


def test_a_film_leaves_its_old_year_in_the_same_commit(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.replace_year(DiscoveredMovie, frame(discovered(1, 1999), discovered(2, 1999)), 1999)

    lake.replace_year(DiscoveredMovie, frame(discovered(2, 2000)), 2000)

    assert lake.row_counts(DiscoveredMovie) == {1999: 1, 2000: 1}


def test_nothing_is_committed_when_nothing_changes(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.replace_year(DiscoveredMovie, frame(discovered(1, 1999)), 1999)
    before = list(lake.file_uris(DiscoveredMovie))

    lake.rewrite_year(DiscoveredMovie, 1999, lambda _: None)

    assert lake.file_uris(DiscoveredMovie) == before
