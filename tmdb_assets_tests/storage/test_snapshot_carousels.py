"""The all-time carousels, which publishing makes of the years'."""

from pathlib import Path
from typing import Any

from tmdb_assets.storage.lake import Lake
from tmdb_assets.storage.snapshot import publish
from tmdb_assets.storage.state import State
from tmdb_assets.tables import AllTimeCarousel, CuratedCarousel
from tmdb_assets_tests.storage.films import answers
from tmdb_assets_tests.tables.rows import place

ALL_TIME = "SELECT theme, slug, position, tmdb_id, release_year FROM all_time_carousels ORDER BY ALL"


def keep(lake: Lake, *places: CuratedCarousel) -> None:
    """Keep each year's places in the lake."""
    for year in {one.release_year for one in places}:
        rows = CuratedCarousel.frame(one for one in places if one.release_year == year)
        lake.replace_year(CuratedCarousel, rows, year)


def test_the_years_are_merged_best_first(lake: Lake, state: State, path: Path) -> None:
    keep(
        lake,
        place("drag", 1, 11, 1999, weighted_rating=7.5),
        place("drag", 2, 12, 1999, weighted_rating=6.0),
        place("drag", 1, 21, 2000, weighted_rating=7.0),
        place("gay", 1, 21, 2000, weighted_rating=7.0),
    )

    counts = publish(lake, state, path)

    assert counts["all_time_carousels"] == 4
    assert answers(path, ALL_TIME) == [
        ("drag", "drag", 1, 11, 1999),
        ("drag", "drag", 2, 21, 2000),
        ("drag", "drag", 3, 12, 1999),
        ("gay", "gay", 1, 21, 2000),
    ]


def test_a_collection_of_many_years_is_spread(lake: Lake, state: State, path: Path) -> None:
    saga: dict[str, Any] = {"collection_id": 7, "weighted_rating": 8.0}
    keep(
        lake,
        place("drag", 1, 1, 1999, **saga),
        place("drag", 1, 2, 2000, **saga),
        place("drag", 2, 3, 2000, weighted_rating=7.0),
    )

    publish(lake, state, path)

    assert answers(path, "SELECT tmdb_id FROM all_time_carousels ORDER BY position") == [(1,), (3,), (2,)]


def test_an_editors_list_is_whole_again(lake: Lake, state: State, path: Path) -> None:
    keep(
        lake,
        place("best", 1, 1, 2000, list_position=1),
        place("best", 1, 2, 1999, list_position=2, weighted_rating=9.0),
        place("best", 2, 3, 2000, list_position=7),
    )

    publish(lake, state, path)

    query = "SELECT tmdb_id, position FROM all_time_carousels ORDER BY position"
    assert answers(path, query) == [(1, 1), (2, 2), (3, 3)]


def test_what_the_years_say_of_a_film_is_said_again(lake: Lake, state: State, path: Path) -> None:
    keep(lake, place("drag", 1, 11, 1999, title="It's", list_count=2, list_mean_rating=7.25))

    publish(lake, state, path)

    both = "SELECT * EXCLUDE (slug) FROM {}"
    merged, of_year = (
        answers(path, both.format(table.table)) for table in (AllTimeCarousel, CuratedCarousel)
    )
    assert merged == of_year
