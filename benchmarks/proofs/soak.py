"""Very many fictional films of all years in one run, without a rate limit: is memory flat, time linear."""

import re
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.client.machine import environment
from benchmarks.proofs.sampling import halves, watched
from benchmarks.proofs.verdicts import Verdict, at_most

__all__ = ["soak"]

_KEY = "0123456789abcdef0123456789abcdef"
_RUN = ("run", "--years", "1874-2027", "--min-votes", "0")
_MOST_MEGABYTES = 600
_MOST_TIMES = 1.15
_ENOUGH = 0.98
"""Of the fictional films some are for adults, and TMDB's lists leave those out."""


def soak(folder: Path, films: int) -> list[Verdict]:
    """Run once over all films, and say what it took."""
    with _fake(films, folder) as base_url, (folder / "said").open("w+") as said:
        env = environment(str(folder)) | {
            "TMDB_BASE_URL": base_url,
            "TMDB_API_KEY": _KEY,
            "TMDB_REQUESTS_PER_SECOND": "100000",
            "TMDB_ASSETS_DATA": str(folder / "data"),
        }
        begun = time.monotonic()
        command = [sys.executable, "-m", "tmdb_assets.cli", *_RUN]
        with subprocess.Popen(command, env=env, stdout=said, stderr=said, text=True) as process:
            samples = watched(process, base_url)
        seconds = time.monotonic() - begun
        said.seek(0)
        ending = said.read().splitlines()[-3:]
    name = f"soak, {films:,} films"
    if process.returncode or not samples or not samples[-1].films:
        return [
            Verdict(name, "the run ends well", f"exit {process.returncode}: {' '.join(ending)}", passed=False)
        ]
    got = samples[-1].films
    held = [sample.most_megabytes for sample in samples]
    cpu, wall = halves(samples, "cpu_seconds"), halves(samples, "seconds")
    return [
        Verdict(name, "all films", f"{got:,} in {seconds / 60:.1f} min", passed=got >= _ENOUGH * films),
        at_most(name, "MB of all its processes", max(held), _MOST_MEGABYTES),
        at_most(name, "CPU, second half of the films / first", cpu[1] / cpu[0], _MOST_TIMES, "{:.2f}"),
        at_most(name, "time, second half of the films / first", wall[1] / wall[0], _MOST_TIMES, "{:.2f}"),
    ]


@contextmanager
def _fake(films: int, folder: Path) -> Generator[str]:
    """Start a TMDB in a process of its own, and yield its base URL."""
    command = [sys.executable, "-m", "tmdb_assets.cli", "fake-tmdb", "--port", "0", "--films", str(films)]
    env = environment(str(folder))
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
        try:
            found = re.search(r"http://\S+/3", next(iter(process.stdout or ()), ""))
            if found is None:
                raise OSError("The fake TMDB did not start.")
            yield found[0]
        finally:
            process.terminate()
