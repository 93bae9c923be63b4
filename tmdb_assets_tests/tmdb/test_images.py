import pytest

from tmdb_assets.tmdb.images import ImageURLs


def test_an_address_is_base_size_and_path() -> None:
    images = ImageURLs()

    assert images.poster_url("/a.jpg") == "https://image.tmdb.org/t/p/w500/a.jpg"
    assert images.backdrop_url("/a.jpg", "original") == "https://image.tmdb.org/t/p/original/a.jpg"
    assert images.profile_url("/a.jpg") == "https://image.tmdb.org/t/p/h632/a.jpg"
    assert images.logo_url("/a.png", "w45") == "https://image.tmdb.org/t/p/w45/a.png"
    assert images.still_url("/a.jpg") == "https://image.tmdb.org/t/p/w300/a.jpg"


def test_no_path_is_no_address() -> None:
    assert ImageURLs().poster_url(None) is None


def test_an_unknown_size_is_an_error_that_names_the_sizes() -> None:
    with pytest.raises(ValueError, match="w92, w154, w185, w342, w500, w780, original"):
        ImageURLs().poster_url("/a.jpg", "w1280")
