"""The benchmark's server and a measured process, together as they run."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from benchmarks.client.server_alone import answers_per_second

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Serve fictional films; the real ones may not be here."""
    nothing_shared = tmp_path_factory.mktemp("nothing_shared")
    command = [sys.executable, "-m", "benchmarks.client.server", str(nothing_shared), "--films", "60"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
        process.kill()


def measured(server: dict[str, Any], client: str, kind: str, what: str) -> dict[str, Any]:
    names = ("urls", "ids")
    order = {name: server[name] for name in names} | {"client": client, "kind": kind, "what": what}
    command = [sys.executable, "-m", "benchmarks.client.measure"]
    wanted = json.dumps(order | {"requests": 40, "seconds": 20.0})
    done = subprocess.run(
        command, cwd=ROOT, input=wanted, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("client", "kind"),
    [("ours_sync", "sync"), ("ours_async", "async"), ("bare_aiohttp", "async"), ("tmdbsimple", "sync")],
)
def test_a_client_gets_the_films_that_it_asks_for(server: dict[str, Any], client: str, kind: str) -> None:
    figures = measured(server, client, kind, "speed")

    assert figures["at_once_20"]["wrong"] == figures["after_50_ms_20"]["wrong"] == 0
    assert 0 < figures["at_once_20"]["cpu"] < 100
    assert 0 < figures["after_50_ms_20"]["rate"] <= 400
    assert figures["decode_ms"] > 0
    assert figures["peak_mb"] > 10


def test_the_limited_server_refuses_what_is_over_its_limit(server: dict[str, Any]) -> None:
    found = measured(server, "tmdbsimple", "sync", "limited")

    counts = httpx.get(f"{server['urls']['limited']}/__counts__").json()
    assert 40 <= found["films"] < 60
    assert found["errors"] == {"HTTPError": 60 - found["films"]}
    assert counts == {"given": found["films"], "refused": 60 - found["films"]}


def test_every_body_is_30_kb_plain_or_with_gzip(server: dict[str, Any]) -> None:
    url = f"{server['urls']['at_once']}/movie/{server['ids'][7]}?api_key=x"

    plain, zipped = (httpx.get(url, headers={"accept-encoding": each}) for each in ("identity", "gzip"))

    assert plain.json()["id"] == server["ids"][7]
    assert plain.content == zipped.content
    assert 29_000 < len(plain.content) <= 30_000
    assert [each.headers.get("content-encoding") for each in (plain, zipped)] == [None, "gzip"]


def test_a_connection_that_is_to_be_closed_is_closed(server: dict[str, Any]) -> None:
    url = f"{server['urls']['after_50_ms']}/movie/{server['ids'][0]}"

    with httpx.Client() as client:
        answers = [client.get(url, headers={"connection": "close"}) for _ in range(2)]

    assert [each.headers["connection"] for each in answers] == ["close", "close"]


def test_the_server_alone_can_be_measured(server: dict[str, Any]) -> None:
    rate = answers_per_second(server["urls"]["at_once"], server["ids"][0], 0.2)

    assert rate > 500
