import datetime as dt
import itertools
import random
from collections.abc import Iterable
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmdb_assets.tables import CuratedCarousel, EnrichedUpload, KeywordId, MovieDetail
from tmdb_assets.transforms.curation import (
    FILM_COLUMNS,
    FROM_YOUR_LISTS,
    PRIOR_MEAN,
    PRIOR_VOTES,
    UPLOAD_COLUMNS,
    carousel_themes,
    curated_years,
)
from tmdb_assets_tests.tables.rows import detail, keyword, upload_row

NOW = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
DRAG, GAY = keyword("drag", 1), keyword("gay", 2)
KEYWORDS = KeywordId.frame([DRAG, GAY, keyword("gay", 3), keyword("lost")])


def film(tmdb_id: int, *keyword_ids: int, **values: Any) -> MovieDetail:  # noqa: ANN401 -- any column
    known = {"poster_url": "https://image.example/t/p/w500/a.jpg", "vote_average": 7.0, "vote_count": 100}
    return detail(tmdb_id, keyword_ids=list(keyword_ids), **{**known, **values})


def curate(films: Iterable[MovieDetail], uploads: Iterable[EnrichedUpload] = ()) -> pl.DataFrame:
    return curated_years(
        MovieDetail.frame(films).select(FILM_COLUMNS),
        KEYWORDS,
        EnrichedUpload.frame(uploads).select(UPLOAD_COLUMNS),
        at=NOW,
    )


def carousels(rows: pl.DataFrame) -> dict[str, list[int]]:
    """Return the films of each carousel, in its order."""
    found: dict[str, list[int]] = {}
    for theme, tmdb_id in rows.select("theme", "tmdb_id").iter_rows():
        found.setdefault(theme, []).append(tmdb_id)
    return found


def test_a_theme_has_the_films_that_carry_any_of_its_keywords() -> None:
    films = [film(1, 1), film(2, 2, 3), film(3, 1, 3), film(4, 4), film(5)]

    assert carousels(curate(films)) == {"drag": [1, 3], "gay": [2, 3]}


def test_a_row_says_what_the_film_is_and_where_it_stands() -> None:
    [row] = curate([film(348, 1, vote_average=8.0, vote_count=700, collection_id=7)]).to_dicts()

    assert row == {
        "theme": "drag",
        "theme_title": "Drag",
        "release_year": 1979,
        "slug": "drag-1979",
        "position": 1,
        "tmdb_id": 348,
        "title": "Alien",
        "poster_url": "https://image.example/t/p/w500/a.jpg",
        "weighted_rating": pytest.approx((PRIOR_MEAN * PRIOR_VOTES + 5600) / (PRIOR_VOTES + 700)),
        "vote_average": 8.0,
        "vote_count": 700,
        "list_count": 0,
        "list_mean_rating": None,
        "collection_id": 7,
        "list_position": None,
        "curated_at": NOW,
    }


def test_rows_have_the_tables_schema_also_where_there_are_none() -> None:
    assert curate([film(1, 1)]).schema == curate([]).schema == CuratedCarousel.schema()


def test_no_film_is_left_out_for_its_place() -> None:
    films = [film(number, 1, poster_url=None, vote_count=None, collection_id=7) for number in range(1, 101)]

    assert curate(films)["position"].to_list() == list(range(1, 101))


def test_adult_films_are_in_no_carousel() -> None:
    films = [film(1, 1, adult=True), film(2, 1, adult=False), film(3, 1)]
    lists = [upload_row(path, 1, 1) for path in ("watched.csv", "curated/best.csv")]

    assert carousels(curate(films, lists)) == {"drag": [2, 3]}


def test_your_lists_have_a_carousel_of_their_own() -> None:
    lists = [
        upload_row("watched.csv", 1, 1),
        upload_row("other.csv", 1, 1),
        upload_row("other.csv", 2, 2),
        upload_row("other.csv", 3, 3, status="ambiguous"),
        upload_row("other.csv", 4, 99),
    ]

    rows = curate([film(1), film(2), film(3)], lists)

    assert carousels(rows) == {FROM_YOUR_LISTS: [1, 2]}
    assert rows["theme_title"].unique().to_list() == ["From your lists"]
    assert rows["list_count"].to_list() == [2, 1]


def test_ratings_in_lists_count_as_votes() -> None:
    lists = [
        upload_row("a.csv", 1, 1, rating=10.0),
        upload_row("b.csv", 1, 1, rating=9.0),
        upload_row("c.csv", 1, 1),
    ]

    rows = curate([film(1, 1, vote_average=7.0, vote_count=100), film(2, 1)], lists)

    first = rows.filter(pl.col("theme") == "drag").row(0, named=True)
    assert first["tmdb_id"] == 1
    assert first["weighted_rating"] == pytest.approx((PRIOR_MEAN * PRIOR_VOTES + 719) / (PRIOR_VOTES + 102))
    assert (first["vote_count"], first["list_count"], first["list_mean_rating"]) == (102, 3, 9.5)


def test_a_list_that_has_a_film_twice_has_one_vote() -> None:
    lists = [upload_row("diary.csv", number, 1, rating=rating) for number, rating in [(1, 6.0), (2, 8.0)]]

    [row] = curate([film(1, vote_count=100)], lists).to_dicts()

    assert (row["list_count"], row["list_mean_rating"], row["vote_count"]) == (1, 7.0, 101)


