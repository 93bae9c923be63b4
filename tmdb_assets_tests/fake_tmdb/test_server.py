"""The server: rate limit, latency, statistics, log, hook, start and stop."""

import asyncio
import signal
import socket
import subprocess
import sys
import threading
import time

import aiohttp
import httpx
import pytest

from tmdb_assets.fake_tmdb import FakeTMDB, serve
from tmdb_assets.fake_tmdb.rate_limit import SlidingWindow
from tmdb_assets_tests.fake_tmdb.asking import KEY, client_of


def test_no_second_admits_more_than_the_limit() -> None:
    window = SlidingWindow(40)
    arrivals = [number / 97 for number in range(1000)]

    admitted = [moment for moment in arrivals if window.admit(moment)]

    assert all(sum(start <= each < start + 1 for each in admitted) <= 40 for start in admitted)
    assert len(admitted) >= 40 * 10


def test_a_burst_beyond_the_limit_is_told_to_wait() -> None:
    with FakeTMDB(films=0, requests_per_second=5) as fake, client_of(fake) as client:
        answers = [client.get("/configuration") for _ in range(8)]

    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 3
    assert answers[-1].headers["Retry-After"] == "1"
    assert answers[-1].json()["status_code"] == 25


@pytest.mark.parametrize("rate", [0, -1])
def test_a_rate_below_one_is_refused(rate: int) -> None:
    with pytest.raises(ValueError, match="it must be 1 or more"):
        FakeTMDB(films=0, requests_per_second=rate)


def test_every_answer_takes_the_latency_and_they_overlap() -> None:
    async def ask_twenty(base_url: str) -> list[float]:
        async with aiohttp.ClientSession() as session:

            async def ask() -> float:
                started = time.monotonic()
                async with session.get(f"{base_url}/configuration", params={"api_key": KEY}) as answer:
                    await answer.read()
                return time.monotonic() - started

            return await asyncio.gather(*(ask() for _ in range(20)))

    with FakeTMDB(films=0, latency_ms=200) as fake:
        started = time.monotonic()
        took = asyncio.run(ask_twenty(fake.base_url))
        total = time.monotonic() - started
        stats = fake.stats()

    assert min(took) >= 0.2
    assert total < 2
    assert stats["peak_concurrency"] == 20
    assert stats["peak_per_second"] == 20


def test_statistics_count_requests_by_path_and_status(empty: FakeTMDB, ask: httpx.Client) -> None:
    empty.add_movie(1, "2000-01-01", imdb_id="tt0000001")
    for path in ("/movie/1", "/movie/1", "/movie/tt0000001", "/movie/2", "/movie/1/credits", "/tv/5"):
        ask.get(path)

    stats = ask.get(empty.base_url.removesuffix("/3") + "/__stats__").json()

    assert stats == empty.stats()
    assert stats["requests"] == 6
    assert stats["by_path"] == {"(unknown)": 1, "/3/movie/{id}": 4, "/3/movie/{id}/credits": 1}
    assert stats["by_status"] == {"200": 4, "404": 2}
    assert stats["by_path_and_status"]["/3/movie/{id}"] == {"200": 3, "404": 1}
    assert stats["repeated_details"] == 2
    assert stats["peak_concurrency"] == 1


def test_asking_again_after_a_broken_answer_is_no_repetition() -> None:
    with FakeTMDB(films=0, faults="500@1,truncate@2,empty@3") as fake, client_of(fake) as client:
        fake.add_movie(1, "2000-01-01")
        for _ in range(5):
            client.get("/movie/1")

        assert fake.stats()["repeated_details"] == 1


def test_the_log_has_every_request_without_its_credential(empty: FakeTMDB, ask: httpx.Client) -> None:
    ask.get("/search/movie", params={"query": "x"})
    ask.get("/movie/9")

    assert [(each.method, each.path, each.query, each.status) for each in empty.requests] == [
        ("GET", "/3/search/movie", {"query": "x"}, 200),
        ("GET", "/3/movie/9", {}, 404),
    ]


def test_a_hook_sees_each_request_before_it_is_answered() -> None:
    seen: list[tuple[int, str]] = []
    fake = FakeTMDB(films=0, on_request=lambda number, path: seen.append((number, path)))

    with fake, client_of(fake) as client:
        client.get("/configuration")
        client.get("/movie/1")

    assert seen == [(1, "/3/configuration"), (2, "/3/movie/1")]


def test_the_hook_may_change_the_films() -> None:
    fake = FakeTMDB(films=0, on_request=lambda *_: fake.add_movie(1, "2000-01-01"))

    with fake, client_of(fake) as client:
        assert client.get("/movie/1").status_code == 200


def test_a_fake_can_be_started_again_after_it_stopped() -> None:
    fake = FakeTMDB(films=0)
    with fake:
        first = fake.base_url
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{first}/configuration")
    with fake, client_of(fake) as client:
        assert client.get("/configuration").status_code == 200


def test_stopping_waits_for_no_client() -> None:
    arrived = threading.Event()
    with FakeTMDB(films=0, latency_ms=60_000, on_request=lambda *_: arrived.set()) as fake:
        waiting = threading.Thread(target=ignore_errors, args=(f"{fake.base_url}/configuration",))
        waiting.start()
        arrived.wait()
        started = time.monotonic()
    waiting.join()

    assert time.monotonic() - started < 10


def test_a_port_in_use_is_an_error_before_anything_is_served() -> None:
    ready: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        serve(films=0, port=taken.getsockname()[1], on_ready=ready.append)

    assert ready == []


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_the_command_serves_until_it_is_told_to_stop(stop: signal.Signals) -> None:
    code = "from tmdb_assets.fake_tmdb import serve; serve(films=10, on_ready=lambda u: print(u, flush=True))"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        base_url = process.stdout.readline().strip()
        answer = httpx.get(f"{base_url}/discover/movie", params={"api_key": KEY})
        process.send_signal(stop)

        assert process.wait(timeout=20) == 0
    assert answer.headers["X-Fake-TMDB"] == "fictional; seed=1; films=10"


def test_the_fake_imports_nothing_of_the_rest() -> None:
    code = "import sys, tmdb_assets.fake_tmdb; print(*sys.modules)"

    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    ours = {name for name in loaded.split() if name.startswith("tmdb_assets")}
    assert len(ours) > 10
    assert {name for name in ours if not name.startswith("tmdb_assets.fake_tmdb")} == {"tmdb_assets"}


def ignore_errors(url: str) -> None:
    try:
        httpx.get(url, params={"api_key": KEY}, timeout=60)
    except httpx.TransportError:
        return
