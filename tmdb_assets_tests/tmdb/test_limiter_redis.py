"""Redis as the place of a budget: away and back, its addresses, its password."""

import contextlib
import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import redis

from tmdb_assets.settings import Settings, SettingsError
from tmdb_assets.tmdb import TMDBClient
from tmdb_assets.tmdb.limiter_local import LocalLimiter, shared_path
from tmdb_assets.tmdb.limiter_redis import RedisLimiter
from tmdb_assets_tests.tmdb.limiter_stores import Clock, RedisServer, RedisStore

SECRET = "hidden-word"


@pytest.fixture
def own_server(redis_program: Path) -> Iterator[RedisServer]:
    """Start a Redis that a test may end and start again."""
    with RedisServer(redis_program) as server:
        yield server


def limiters(server: RedisServer, clock: Clock, folder: Path) -> tuple[RedisLimiter, RedisLimiter]:
    """Make the limiters of two machines, at one request a second."""
    first, second = (
        RedisLimiter(server.url, "key", 1, standby=LocalLimiter(folder / name, 1, clock), clock=clock)
        for name in ("first", "second")
    )
    return first, second


def test_redis_that_is_away_at_the_start_is_one_warning_and_used_once_it_is_there(
    own_server: RedisServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "tmdb_assets.tmdb")
    own_server.stop()
    clock = Clock()
    first, second = limiters(own_server, clock, tmp_path)

    alone = [first.reserve() for _ in range(3)]
    own_server.start()
    clock.now += 11
    shared = [first.reserve(), second.reserve(), first.reserve()]

    assert alone == pytest.approx([0, 1, 2], abs=0.03)
    assert shared == pytest.approx([0, 1, 2], abs=0.03)
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]


