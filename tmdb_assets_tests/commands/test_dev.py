"""`tmdb-assets dev`: what it serves, and that nothing of it stays, however it ends."""

import os
import re
import signal
import socket
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import httpx
import pytest

from tmdb_assets.commands.sources import open_film_source
from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.settings import Settings
from tmdb_assets.storage.origin import DEMO_KEY
from tmdb_assets_tests.commands.running import details_asked, environment, finished
from tmdb_assets_tests.commands.serving import Server, free_port, left_in_time, serving, wait_until

LAUNCH = """
mutation ($selector: JobOrPipelineSelector!, $tags: [ExecutionTag!]!) {
  launchRun(executionParams: {selector: $selector, executionMetadata: {tags: $tags}, runConfigData: "{}"}) {
    __typename ... on LaunchRunSuccess { run { runId } }
  }
}"""
WHOLE_GRAPH = {
    "repositoryLocationName": "tmdb_assets.definitions",
    "repositoryName": "__repository__",
    "jobName": "whole_graph",
}


@contextmanager
def developing(env: dict[str, str], folder: Path, *options: str) -> Generator[Server]:
    """Run `tmdb-assets dev` until it says that all is up."""
    port = free_port()
    command = [sys.executable, "-m", "tmdb_assets.cli", "dev", "--port", str(port), *options]
    with serving(command, port, env, folder) as server:
        server.wait_until_ready()
        yield server


def test_it_serves_our_assets_keeps_a_second_away_and_ends_on_ctrl_c(tmp_path: Path) -> None:
    """One start for all three: it takes seconds."""
    env = environment(None, tmp_path / "data")
    with developing(env, tmp_path) as server:
        assets = server.assets()
        family = list(server.family())
        second = finished("dev", "--port", str(free_port()), env=env)
        server.process.send_signal(signal.SIGINT)
        left = left_in_time(family)

    assert {"keyword_ids", "discovered_movies", "movie_details", "warehouse"} <= assets
    assert (tmp_path / "data" / "uploads").is_dir()
    assert f"drop a CSV into {tmp_path / 'data' / 'uploads'}" in server.said
    assert f"http://127.0.0.1:{server.port}" in server.said
    assert re.search(r"fake TMDB on http://127\.0\.0\.1:\d+/3", server.said)
    assert second.returncode == 2
    assert "Another `tmdb-assets dev`" in second.stderr
    assert left == []
    assert server.process.returncode == 0


@pytest.mark.parametrize(
    ("killed", "called"),
    [
        ("Dagster webserver", "dagster_service webserver"),
        ("Dagster daemon", "dagster_service daemon"),
        ("Dagster code server", "dagster_service code-server"),
        ("Dagster code server", " api grpc "),
        ("fake TMDB", "fake-tmdb"),
    ],
    ids=["webserver", "daemon", "code server", "code server's worker", "fake"],
)
def test_when_a_service_dies_all_end_and_it_is_named(tmp_path: Path, killed: str, called: str) -> None:
    with developing(environment(None, tmp_path / "data"), tmp_path) as server:
        family = list(server.family())
        os.kill(server.member(called), signal.SIGKILL)
        left = left_in_time(family)
        said, _ = server.process.communicate(timeout=20)

    assert left == []
    assert server.process.returncode == 1
    assert f"tmdb-assets: The {killed} ended by itself" in said
    assert Path(said.rpartition("its log is ")[2].strip(" .\n")).is_file()
    assert "Traceback" not in said


def test_when_it_is_killed_itself_nothing_is_left(tmp_path: Path) -> None:
    with developing(environment(None, tmp_path / "data"), tmp_path) as server:
        family = list(server.family())
        server.process.kill()
        left = left_in_time(family)

    assert left == []


def test_a_run_that_ctrl_c_interrupts_is_seen_as_failed(tmp_path: Path) -> None:
    """With a key of the user's own: no fake is started."""
    with FakeTMDB(films=300, latency_ms=200) as fake:
        env = environment(fake, tmp_path / "data", TMDB_MAX_CONCURRENT="1")
        with developing(env, tmp_path, "--no-fake") as server:
            tags = [
                {"key": f"dagster/asset_partition_range_{end}", "value": "2020"} for end in ("start", "end")
            ]
            launched = server.ask(LAUNCH, selector=WHOLE_GRAPH, tags=tags)["launchRun"]
            wait_until(lambda: details_asked(fake), seconds=60, process=server.process)
            family = server.family()
            server.process.send_signal(signal.SIGTERM)
            left = left_in_time(list(family))

    with dg.DagsterInstance.from_config(str(tmp_path / "data" / "dagster")) as instance:
        run = instance.get_run_by_id(launched["run"]["runId"])
    assert left == []
    assert run
    assert run.status == dg.DagsterRunStatus.FAILURE
    assert not any("fake-tmdb" in command for command in family.values())
    assert "with your key" in server.said


def test_a_fake_whose_port_is_taken_takes_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TMDB_BASE_URL", "TMDB_IMAGE_BASE_URL", "TMDB_API_KEY"):
        monkeypatch.setenv(name, "")  # it sets them, and they are forgotten afterwards
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        settings = Settings(data=tmp_path / "data")
        with open_film_source(settings, allow_fake=True, claims=True, port=port) as source:
            answered = httpx.get(f"{source.settings.base_url}/configuration", params={"api_key": DEMO_KEY})

    assert source.settings.base_url != f"http://127.0.0.1:{port}/3"
    assert answered.status_code == 200


def test_a_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = finished("dev", "--port", str(port), env=environment(None, tmp_path / "data"))

    assert done.returncode == 2
    assert done.stderr == (
        f"tmdb-assets: Port {port} is in use: end what uses it, or choose another with --port.\n"
    )


def test_without_a_key_no_fake_is_refused(tmp_path: Path) -> None:
    env = environment(None, tmp_path / "data")
    done = finished("dev", "--no-fake", "--port", str(free_port()), env=env)

    assert done.returncode == 2
    assert "TMDB_API_KEY is not set" in done.stderr
