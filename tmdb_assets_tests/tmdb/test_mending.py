"""Values in another dress, and what is made of them: the same, nothing, or an error with its place."""

import json
from typing import Any

import pytest

from tmdb_assets.tmdb import UNSET
from tmdb_assets.tmdb.decoding import decode, decode_readable
from tmdb_assets.tmdb.errors import DecodeError
from tmdb_assets.tmdb.models import (
    AccountStates,
    Credits,
    Keyword,
    MovieDetails,
    MovieListItem,
    Page,
    WatchProviders,
)

ODD_TEXTS = [True, 7.5, ["a"], {"a": 1}]
ODD_NUMBERS = ["long", "1,234", " 5", "0x1F", "NaN", "1e999", True, [1], {"a": 1}]


def movie(**fields: object) -> MovieDetails:
    value = decode(json.dumps({"id": 550, **fields}).encode(), MovieDetails)
    assert isinstance(value, MovieDetails), value
    return value


def misfit(kind: Any, value: object) -> DecodeError:  # noqa: ANN401 -- any model
    error = decode(json.dumps(value).encode(), kind)
    assert isinstance(error, DecodeError)
    assert not error.retryable
    return error


@pytest.mark.parametrize("missing", [None, "", False, [], {}])
@pytest.mark.parametrize(
    ("field", "absent"),
    [
        ("title", None),
        ("runtime", None),
        ("popularity", None),
        ("genres", ()),
        ("origin_country", ()),
        ("belongs_to_collection", None),
    ],
)
def test_what_plainly_says_missing_is_missing(field: str, absent: object, missing: object) -> None:
    assert getattr(movie(**{field: missing}), field) == absent


@pytest.mark.parametrize("missing", [None, "", [], {}])
def test_a_boolean_may_be_missing_too(missing: object) -> None:
    assert movie(adult=missing, video=False).adult is None


@pytest.mark.parametrize(("missing", "expected"), [(None, UNSET), (False, UNSET), ([], Credits())])
def test_an_empty_list_for_an_object_is_an_empty_object_and_nothing_is_unset(
    missing: object, expected: object
) -> None:
    assert movie(credits=missing).credits == expected


def test_an_empty_list_for_a_map_by_country_is_an_empty_map() -> None:
    value = decode(b'{"id":1,"results":[]}', WatchProviders)

    assert isinstance(value, WatchProviders)
    assert value.results == {}


@pytest.mark.parametrize(
    ("field", "sent", "meant"),
    [
        ("vote_count", 5.0, 5),
        ("vote_count", "5", 5),
        ("vote_count", "0", 0),
        ("vote_count", "5.0", 5),
        ("vote_count", "-5", -5),
        ("budget", 2.5e8, 250_000_000),
        ("vote_average", "7.25", 7.25),
        ("vote_average", 7, 7.0),
        ("title", 1984, "1984"),
        ("adult", 0, False),
        ("adult", 1, True),
        ("adult", "true", True),
        ("adult", "0", False),
        ("id", "550", 550),
        ("id", 550.0, 550),
    ],
)
def test_the_same_value_in_another_dress_is_taken(field: str, sent: object, meant: object) -> None:
    found = getattr(movie(**{field: sent}), field)

    assert (found, type(found)) == (meant, type(meant))


def test_items_that_say_nothing_are_left_out_of_lists() -> None:
    found = movie(origin_country=["", "US", None], genres=[None, {}, {"id": 18, "name": ""}, {"id": None}])

    assert found.origin_country == ("US",)
    assert [(genre.id, genre.name) for genre in found.genres] == [(18, None)]


def test_an_empty_text_in_a_list_of_a_pretty_printed_answer_is_left_out() -> None:
    fields = {"id": 550, "origin_country": ["US", ""], "tagline": "", "title": 'He said ""'}
    body = json.dumps(fields, indent=2)

    found = decode(body.encode(), MovieDetails)

    assert isinstance(found, MovieDetails)
    assert (found.origin_country, found.tagline, found.title) == (("US",), None, 'He said ""')