def test_redis_that_goes_away_and_comes_back_takes_along_what_was_given_out(
    own_server: RedisServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A push is known without Redis, too, and Redis learns of one that it was away for."""
    clock = Clock()
    first, second = limiters(own_server, clock, tmp_path)
    first.push(5)
    own_server.stop()

    alone = first.reserve()
    first.push(30)
    own_server.start()
    clock.now += 11
    first.reserve()

    assert alone == 5
    assert second.reserve() == 20
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_redis_that_was_started_anew_between_two_reservations_is_used(
    own_server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    limiter = RedisStore(own_server.url).limiter(1)
    limiter.reserve()
    own_server.stop()
    own_server.start()

    assert limiter.reserve() == 0.0
    assert not caplog.records


def test_redis_that_does_not_answer_costs_a_second_once(
    own_server: RedisServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first, _ = limiters(own_server, Clock(), tmp_path)
    first.reserve()
    own_server.halt()
    started = time.monotonic()

    for _ in range(20):
        first.reserve()

    assert 0.9 < time.monotonic() - started < 5
    assert "no answer within 1 s" in caplog.text


def test_another_kind_of_value_under_the_key_is_a_warning(
    redis_server: RedisServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with redis.Redis.from_url(redis_server.url) as client:
        client.rpush("a list", "an item")
    limiter = RedisLimiter(redis_server.url, "a list", 1, standby=LocalLimiter(tmp_path / "slot", 1))

    limiter.push(5)

    assert limiter.reserve() == pytest.approx(5, abs=0.5)
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_the_key_is_removed_by_itself_and_not_too_soon(redis_server: RedisServer) -> None:
    store = RedisStore(redis_server.url)
    limiter = store.limiter(0.01)

    limiter.reserve()

    with redis.Redis.from_url(redis_server.url) as client:
        assert 150 < client.ttl(store.name) <= 160


def test_redis_tells_the_time_for_all(redis_server: RedisServer) -> None:
    """Two machines' clocks have nothing in common."""
    store = RedisStore(redis_server.url)

    waits = [store.limiter(1).reserve() for _ in range(3)]

    assert waits == pytest.approx([0, 1, 2], abs=0.5)


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_parent_and_forked_child_share_the_budget_and_disturb_each_other_not(
    redis_server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    limiter = RedisStore(redis_server.url).limiter(1)
    limiter.reserve()
    reading, writing = os.pipe()

    child = os.fork()
    waits = [limiter.reserve() for _ in range(20)]
    if child == 0:
        os.write(writing, msgspec.json.encode(waits))
        os._exit(0)
    os.waitpid(child, 0)
    waits += msgspec.json.decode(os.read(reading, 10_000))
    os.close(reading)
    os.close(writing)

    assert sorted(waits) == pytest.approx(list(range(1, 41)), abs=0.5)
    assert not caplog.records


ADDRESSES = [
    "redis:/x",
    "redis://",
    "redis://:secret@",
    "redis://host:port/0",
    "redis://host/db",
    "redis://host/0#x",
    "redis://a host/0",
    "redis://[::1/0",
    "unix:socket",
    "http://host",
    "redis",
    "LOCAL",
    "redis://host/0?nonsense=1",
    "redis://host/0?socket_timeout=long",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_wrong_address_is_one_sentence_when_the_client_is_made(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMDB_ASSETS_LIMITER", address)

    with pytest.raises(ValueError, match=r"\.$") as caught:
        TMDBClient()

    assert "Redis" in str(caught.value) or "redis://host:6379/0" in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        "redis://host",
        "redis://u:p@host:1/0",
        "rediss://host/1",
        "unix:///s?db=1&password=x",
        "redis://[::1]:1/0",
    ],
)
def test_an_address_asks_for_nothing_until_a_slot_is_wanted(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMDB_ASSETS_LIMITER", address)

    client = TMDBClient()

    assert isinstance(client._limiter, RedisLimiter)  # noqa: SLF001 - nothing else tells


def test_a_client_shares_its_budget_under_the_hash_of_server_and_key(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMDB_ASSETS_LIMITER", redis_server.url)
    client = TMDBClient(SECRET, base_url="https://api.example.org/3", requests_per_second=0.01)

    client._limiter.reserve()  # noqa: SLF001 - without a request

    name = shared_path("https://api.example.org/3", SECRET).name
    with redis.Redis.from_url(redis_server.url) as there:
        assert there.exists(f"tmdb_assets:limiter:{name}")


class RepeatingServer(threading.Thread):
    """A server that answers each line with all that it was sent, as an error."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def run(self) -> None:
        """Answer one connection after the other."""
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):  # whoever asked may leave at any time
                while heard := connection.recv(4096):
                    words = heard.replace(b"\r\n", b" ")
                    connection.sendall(b"-ERR unknown command, with args beginning with: " + words + b"\r\n")


@pytest.mark.parametrize("kind", ["refusing", "repeating", "refused", "no TLS"])
def test_a_password_is_shown_nowhere(
    kind: str, redis_program: Path, caplog: pytest.LogCaptureFixture, recwarn: pytest.WarningsRecorder
) -> None:
    caplog.set_level(logging.DEBUG)
    repeating = RepeatingServer()
    repeating.start()
    scheme = "rediss" if kind == "no TLS" else "redis"
    port = 1 if kind == "refused" else repeating.port
    with RedisServer(redis_program, "--requirepass", "another") as server:
        url = f"{scheme}://:{SECRET}@127.0.0.1:{port}/0"
        if kind == "refusing":
            url = f"{server.url}?password={SECRET}"
        limiter = RedisLimiter(url, "key", 1)

        limiter.reserve()

    repeating.listener.close()
    shown = [caplog.text, repr(limiter), str(vars(limiter)), repr(Settings(limiter=url))]
    shown += [str(record.__dict__) for record in caplog.records] + [str(warning) for warning in recwarn]
    assert SECRET not in "\n".join(shown)
    assert "cannot be used" in caplog.text


def test_a_password_that_is_right_opens(redis_program: Path) -> None:
    with RedisServer(redis_program, "--requirepass", SECRET) as server:
        limiter = RedisStore(f"{server.url}?password={SECRET}").limiter(1)

        waits = [limiter.reserve() for _ in range(2)]

    assert waits == pytest.approx([0, 1], abs=0.5)


def test_without_the_package_one_sentence_says_which_extra_to_install() -> None:
    program = """
import sys
sys.modules["redis"] = None
from tmdb_assets.tmdb import TMDBClient
try:
    TMDBClient("0" * 32)
except ValueError as error:
    print(type(error).__name__, error)
"""
    env = {**os.environ, "TMDB_ASSETS_LIMITER": "redis://host"}

    done = subprocess.run(
        [sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True
    )

    assert done.stdout.startswith(SettingsError.__name__)
    assert "pip install 'tmdb-assets[redis]'" in done.stdout
