"""What a process does that becomes a command of ours: it was forked from one that has Dagster imported.

To start Python and to import that takes longer than most commands do. Of ours nothing is imported before, for
polars comes with it, and its threads do not outlive a fork.
"""

import os
import runpy
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

IMPORTED = [
    "dagster",
    "dagster._core.storage.sqlite_storage",
    "aiohttp",
    "duckdb",
    "httpx",
    "pydantic_settings",
]


def become(arguments: Sequence[str], env: Mapping[str, str], folder: Path, said: Sequence[Path]) -> None:
    """Run what ``python -m tmdb_assets.cli`` runs, in a folder, and write its output and errors to files."""
    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    for number, path in enumerate(said, start=1):
        with path.open("wb") as file:
            os.dup2(file.fileno(), number)
    sys.argv = ["tmdb-assets", *arguments]
    runpy.run_module("tmdb_assets.cli", run_name="__main__", alter_sys=True)
