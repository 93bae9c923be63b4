"""What a user may give is checked when it is given, with a sentence that says what is allowed."""

from collections.abc import Callable

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.tmdb import Endpoint, RetryPolicy, Timeouts, TMDBClient, endpoints
from tmdb_assets_tests.tmdb.conftest import Ask


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: RetryPolicy(attempts=0), "attempts is 0; it must be a whole number from 1"),
        (lambda: RetryPolicy(attempts=2.5), "attempts"),  # type: ignore[arg-type] -- on purpose
        (lambda: RetryPolicy(first_wait=-1), "first_wait is -1; it must be a number of seconds"),
        (lambda: RetryPolicy(max_wait=float("nan")), "max_wait"),
        (lambda: RetryPolicy(max_retry_after="60"), "max_retry_after"),  # type: ignore[arg-type] -- on purpose
        (
            lambda: RetryPolicy(on_rate_limit="Raise"),
            "on_rate_limit is 'Raise'; it must be 'wait' or 'raise'",
        ),  # type: ignore[arg-type] -- on purpose
        (lambda: Timeouts(connect=0), "timeout is 0; it must be a number of seconds above 0"),
        (lambda: Timeouts("5"), "timeout is '5'"),  # type: ignore[arg-type] -- on purpose
    ],
)
def test_a_value_that_is_not_allowed_is_refused_with_what_is(make: Callable[[], object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"max_concurrent": 0.5}, "max_concurrent is 0.5; it must be a whole number from 1 to 1000"),
        ({"max_concurrent": 5000}, "max_concurrent is 5000"),
        ({"requests_per_second": "40"}, "requests_per_second is '40'; it must be a number above 0"),
        ({"timeout": "5"}, "timeout is '5'"),
    ],
)
def test_a_clients_option_that_is_not_allowed_is_refused(options: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        TMDBClient(**options)  # type: ignore[arg-type] -- on purpose


def test_a_filter_that_tmdb_does_not_have_is_refused_rather_than_ignored() -> None:
    with pytest.raises(TypeError, match="no filter with_genre"):
        endpoints.discover.movie(with_genre=18)  # type: ignore[call-arg] -- on purpose


def test_a_number_of_items_below_zero_is_refused(fake: FakeTMDB, ask: Ask) -> None:
    with pytest.raises(ValueError, match="first is -1"):
        ask(fake.base_url, lambda client: client.discover.movie().first(-1))


@pytest.mark.parametrize("options", [{"ahead": -1}, {"ahead": 0}, {"concurrent": -1}])
def test_a_stream_of_no_width_is_refused(fake: FakeTMDB, ask: Ask, options: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="a whole number from 1"):
        ask(fake.base_url, lambda client: client.stream([], **options))


def test_what_is_no_question_is_refused_with_what_is(fake: FakeTMDB, ask: Ask) -> None:
    with pytest.raises(TypeError, match="550 is no Endpoint"):
        ask(fake.base_url, lambda client: client.send(550))


def test_a_list_shows_what_it_asks_for(fake: FakeTMDB, ask: Ask) -> None:
    assert ask(fake.base_url, lambda client: repr(client.movies.popular())).endswith(
        "Pages('/movie/popular')"
    )


def test_an_endpoint_by_hand_may_have_any_path(fake: FakeTMDB, ask: Ask) -> None:
    endpoint = Endpoint("/configuration", endpoints.configuration.details().answer, {})

    assert ask(fake.base_url, lambda client: client.send(endpoint)).images
