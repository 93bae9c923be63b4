"""What a year keeps where not all of its lists could be had."""

import datetime as dt
from typing import Any

import polars as pl
import pytest

from tmdb_assets.tables import DiscoveredMovie, ListGap
from tmdb_assets.transforms.partial_discovery import beside_gaps
from tmdb_assets_tests.tables.rows import AT, discovered

JUNE = (dt.date(1999, 6, 1), dt.date(1999, 6, 30))


def gap(listed_by: str = "votes", days: tuple[dt.date, dt.date] = JUNE) -> ListGap:
    return ListGap(
        release_year=1999,
        listed_by="votes" if listed_by == "votes" else "keywords",
        first_date=days[0],
        last_date=days[1],
        min_votes=200,
        max_votes=None,
        original_language=None,
        promised_count=2,
        obtained_count=1,
        missing_count=1,
        reason="Page 2 failed.",
        noticed_at=AT,
    )


def films(*films: tuple[int, str | None, bool, bool], **values: Any) -> pl.DataFrame:  # noqa: ANN401 -- any column
    return DiscoveredMovie.frame(
        discovered(
            tmdb_id,
            1999,
            release_date=dt.date.fromisoformat(day) if day else None,
            has_enough_votes=votes,
            has_theme_keyword=keyword,
            **values,
        )
        for tmdb_id, day, votes, keyword in films
    )


def reasons(rows: pl.DataFrame) -> dict[int, tuple[bool, bool]]:
    return {
        tmdb_id: (votes, keyword)
        for tmdb_id, votes, keyword in rows.select(
            "tmdb_id", "has_enough_votes", "has_theme_keyword"
        ).iter_rows()
    }


@pytest.mark.parametrize(
    ("day", "stays"),
    [("1999-05-31", False), ("1999-06-01", True), ("1999-06-30", True), ("1999-07-01", False), (None, True)],
)
def test_a_film_stays_where_its_window_could_not_be_read_wholly(day: str | None, stays: bool) -> None:  # noqa: FBT001 -- a table of cases
    stored = films((1, day, True, False), title="As it was")

    rows = beside_gaps(films((2, "1999-06-02", True, False)), stored, [gap()])

    assert set(rows["tmdb_id"]) == {2, *([1] if stays else [])}
    assert rows.filter(tmdb_id=1).equals(stored if stays else stored.clear())


def test_a_film_of_the_list_that_is_whole_does_not_stay() -> None:
    stored = films((1, "1999-06-01", False, True), (2, "1999-06-01", True, True))

    rows = beside_gaps(films(), stored, [gap("votes")])

    assert reasons(rows) == {2: (True, True)}


def test_a_film_found_by_one_list_is_still_listed_by_the_other_that_is_short() -> None:
    stored = films((1, "1999-06-01", True, True))

    rows = beside_gaps(films((1, "1999-06-01", True, False), title="New"), stored, [gap("keywords")])

    assert reasons(rows) == {1: (True, True)}
    assert rows["title"].to_list() == ["New"]


def test_without_a_gap_the_lists_say_it_all() -> None:
    rows = beside_gaps(
        films((1, "1999-06-01", True, False)), films((1, "1999-06-01", True, True), (2, None, True, True)), []
    )

    assert reasons(rows) == {1: (True, False)}
