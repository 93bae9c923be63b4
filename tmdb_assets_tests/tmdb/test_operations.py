"""A path finds its endpoint, however it is written, and no other path does."""

import pytest

from tmdb_assets.tmdb import endpoints, models
from tmdb_assets.tmdb.recordings.operations import operation_of, operations


@pytest.mark.parametrize(
    ("path", "operation"),
    [
        ("/3/movie/550/credits", "/movie/{movie_id}/credits"),
        ("/movie/550/credits/", "/movie/{movie_id}/credits"),
        ("movie/550/watch/providers", "/movie/{movie_id}/watch/providers"),
        ("/3/movie/_id", "/movie/{movie_id}"),
        ("/3/movie/{movie_id}", "/movie/{movie_id}"),
        ("/3/movie/<id>/videos", "/movie/{movie_id}/videos"),
        ("/3/movie/tt0137523", "/movie/{movie_id}"),
        ("/3/movie/550-fight-club", "/movie/{movie_id}"),
        ("https://api.themoviedb.org/3/movie/550?language=de", "/movie/{movie_id}"),
        ("GET /3/keyword/818", "/keyword/{keyword_id}"),
        ("/3/movie/popular?page=2", "/movie/popular"),
        ("/3/find/nm0000246", "/find/{external_id}"),
        ("/3/configuration", "/configuration"),
        ("/3/configuration/languages", "/configuration/languages"),
        (" /3/search/movie ", "/search/movie"),
    ],
)
def test_a_path_finds_its_operation(path: str, operation: str) -> None:
    found = operation_of(path)

    assert found is not None
    assert found.path == operation


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/3",
        "(error)",
        "/3/movie",
        "/3/movie/latest",
        "/3/movie/now_playing",
        "/3/movie/550/rating",
        "/3/movie/550/credits/cast",
        "/3/tv/1396",
        "/4/list/1",
        "POST /3/movie/550/rating",
        "http://[",
    ],
)
def test_a_path_of_an_operation_that_the_client_lacks_finds_none(path: str) -> None:
    assert operation_of(path) is None


def test_the_answer_is_the_one_that_the_endpoint_names() -> None:
    found = operation_of("/movie/popular")

    assert found is not None
    assert found.answer == endpoints.movies.popular().answer == models.Page[models.MovieListItem]


def test_fixed_paths_are_looked_for_before_those_with_an_id() -> None:
    ids = [operation.path.count("{") for operation in operations()]

    assert ids == sorted(ids)
