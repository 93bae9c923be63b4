import pytest

from tmdb_assets.tmdb import TMDBClient
from tmdb_assets.tmdb.images import ImageURLs


def test_an_address_is_base_size_and_path() -> None:
    images = ImageURLs()

    assert images.poster_url("/a.jpg") == "https://image.tmdb.org/t/p/w500/a.jpg"
    assert images.backdrop_url("/a.jpg", "original") == "https://image.tmdb.org/t/p/original/a.jpg"
    assert images.profile_url("/a.jpg") == "https://image.tmdb.org/t/p/h632/a.jpg"
    assert images.logo_url("/a.png", "w45") == "https://image.tmdb.org/t/p/w45/a.png"
    assert images.still_url("/a.jpg") == "https://image.tmdb.org/t/p/w300/a.jpg"


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:8099/t/p", "http://127.0.0.1:8099/t/p/"])
def test_pictures_may_be_at_another_address(base_url: str) -> None:
    images = ImageURLs(base_url)

    assert images.poster_url("/a.jpg", "w92") == "http://127.0.0.1:8099/t/p/w92/a.jpg"


def test_a_client_has_the_pictures_of_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMDB_IMAGE_BASE_URL", "http://127.0.0.1:8099/t/p/")

    client = TMDBClient()

    assert client.images.poster_url("/a.jpg") == "http://127.0.0.1:8099/t/p/w500/a.jpg"


def test_a_client_may_be_told_where_pictures_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMDB_IMAGE_BASE_URL", "http://127.0.0.1:8099/t/p")

    client = TMDBClient(image_base_url="https://pictures.example/t/p")

    assert client.images.poster_url("/a.jpg") == "https://pictures.example/t/p/w500/a.jpg"


def test_a_client_that_is_told_nothing_has_tmdbs_pictures() -> None:
    assert TMDBClient().images == ImageURLs()


def test_no_path_is_no_address() -> None:
    assert ImageURLs().poster_url(None) is None


def test_an_unknown_size_is_an_error_that_names_the_sizes() -> None:
    with pytest.raises(ValueError, match="w92, w154, w185, w342, w500, w780, original"):
        ImageURLs().poster_url("/a.jpg", "w1280")
