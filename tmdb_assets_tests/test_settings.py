from pathlib import Path

import pytest

from tmdb_assets.settings import (
    DEFAULT_BASE_URL,
    DEFAULT_IMAGE_BASE_URL,
    Settings,
    SettingsError,
    checked_base_url,
)


def test_nothing_set_means_the_defaults_of_the_contract(tmp_path: Path) -> None:
    settings = Settings.load({}, tmp_path / ".env")

    assert settings == Settings()
    assert settings.effective_base_url == DEFAULT_BASE_URL
    assert settings.effective_image_base_url == DEFAULT_IMAGE_BASE_URL
    assert (settings.requests_per_second, settings.max_concurrent, settings.data) == (38.0, 20, Path("data"))


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("TMDB_LANGUAGE=da-DK\nTMDB_REGION=DK\n")

    settings = Settings.load({"TMDB_LANGUAGE": "de-DE"}, dotenv)

    assert (settings.language, settings.region) == ("de-DE", "DK")


def test_an_empty_variable_is_not_set(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("TMDB_API_KEY=from-the-file\n")

    assert Settings.load({"TMDB_API_KEY": " ", "TMDB_REGION": ""}, dotenv).api_key == "from-the-file"


def test_values_arrive_as_their_types(tmp_path: Path) -> None:
    variables = {
        "TMDB_REQUESTS_PER_SECOND": "12.5",
        "TMDB_MAX_CONCURRENT": "4",
        "TMDB_TIMEOUT_SECONDS": "5",
        "TMDB_ASSETS_DATA": "elsewhere",
        "TMDB_ASSETS_LOG_LEVEL": "debug",
        "TMDB_ASSETS_NIGHTLY_REQUESTS": "500",
        "TMDB_BASE_URL": "http://127.0.0.1:8080/3/",
    }

    settings = Settings.load(variables, tmp_path / ".env")

    assert (settings.requests_per_second, settings.max_concurrent, settings.timeout_seconds) == (12.5, 4, 5.0)
    assert (settings.data, settings.log_level) == (Path("elsewhere"), "DEBUG")
    assert settings.nightly_requests == 500
    assert settings.effective_base_url == "http://127.0.0.1:8080/3"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TMDB_REQUESTS_PER_SECOND", "fast"),
        ("TMDB_REQUESTS_PER_SECOND", "0"),
        ("TMDB_REQUESTS_PER_SECOND", "nan"),
        ("TMDB_REQUESTS_PER_SECOND", "inf"),
        ("TMDB_MAX_CONCURRENT", "2.5"),
        ("TMDB_MAX_CONCURRENT", "-1"),
        ("TMDB_TIMEOUT_SECONDS", "0"),
        ("TMDB_LANGUAGE", "english"),
        ("TMDB_REGION", "usa"),
        ("TMDB_ASSETS_LOG_LEVEL", "loud"),
        ("TMDB_ASSETS_NIGHTLY_REQUESTS", "0"),
        ("TMDB_ASSETS_NIGHTLY_REQUESTS", "all"),
    ],
)
def test_a_bad_value_is_one_sentence_that_names_it(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.load({name: value}, tmp_path / ".env")

    text = str(caught.value)
    assert name in text
    assert repr(value) in text
    assert "\n" not in text


@pytest.mark.parametrize(
    "url", ["ftp://x/3", "example.org/3", "https://u:p@host/3", "https://[::1", "https://h:x/"]
)
def test_a_bad_address_names_the_variable_only(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError, match="TMDB_BASE_URL") as caught:
        Settings.load({"TMDB_BASE_URL": url}, tmp_path / ".env")

    assert url not in str(caught.value)


@pytest.mark.parametrize("url", ["http://example.org/t/p", "ftp://x/t/p", "https://h/t/p?size=1"])
def test_a_bad_address_of_pictures_names_its_variable(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError, match="TMDB_IMAGE_BASE_URL"):
        Settings.load({"TMDB_IMAGE_BASE_URL": url}, tmp_path / ".env")


def test_pictures_may_be_at_another_address(tmp_path: Path) -> None:
    settings = Settings.load({"TMDB_IMAGE_BASE_URL": "http://127.0.0.1:8099/t/p/"}, tmp_path / ".env")

    assert settings.effective_image_base_url == "http://127.0.0.1:8099/t/p"


def test_plain_http_is_for_this_machine_only() -> None:
    with pytest.raises(SettingsError, match="https://"):
        checked_base_url("http://example.org/3")

    assert checked_base_url("http://localhost:1/3/") == "http://localhost:1/3"
    assert checked_base_url("http://[::1]:1/3") == "http://[::1]:1/3"


def test_repr_shows_no_secret() -> None:
    settings = Settings(
        api_key="hidden-1", omdb_api_key="hidden-2", limiter="redis://:hidden-3@h/0", state="x://u:hidden-4@h"
    )

    assert "hidden" not in repr(settings)
    assert "hidden" not in str(list(settings.__rich_repr__()))
    assert "en-US" in repr(settings)
