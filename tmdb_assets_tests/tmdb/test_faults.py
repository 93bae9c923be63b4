"""Each fault over a real socket, once and always, sync and async."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.tmdb import DecodeError, RateLimitError, ServerError, TMDBError, TransportError, endpoints
from tmdb_assets_tests.tmdb.conftest import Ask

FAULTS = {
    "429": RateLimitError,
    "500": ServerError,
    "502html": ServerError,
    "503": ServerError,
    "reset": TransportError,
    "reset_body": TransportError,
    "truncate": DecodeError,
    "truncate_gzip": DecodeError,
    "empty": DecodeError,
    "html200": DecodeError,
}


@contextmanager
def faulty(faults: str) -> Iterator[FakeTMDB]:
    with FakeTMDB(films=0, faults=faults) as fake:
        fake.add_movie(1, "2001-01-01", overview="Long enough to be worth cutting. " * 50)
        yield fake


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_that_passes_is_outlived(fault: str, ask: Ask) -> None:
    with faulty(f"{fault}@1") as fake:
        movie = ask(fake.base_url, lambda client: client.movies.details(1))

        assert movie.id == 1
        assert len(fake.requests) == 2


@pytest.mark.parametrize(("fault", "kind"), FAULTS.items())
def test_a_fault_that_stays_is_an_error_after_four_attempts(
    fault: str, kind: type[TMDBError], ask: Ask
) -> None:
    with faulty(f"{fault}!") as fake:
        with pytest.raises(TMDBError) as caught:
            ask(fake.base_url, lambda client: client.movies.details(1))

        assert isinstance(caught.value, kind)
        assert caught.value.retryable
        assert caught.value.attempts == 4
        assert len(fake.requests) == 4
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None


def test_an_answer_that_takes_too_long_is_a_transport_error(ask: Ask) -> None:
    with faulty("slow@1") as fake:
        answer = ask(fake.base_url, lambda client: client.answer(endpoints.movies.details(1)), timeout=0.3)

        assert (answer.value.id, answer.attempts) == (1, 2)


def test_a_refused_connection_says_so(ask: Ask) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

    with pytest.raises(TransportError, match="refused"):
        ask(f"http://127.0.0.1:{port}/3", lambda client: client.movies.details(1))


def test_a_name_that_cannot_be_resolved_says_so(ask: Ask) -> None:
    with pytest.raises(TransportError, match="resolved"):
        ask("https://tmdb.invalid/3", lambda client: client.movies.details(1))


def test_ten_in_a_row_without_an_answer_stop_a_batch(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    with faulty("reset!") as fake:
        batch = ask(
            fake.base_url, lambda client: client.get_batch_movie_details(range(1, 500)), max_concurrent=4
        )

        assert len(batch.failed) == len(batch) == 499
        assert {type(error) for error in batch.failed.values()} == {TransportError}
        assert len(fake.requests) <= 4 * 14
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_a_batch_under_faults_loses_nothing(ask: Ask) -> None:
    with FakeTMDB(
        films=0, faults="429:0.03,500:0.03,reset:0.03,truncate:0.03,empty:0.03,html200:0.03"
    ) as fake:
        for number in range(1, 101):
            fake.add_movie(number, "2001-01-01")

        batch = ask(fake.base_url, lambda client: client.get_batch_movie_details(range(1, 101)))

        assert [movie.id for movie in batch.found] == list(range(1, 101))


def test_a_film_of_another_shape_fails_alone(ask: Ask) -> None:
    with FakeTMDB(films=0) as fake:
        fake.add_movie(1, "2001-01-01")
        fake.add_movie(2, "2001-01-01", runtime="about two hours")
        fake.add_movie(3, "2001-01-01", tagline=None, mood={"new": True})

        batch = ask(fake.base_url, lambda client: client.get_batch_movie_details([1, 2, 3]))

        assert [movie.id for movie in batch.found] == [1, 3]
        assert isinstance(batch[1], DecodeError)
        assert batch[1].where == "$.runtime"