def test_an_editors_list_is_a_carousel_in_the_editors_order() -> None:
    path, title = "curated/Hallowe'en.csv", "All Hallows picks"
    films = [film(1, poster_url=None), film(2, collection_id=7), film(3, collection_id=7)]
    lists = [
        upload_row(path, number, tmdb_id, list_title=title, rating=1.0)
        for number, tmdb_id in enumerate([3, 99, 2, 3, 1], 1)
    ]

    rows = curate(films, lists)

    assert rows["theme_title"].unique().to_list() == [title]
    assert rows.select("slug", "position", "tmdb_id", "list_position").rows() == [
        ("hallowe-en-1979", 1, 3, 1),
        ("hallowe-en-1979", 2, 2, 3),
        ("hallowe-en-1979", 3, 1, 5),
    ]
    assert rows["list_count"].to_list() == [0, 0, 0]


def test_an_editors_list_is_called_the_same_in_every_year() -> None:
    lists = [upload_row("curated/Drag.csv", 1, 1), upload_row("curated/drag!.csv", 1, 2)]

    first, second = curate([film(1)], lists), curate([film(2)], lists)

    assert (carousels(first), carousels(second)) == ({"drag-list": [1]}, {"drag-list-2": [2]})


def test_the_themes_that_may_have_a_carousel_are_named() -> None:
    assert carousel_themes(KEYWORDS, ["watched.csv", "curated/best.csv"]) == [
        "drag",
        "gay",
        "lost",
        FROM_YOUR_LISTS,
        "best",
    ]


def test_what_is_not_a_rating_is_no_vote() -> None:
    lists = [upload_row("a.csv", 1, 1, rating=11.0), upload_row("b.csv", 1, 1, rating=4.0)]

    [row] = curate([film(1)], lists).to_dicts()

    assert (row["list_count"], row["list_mean_rating"]) == (2, 4.0)


def test_a_rating_does_not_depend_on_the_films_beside_it() -> None:
    """Not in its last bit: polars does not divide every column in the same way."""
    film_itself = film(1, 1, vote_count=0, vote_average=0.0)
    beside = [
        film(2, vote_count=None, vote_average=None),
        film(3, vote_count=0, vote_average=None),
        film(4, vote_count=5, vote_average=0.0),
    ]
    choices = itertools.chain.from_iterable(itertools.combinations(beside, size) for size in range(4))

    lists = [upload_row("a.csv", 1, 1, rating=0.0)]
    ratings = [curate([film_itself, *others], lists)["weighted_rating"][0] for others in choices]

    assert len(set(ratings)) == 1


@pytest.mark.parametrize("lists", [40, 1], ids=["many lists", "one list"])
def test_a_rating_does_not_depend_on_the_order_of_the_lists(lists: int) -> None:
    """Floats give another sum in another order."""
    draw = random.Random(17)  # noqa: S311 -- no secret; this seed shows it
    ratings = [draw.uniform(0, 10) for _ in range(40)]
    orders = [draw.sample(ratings, len(ratings)) for _ in range(20)]
    uploads = [
        [upload_row(str(row % lists), row, 1, rating=rating) for row, rating in enumerate(order)]
        for order in orders
    ]

    rows = pl.concat(curate([film(1, vote_count=0)], of_order) for of_order in uploads)

    assert rows.select(pl.col("weighted_rating", "list_mean_rating").n_unique()).row(0) == (1, 1)


votes = st.tuples(st.sampled_from([None, 0, 3, 10, 400]), st.sampled_from([None, 0.0, 6.1, 7.3, 9.9]))
some_films = st.lists(
    st.tuples(
        votes, st.sets(st.integers(1, 4)), st.none() | st.integers(1, 3), st.sampled_from([1979, 1980, 1981])
    ),
    max_size=20,
).map(
    lambda drawn: [
        film(
            number,
            *keywords,
            year=year,
            vote_count=count,
            vote_average=average,
            collection_id=collection,
            poster_url="p" if number % 3 else None,
            adult=number % 11 == 0,
        )
        for number, ((count, average), keywords, collection, year) in enumerate(drawn, 1)
    ]
)
some_uploads = st.lists(
    st.tuples(
        st.sampled_from(["a.csv", "b.csv", "c.csv", "curated/x.csv", "curated/drag.csv"]),
        st.integers(1, 20),
        st.none() | st.floats(0, 10),
    ),
    max_size=40,
).map(
    lambda drawn: [
        upload_row(path, number, tmdb_id, rating=rating)
        for number, (path, tmdb_id, rating) in enumerate(drawn, 1)
    ]
)


@settings(deadline=None)  # a busy machine is no failure
@given(some_films, some_uploads, st.integers())
def test_the_order_of_the_inputs_does_not_matter(
    films: list[MovieDetail], uploads: list[EnrichedUpload], seed: int
) -> None:
    draw = random.Random(seed)  # noqa: S311 -- no secret

    shuffled = curate(draw.sample(films, len(films)), draw.sample(uploads, len(uploads)))

    assert shuffled.equals(curate(films, uploads))


@settings(deadline=None)  # a busy machine is no failure
@given(some_films, some_uploads)
def test_all_films_at_once_have_the_places_that_their_years_have_alone(
    films: list[MovieDetail], uploads: list[EnrichedUpload]
) -> None:
    years = [
        curate([one for one in films if one.release_year == year], uploads) for year in (1979, 1980, 1981)
    ]

    assert pl.concat(years).equals(curate(films, uploads))
