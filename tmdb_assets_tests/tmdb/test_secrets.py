"""The credential appears in nothing that is printed, whatever goes wrong."""

import logging
import pickle
import socket
import traceback
import warnings

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.settings import Settings
from tmdb_assets.tmdb import TMDBClient, TMDBError
from tmdb_assets_tests.tmdb.conftest import Ask

KEY = "feedfacefeedfacefeedfacefeedface"
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJhdWQiOiJmZWVkZmFjZSJ9.feedface"


def everything_printed(error: BaseException | None, caplog: pytest.LogCaptureFixture) -> str:
    lines = [str(record.__dict__) + record.getMessage() for record in caplog.records]
    while error is not None:
        lines += traceback.format_exception(error)
        lines += [repr(error), str(error), str(vars(error)), str(error.args)]
        assert type(error).__module__.startswith("tmdb_assets")
        error = error.__cause__ or error.__context__
    return "\n".join(lines)


@pytest.mark.parametrize("credential", [KEY, TOKEN], ids=["key", "token"])
@pytest.mark.parametrize(
    "faults",
    [
        "",
        "429!",
        "500!",
        "502html!",
        "reset!",
        "reset_body!",
        "truncate!",
        "truncate_gzip!",
        "empty!",
        "slow!",
    ],
)
def test_no_log_record_and_no_error_shows_the_credential(
    faults: str, credential: str, ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "aiohttp", "asyncio"):
        caplog.set_level(logging.DEBUG, logger=name)
    caught: TMDBError | None = None
    with FakeTMDB(films=0, faults=faults) as fake:
        try:
            ask(fake.base_url, lambda client: client.movies.details(1), api_key=credential, timeout=0.2)
        except TMDBError as error:
            caught = error

    assert caught is not None
    assert any(record.name == "tmdb_assets.tmdb" for record in caplog.records)
    assert "feedface" not in everything_printed(caught, caplog)
    assert credential not in everything_printed(caught, caplog)


@pytest.mark.parametrize("credential", [KEY, TOKEN], ids=["key", "token"])
def test_no_connection_error_shows_the_credential(
    credential: str, ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    for url in (f"http://127.0.0.1:{port}/3", "https://tmdb.invalid/3"):
        with pytest.raises(TMDBError) as caught:
            ask(url, lambda client: client.movies.details(1), api_key=credential)

        assert credential not in everything_printed(caught.value, caplog)


def test_a_client_shows_its_credential_nowhere() -> None:
    with TMDBClient(KEY, base_url="http://127.0.0.1:1/3") as client:
        assert KEY not in repr(client)
        assert KEY not in str(vars(client))
        assert KEY not in repr(Settings(api_key=KEY))


def test_a_forgotten_client_warns_without_its_credential() -> None:
    with FakeTMDB(films=0) as fake, warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        client = TMDBClient(KEY, base_url=fake.base_url)
        client.configuration.details()
        client.__del__()
        client.close()

    assert len(warned) == 1
    assert KEY not in str(warned[0])


def test_an_error_travels_between_processes(ask: Ask) -> None:
    with FakeTMDB(films=0) as fake, pytest.raises(TMDBError) as caught:
        ask(fake.base_url, lambda client: client.movies.details(1))

    copy = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own bytes

    assert (type(copy), str(copy), vars(copy)) == (type(caught.value), str(caught.value), vars(caught.value))
