"""Each fault over a real socket, once and always, sync and async."""

import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.tmdb import RetryPolicy, TMDBError, TransportError, endpoints
from tmdb_assets_tests.tmdb.conftest import KEY, Ask
from tmdb_assets_tests.tmdb.faults import FAULTS, Fault
from tmdb_assets_tests.tmdb.odd_server import OddServer


@contextmanager
def faulty(faults: str) -> Iterator[FakeTMDB]:
    with FakeTMDB(films=0, faults=faults) as fake:
        fake.add_movie(1, "2001-01-01")
        yield fake


QUICK = RetryPolicy(first_wait=0.01, max_retry_after=0.02)


def film(client: Any) -> Any:  # noqa: ANN401 -- either client, an answer or its awaitable
    return client.answer(endpoints.movies.details(1))


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault.is_retried], ids=str)
def test_a_fault_that_passes_is_outlived(fault: Fault, ask: Ask) -> None:
    with OddServer(fault.act, times=1) as server:
        answer = ask(server.url, film, retry=QUICK, timeout=fault.timeouts)

    assert (answer.value.id, answer.attempts, len(server.targets)) == (1, 2, 2)


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_fault_that_stays_is_an_error_of_ours(fault: Fault, ask: Ask) -> None:
    started = time.monotonic()
    with OddServer(fault.act) as server, pytest.raises(TMDBError, match=fault.says) as caught:
        ask(server.url, film, retry=QUICK, timeout=fault.timeouts)

    error = caught.value
    assert time.monotonic() - started < 10
    assert isinstance(error, fault.kind)
    assert error.retryable is fault.is_retried
    assert error.attempts == len(server.targets) == (4 if fault.is_retried else 1)
    assert (error.method, error.path) == ("GET", "/movie/1")
    assert (error.__cause__, error.__context__) == (None, None)
    assert KEY not in "".join(
        traceback.TracebackException.from_exception(error, capture_locals=True).format()
    )


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

        batch = ask(
            fake.base_url,
            lambda client: client.get_batch_movie_details(range(1, 101)),
            retry=RetryPolicy(attempts=10, first_wait=0.01, max_retry_after=0.02),  # four may all be faulty
        )

        assert [movie.id for movie in batch.found] == list(range(1, 101))
