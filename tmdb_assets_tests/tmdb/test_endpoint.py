from datetime import date

import pytest

from tmdb_assets.tmdb import Endpoint, any_of, endpoints
from tmdb_assets.tmdb.models import MovieDetails, MovieListItem, Page


def test_an_endpoint_is_a_question_as_a_value() -> None:
    endpoint = endpoints.movies.details(550, append_to_response=["credits", "images"], language="da-DK")

    assert (endpoint.method, endpoint.path, endpoint.answer) == ("GET", "/movie/550", MovieDetails)
    assert endpoint.params == {"append_to_response": "credits,images", "language": "da-DK"}


def test_a_client_fills_what_is_left_open_and_nothing_else() -> None:
    defaults = {"language": "en-US", "region": None}

    assert endpoints.movies.details(550).filled(defaults).params == {"language": "en-US"}
    assert endpoints.movies.details(550, language="da").filled(defaults).params == {"language": "da"}
    assert endpoints.keywords.details(818).filled(defaults).params == {}


def test_images_are_not_filtered_by_the_clients_language() -> None:
    assert endpoints.movies.images(550).filled({"language": "en-US"}).params == {}


def test_discover_speaks_tmdbs_parameters() -> None:
    endpoint = endpoints.discover.movie(
        page=3,
        primary_release_date_gte=date(1999, 1, 1),
        primary_release_date_lte="1999-12-31",
        vote_count_gte=200,
        with_keywords=any_of(818, 9672),
        with_genres=[18, 35],
        include_adult=False,
    )

    assert endpoint.answer == Page[MovieListItem]
    assert endpoint.params == {
        "page": "3",
        "primary_release_date.gte": "1999-01-01",
        "primary_release_date.lte": "1999-12-31",
        "vote_count.gte": "200",
        "with_keywords": "818|9672",
        "with_genres": "18,35",
        "include_adult": "false",
    }


@pytest.mark.parametrize("language", ["en-US", "da-DK"])
def test_full_details_ask_for_everything_in_one_request(language: str) -> None:
    params = endpoints.movies.full_details(550, language=language).params

    assert len(params["append_to_response"].split(",")) == 12
    assert params["include_image_language"].split(",")[:2] == ["en", "null"]
    assert language[:2] in params["include_image_language"].split(",")


def test_an_id_cannot_leave_its_place_in_the_path() -> None:
    assert endpoints.find.by_id("../movie/550?x=1").path == "/find/..%2Fmovie%2F550%3Fx%3D1"


def test_another_page_is_the_same_question() -> None:
    first: Endpoint[Page[MovieListItem]] = endpoints.discover.movie(with_genres=18)

    assert first.having(page=2).params == {"with_genres": "18", "page": "2"}
    assert first.params["page"] == "1"
