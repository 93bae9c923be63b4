import pytest

from tmdb_assets.tmdb import UNSET
from tmdb_assets.tmdb.decoding import decode
from tmdb_assets.tmdb.errors import DecodeError
from tmdb_assets.tmdb.models import MovieDetails, MovieListItem, Page


def movie(body: str) -> MovieDetails:
    value = decode(body.encode(), MovieDetails)
    assert isinstance(value, MovieDetails)
    return value


@pytest.mark.parametrize("missing", ['""', "null"])
def test_missing_text_is_none(missing: str) -> None:
    found = movie(f'{{"id":550,"tagline":{missing},"release_date": {missing},"imdb_id":{missing}}}')

    assert (found.tagline, found.release_date, found.imdb_id) == (None, None, None)


def test_text_with_quotes_and_colons_stays_as_it_is() -> None:
    found = movie(r'{"id":550,"tagline":"say:\"\", or : \"\"","title":"ends with a colon:","overview":""}')

    assert found.tagline == 'say:"", or : ""'
    assert found.title == "ends with a colon:"
    assert found.overview is None


def test_a_partial_date_is_kept() -> None:
    assert movie('{"id":550,"release_date":"1999-10"}').release_date == "1999-10"


def test_what_was_not_appended_is_unset_and_what_is_empty_is_empty() -> None:
    found = movie('{"id":550,"credits":{"cast":[],"crew":[]}}')

    assert found.keywords is UNSET
    assert found.credits is not UNSET
    assert found.credits.cast == ()


def test_nulls_where_lists_and_objects_were_promised_are_as_if_absent() -> None:
    found = movie(
        '{"id":550,"genres":null,"videos":null,"credits":{"cast":null,"crew":[null,{"id":null,"job":"Director"}]}}'
    )

    assert found.genres == ()
    assert found.videos is UNSET
    assert found.credits is not UNSET
    assert found.credits.cast == ()
    assert [member.job for member in found.credits.crew] == ["Director"]


def test_new_fields_are_ignored() -> None:
    assert movie('{"id":550,"mood":{"dark":true}}').id == 550


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ('{"id":null}', "$"),
        ('{"id":550,"runtime":"long"}', "$.runtime"),
        ('{"id":550,"credits":{"cast":[{"id":"x"}]}}', "$.credits.cast[0].id"),
        ('[{"id":550}]', "$"),
    ],
)
def test_a_wrong_shape_is_not_retryable_and_names_the_place(body: str, where: str) -> None:
    error = decode(body.encode(), MovieDetails)

    assert isinstance(error, DecodeError)
    assert (error.where, error.retryable, error.body) == (where, False, body.encode())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"  ",
        b'{"id":550,"title":"Fig',
        b"<html></html>",
        b"\x1f\x8b\x00",
        b'{"id":550,"title":"\xff"}',
        b"nul",
    ],
)
def test_what_is_not_json_is_retryable(body: bytes) -> None:
    error = decode(body, MovieDetails)

    assert isinstance(error, DecodeError)
    assert error.retryable


def test_a_bottomless_nest_is_an_error_like_others() -> None:
    assert isinstance(decode(b'{"id":1,"x":' + b"[" * 100_000, MovieDetails), DecodeError)


def test_an_empty_object_is_an_empty_page() -> None:
    page = decode(b"{}", Page[MovieListItem])

    assert isinstance(page, Page)
    assert (page.results, page.total_results) == ((), 0)
