import datetime as dt
from collections.abc import Sequence
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from tmdb_assets.tables import CuratedCarousel
from tmdb_assets.transforms.carousel_order import ENOUGH_VOTES, ROW_LENGTH, apart, in_order

FILM: dict[str, Any] = {
    **dict.fromkeys(CuratedCarousel.__struct_fields__),
    "theme": "drag",
    "theme_title": "Drag",
    "release_year": 1999,
    "slug": "drag-1999",
    "position": 1,
    "poster_url": "https://image.example/t/p/w500/a.jpg",
    "weighted_rating": 7.0,
    "vote_count": 100,
    "list_count": 0,
    "curated_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
}


def carousel(*films: dict[str, Any]) -> pl.DataFrame:
    """Return rows of which each has its number as film, and the values given."""
    rows = [CuratedCarousel(**{**FILM, "tmdb_id": number, **film}) for number, film in enumerate(films, 1)]
    return CuratedCarousel.frame(rows)


def ordered(*films: dict[str, Any]) -> list[int]:
    """Return the numbers of the films in the carousel's order."""
    return in_order(carousel(*films))["tmdb_id"].to_list()


def clashes(collections: Sequence[int | None]) -> list[int]:
    """Return the places at which a collection is twice within a row."""
    return [
        place
        for place, collection in enumerate(collections)
        if collection is not None and collection in collections[max(0, place - ROW_LENGTH + 1) : place]
    ]


def test_the_best_rated_leads_and_equals_go_by_id() -> None:
    assert ordered({}, {"weighted_rating": 8.0}, {}, {"weighted_rating": 6.0}) == [2, 1, 3, 4]


def test_a_film_with_a_vote_or_two_comes_after_all_that_have_enough() -> None:
    barely = {"vote_count": ENOUGH_VOTES - 1, "weighted_rating": 9.9}
    enough = {"vote_count": ENOUGH_VOTES, "weighted_rating": 3.0}

    assert ordered(barely, enough) == [2, 1]


def test_films_with_few_votes_go_by_their_number() -> None:
    one, five, none = ({"vote_count": votes} for votes in (1, 5, 0))

    assert ordered(one | {"weighted_rating": 8.0}, five, none, five | {"weighted_rating": 7.1}) == [
        4,
        2,
        1,
        3,
    ]


def test_a_film_without_a_poster_comes_last() -> None:
    assert ordered({"poster_url": None, "weighted_rating": 9.0}, {"vote_count": 0}) == [2, 1]


def test_an_editors_list_stays_as_it_is() -> None:
    saga = {"collection_id": 7}

    places = (
        saga | {"list_position": 9},
        saga | {"list_position": 2, "poster_url": None},
        saga | {"list_position": 4, "vote_count": 0},
    )

    assert ordered(*places) == [2, 3, 1]


def test_every_carousel_counts_from_one() -> None:
    rows = in_order(carousel({"theme": "gay"}, {}, {"theme": "gay"}))

    assert rows.select("theme", "position").rows() == [("drag", 1), ("gay", 1), ("gay", 2)]


def test_nothing_is_in_order() -> None:
    assert in_order(CuratedCarousel.frame()).equals(CuratedCarousel.frame())


def test_a_collections_next_film_waits_for_the_next_row() -> None:
    saga, plain = [7, 7], [None] * ROW_LENGTH

    assert apart([*saga, *plain]) == [0, *range(2, ROW_LENGTH + 1), 1, ROW_LENGTH + 1]


def test_where_only_one_collection_is_left_it_stays_in_order() -> None:
    assert apart([7, None, 7, 7]) == [0, 1, 2, 3]


def test_a_film_without_a_poster_comes_last_even_where_a_collection_is_twice_in_a_row() -> None:
    saga = {"collection_id": 7}

    assert ordered(saga, saga, {"poster_url": None}) == [1, 2, 3]


def test_films_without_a_poster_are_apart_from_their_collections_films_that_have_one() -> None:
    bare = {"poster_url": None}

    assert ordered({"collection_id": 7}, {"collection_id": 7, **bare}, bare) == [1, 3, 2]


collections = st.lists(st.none() | st.integers(1, 14), max_size=80)


@given(collections)
def test_a_collection_is_twice_in_a_row_only_where_nothing_else_was_left(films: list[int | None]) -> None:
    order = apart(films)

    assert sorted(order) == list(range(len(films)))
    taken = [films[index] for index in order]
    for place in clashes(taken):
        recent = set(taken[max(0, place - ROW_LENGTH + 1) : place])
        assert set(taken[place:]) <= recent - {None}


@given(collections)
def test_each_place_has_the_best_film_that_may_stand_there(films: list[int | None]) -> None:
    """The same by the plain rule, film by film."""
    left, expected = list(range(len(films))), []
    while left:
        recent = {films[index] for index in expected[-ROW_LENGTH + 1 :]} - {None}
        expected.append(next((index for index in left if films[index] not in recent), left[0]))
        left.remove(expected[-1])

    assert apart(films) == expected


films = st.builds(
    dict,
    theme=st.sampled_from(["drag", "gay"]),
    release_year=st.integers(1999, 2001),
    poster_url=st.sampled_from([None, "p"]),
    weighted_rating=st.sampled_from([6.5, 7.0, 8.0]),
    vote_count=st.sampled_from([0, 3, 9, 10, 500]),
    collection_id=st.none() | st.integers(1, 4),
)


@settings(deadline=None)  # a busy machine is no failure
@given(st.lists(films, max_size=40), st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(rows: list[dict[str, Any]], shuffle: Any) -> None:  # noqa: ANN401 -- hypothesis' own Random
    films = carousel(*rows)
    numbers = list(range(len(films)))
    shuffle.shuffle(numbers)

    assert in_order(films[numbers]).equals(in_order(films))


@settings(deadline=None)  # a busy machine is no failure
@given(st.lists(films, max_size=40))
def test_all_time_is_the_merge_of_the_years(rows: list[dict[str, Any]]) -> None:
    films = carousel(*rows)

    years = [in_order(year) for year in films.partition_by("release_year")]

    assert in_order(pl.concat([CuratedCarousel.frame(), *years])).equals(in_order(films))


@settings(deadline=None)  # a busy machine is no failure
@given(st.lists(st.integers(1999, 2001), max_size=20))
def test_an_editors_list_merges_into_the_editors_order(years: list[int]) -> None:
    rows = [{"release_year": year, "list_position": 2 * place} for place, year in enumerate(years, 1)]
    films = carousel(*rows)

    merged = in_order(
        pl.concat([CuratedCarousel.frame(), *map(in_order, films.reverse().partition_by("release_year"))])
    )

    assert merged["tmdb_id"].to_list() == list(range(1, len(years) + 1))
