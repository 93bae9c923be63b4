"""What a client opens it closes, and nobody has anything to complain of."""

import asyncio
import gc
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tmdb_assets.tmdb import AsyncTMDBClient
from tmdb_assets_tests.tmdb.odd_server import OddServer

CHECKOUT = Path(__file__).parents[2]
KEY = "feedfacefeedfacefeedfacefeedface"


def run(program: str, *arguments: str, warnings: str = "error") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [
            *(sys.executable, "-X", "dev", "-W", warnings),
            *("-m", f"tmdb_assets_tests.tmdb.{program}", *arguments),
        ],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "TMDB_API_KEY": KEY},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="this system does not list open files")
def test_hundreds_of_faults_leave_no_socket_open_and_nothing_to_complain_of() -> None:
    done = run("plain_use")

    slow_machine = "Executing <"  # what asyncio says of a step that took over a tenth of a second
    assert [line for line in done.stderr.splitlines() if not line.startswith(slow_machine)] == []
    before, after = done.stdout.split()
    assert before == after


def warned(errors: str) -> list[str]:
    return [line for line in errors.splitlines() if ": ResourceWarning: " in line]


@pytest.mark.parametrize("way", ["sync", "async"])
def test_a_client_that_is_never_closed_is_warned_of_once(way: str) -> None:
    done = run("forgetting", way, warnings="always")

    assert len(warned(done.stderr)) == 1, done.stderr
    assert "was never closed; use it in a with block" in warned(done.stderr)[0]
    assert "forgetting.py" in warned(done.stderr)[0]
    assert KEY not in done.stderr
    assert "Unclosed" not in done.stderr


def test_a_client_that_outlives_its_loop_is_warned_of_without_anything_of_aiohttp() -> None:
    """Python itself warns of each socket then, which nothing can close any more."""
    done = run("forgetting", "async, outside of its loop", warnings="always")

    assert ["was never closed" in line for line in warned(done.stderr)].count(True) == 1
    assert KEY not in done.stderr
    assert "Unclosed" not in done.stderr


@pytest.mark.filterwarnings(
    "ignore:unclosed:ResourceWarning"
)  # Python's own: nothing can close them any more
def test_a_client_of_a_loop_that_is_over_says_so_and_can_still_be_closed() -> None:
    async def ask(client: AsyncTMDBClient) -> int:
        return (await client.movies.details(1)).id

    async def ask_close_ask(client: AsyncTMDBClient) -> int:
        with pytest.raises(RuntimeError, match="another event loop"):
            await ask(client)
        await client.aclose()
        try:
            return await ask(client)
        finally:
            await client.aclose()

    with OddServer() as server:
        client = AsyncTMDBClient(base_url=server.url)
        asyncio.run(ask(client))

        assert asyncio.run(ask_close_ask(client)) == 1
        gc.collect()
