"""How the tests run the command line: as a process of its own, over a data folder of its own."""

import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.storage.snapshot import open_snapshot
from tmdb_assets_tests.commands.forked import IMPORTED, become

KEY = "0123456789abcdef0123456789abcdef"
Tables = dict[str, list[tuple[Any, ...]]]
TABLES = (
    "keyword_ids",
    "discovered_movies",
    "movie_details",
    "failed_movies",
    "curated_carousels",
    "all_time_carousels",
)

FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(IMPORTED)


def environment(fake: FakeTMDB | None, data: Path, **settings: object) -> dict[str, str]:
    """Return the environment of a command; without a fake it has no credential."""
    found = {**os.environ, "TMDB_ASSETS_DATA": str(data), "TMDB_REQUESTS_PER_SECOND": "2000"}
    if fake:
        found |= {"TMDB_BASE_URL": fake.base_url, "TMDB_API_KEY": KEY}
    return found | {name: str(value) for name, value in settings.items()}


def start(*arguments: str, env: Mapping[str, str]) -> subprocess.Popen[str]:
    """Start a command, as from a shell."""
    return subprocess.Popen(
        [sys.executable, "-m", "tmdb_assets.cli", *arguments],
        env=dict(env),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def finished(
    *arguments: str, env: Mapping[str, str], seconds: float = 120
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, in a process that begins with Dagster imported."""
    with tempfile.TemporaryDirectory() as folder:
        said = [Path(folder, name) for name in ("out", "err")]
        process = FORKED.Process(target=become, args=(arguments, dict(env), Path.cwd(), said))
        process.start()
        process.join(seconds)
        if process.exitcode is None:
            os.killpg(process.pid or 0, signal.SIGKILL)  # it leads a session of its own
            process.join()
        out, err = (path.read_text() for path in said)
        if process.exitcode == -signal.SIGKILL:
            raise subprocess.TimeoutExpired(arguments, seconds, out, err)
    return subprocess.CompletedProcess(arguments, process.exitcode, out, err)


def tables(data: Path) -> Tables:
    """Return the published tables, without the times at which things happened."""
    with open_snapshot(data / "warehouse.duckdb") as snapshot:
        return {
            table: snapshot.table(table).select("COLUMNS(lambda c: NOT ends_with(c, '_at'))").fetchall()
            for table in TABLES
        }


def details_asked(fake: FakeTMDB, *, status: int | None = None, since: int = 0) -> list[int]:
    """Return the films whose details were asked for, in order, from the request of a number on."""
    prefix = "/3/movie/"
    return [
        int(one.path.removeprefix(prefix))
        for one in fake.requests[since:]
        if one.path.removeprefix(prefix).isdecimal() and status in (None, one.status)
    ]