def test_a_mark_at_the_beginning_of_a_file_does_not_matter() -> None:
    assert decode(b'\xef\xbb\xbf{"id":1,"name":"love"}', Keyword) == Keyword(id=1, name="love")


@pytest.mark.parametrize("odd", ODD_TEXTS)
def test_anything_else_for_a_text_is_an_error_at_its_place(odd: object) -> None:
    assert misfit(MovieDetails, {"id": 550, "title": odd}).where == "$.title"


@pytest.mark.parametrize("odd", [*ODD_NUMBERS, 90.5, "90.5", 1e300])
def test_anything_else_for_an_integer_is_an_error_at_its_place(odd: object) -> None:
    assert misfit(MovieDetails, {"id": 550, "runtime": odd}).where == "$.runtime"


@pytest.mark.parametrize("odd", ODD_NUMBERS)
def test_anything_else_for_a_number_is_an_error_at_its_place(odd: object) -> None:
    assert misfit(MovieDetails, {"id": 550, "popularity": odd}).where == "$.popularity"


@pytest.mark.parametrize("odd", [2, 0.5, "yes", ["true"]])
def test_anything_else_for_a_boolean_is_an_error_at_its_place(odd: object) -> None:
    assert misfit(MovieDetails, {"id": 550, "adult": odd}).where == "$.adult"


@pytest.mark.parametrize(
    ("odd", "where"),
    [
        ({"genres": "Drama"}, "$.genres"),
        ({"genres": {"id": 18}}, "$.genres"),
        ({"genres": [None, {"id": 18}, {"name": "Drama"}]}, "$.genres[2]"),
        ({"credits": [1]}, "$.credits"),
        ({"credits": {"cast": [None, {"id": 1}, {"id": "x"}]}}, "$.credits.cast[2].id"),
        ({"watch/providers": {"results": {"DE": {"rent": 7}}}}, "$.watch/providers.results.DE.rent"),
        ({"watch/providers": {"results": "none"}}, "$.watch/providers.results"),
    ],
)
def test_a_place_is_counted_as_it_was_sent(odd: dict[str, object], where: str) -> None:
    error = misfit(MovieDetails, {"id": 550, **odd})

    assert error.where == where
    assert where in str(error)


@pytest.mark.parametrize("kind", [Page[MovieListItem], Credits, MovieDetails])
@pytest.mark.parametrize("other", ["", "null", "false", "0", '"text"', "[1]"])
def test_an_answer_that_is_no_object_is_an_error(kind: Any, other: str) -> None:  # noqa: ANN401 -- any model
    error = decode(other.encode(), kind)

    assert isinstance(error, DecodeError)
    assert error.where == "$"


@pytest.mark.parametrize(
    "body", [{"success": False, "status_code": 34, "status_message": "…"}, {"message": "slow down"}]
)
def test_an_object_without_any_field_that_was_promised_is_no_empty_answer(body: dict[str, object]) -> None:
    assert misfit(Page[MovieListItem], body).where == "$"


def test_a_page_whose_totals_are_odd_keeps_its_readable_items() -> None:
    body = b'{"page":"1","results":[{"id":7,"title":""},{"id":null},7,{"id":"8"}],"total_pages":null}'

    page = decode_readable(body, MovieListItem)

    assert isinstance(page, Page)
    assert (page.page, page.total_pages) == (1, 1)
    assert [(item.id, item.title) for item in page.results] == [(7, None), (8, None)]


def test_a_film_that_the_account_has_not_rated_has_no_rating() -> None:
    sent = {"id": 550, "favorite": False, "rated": False, "watchlist": True}

    states = movie(account_states=sent).account_states

    assert states == AccountStates(id=550, favorite=False, rated=None, watchlist=True)


def test_a_field_whose_name_is_empty_is_a_new_field_like_others() -> None:
    assert decode(b'{"id":1,"" : "x","name":""}', Keyword) == Keyword(id=1)
