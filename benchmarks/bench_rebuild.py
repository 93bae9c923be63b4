"""A rebuild, stage by stage: CPU and wall per 1,000 films, the fixed start apart.

Two journals of the same years, one with every second film of the other: what the difference took is what
films take, the rest is the start. CPU is that of all processes; the yardstick is plain decoding of the same
answers in the same run, so the ratio holds on a busy machine too.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from benchmarks.client.machine import environment, machine
from benchmarks.document import placed
from benchmarks.rebuild_figures import Rebuilds, table
from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.settings import Settings
from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.journal_lines import lines_of
from tmdb_assets.tables import DiscoveredMovie, KeywordId
from tmdb_assets.tmdb.models import MovieDetails

ROOT = Path(__file__).resolve().parents[1]
FILMS = ROOT.parent / "shared" / "films" / "films_2017.jsonl.gz"
PAGE = ROOT / "docs" / "performance.md"
KEPT = Path(tempfile.gettempdir()) / "tmdb-assets-bench-rebuild"
KEY = "0123456789abcdef0123456789abcdef"
YEARS = "1874-2027"


def main() -> int:
    """Rebuild a few times and print the figures."""
    options = _options()
    if not FILMS.exists():
        print(f"The real films are not here: {FILMS}", file=sys.stderr)
        return 2
    begun = datetime.now(UTC)
    found = {
        "real films, no credits": _measured("real", {"films_file": FILMS}, options.times),
        "fictional films, credits": _measured(
            f"fictional-{options.films}", {"films": options.films}, options.times
        ),
    }
    text = f"- command: `make bench-rebuild`, {begun:%-d %B %Y}\n- machine: {machine()}\n\n{table(found)}"
    print(text)
    if options.write:
        PAGE.write_text(placed(PAGE.read_text(encoding="utf-8"), text, "bench-rebuild"), encoding="utf-8")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--films", type=int, default=20_000, help="fictional ones")
    parser.add_argument("--times", type=int, default=3, help="each; the quickest counts")
    parser.add_argument("--write", action="store_true", help=f"put the table into {PAGE.relative_to(ROOT)}")
    return parser.parse_args()


def _measured(name: str, films: Mapping[str, Any], times: int) -> Rebuilds:
    whole, half = KEPT / name, KEPT / f"{name}-half"
    if not whole.exists():
        _fetched(whole, films)
    if not half.exists():
        _halved(whole, half)
    plain = min(_plain_decoding(whole) for _ in range(times))
    runs = [(_rebuilt(half), _rebuilt(whole)) for _ in range(times)]
    return Rebuilds([half for half, _ in runs], [whole for _, whole in runs], plain)


def _fetched(folder: Path, films: Mapping[str, Any]) -> None:
    """Run once over all films; what is kept of it serves until the folder is removed."""
    building = folder.with_suffix(".building")
    shutil.rmtree(building, ignore_errors=True)
    with FakeTMDB(**films) as fake:
        env = _environment(building) | {"TMDB_BASE_URL": fake.base_url, "TMDB_API_KEY": KEY}
        command = [sys.executable, "-m", "tmdb_assets.cli", "run", "--years", YEARS, "--min-votes", "0"]
        subprocess.run(command, env=env, check=True, stdout=subprocess.DEVNULL)
    building.rename(folder)


def _halved(whole: Path, half: Path) -> None:
    """Keep every second film of a folder in another."""
    building = half.with_suffix(".building")
    shutil.rmtree(building, ignore_errors=True)
    old, new = Storage.open(Settings(data=whole)), Storage.open(Settings(data=building))
    for _, rows in old.lists.read(KeywordId):
        new.lists.keep(KeywordId, rows)
    for year, rows in old.lists.read(DiscoveredMovie):
        new.lists.keep(DiscoveredMovie, rows.filter(pl.col("tmdb_id") % 2 == 0), year)
    for path in old.journal.segments():  # each of its own: readers share segments
        with new.journal.new_segment() as segment:
            for line, body in lines_of([path], print):
                if line.tmdb_id % 2 == 0:
                    segment.append(msgspec.structs.replace(line, body=msgspec.Raw(body)))
        new.journal.seal(segment.path)
    building.rename(half)


def _plain_decoding(folder: Path) -> float:
    """Return how many CPU seconds msgspec takes for 1,000 answers."""
    storage = Storage.open(Settings(data=folder))
    decoder = msgspec.json.Decoder(MovieDetails)
    spent, count = 0.0, 0
    for line, body in lines_of(storage.journal.segments(), print):
        if line.outcome == "ok":
            begun = time.process_time()
            decoder.decode(body)
            spent += time.process_time() - begun
            count += 1
    return 1000 * spent / count


def _rebuilt(folder: Path) -> Mapping[str, Any]:
    """Rebuild in a process of its own; return what it says, with its peak of memory and all its time."""
    for made in ("lake", "warehouse.duckdb"):
        shutil.rmtree(folder / made, ignore_errors=True)
    command = [sys.executable, "-m", "tmdb_assets.cli", "rebuild", "--json"]
    begun = time.monotonic()
    with subprocess.Popen(command, env=_environment(folder), stdout=subprocess.PIPE) as process:
        said = process.stdout.read() if process.stdout else b""
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise OSError(f"The rebuild of {folder} failed with exit code {process.returncode}.")
    return json.loads(said) | {
        "all_seconds": time.monotonic() - begun,
        "all_cpu_seconds": used.ru_utime + used.ru_stime,
        "peak_megabytes": used.ru_maxrss / 1024,
    }


def _environment(data: Path) -> dict[str, str]:
    return environment(str(KEPT)) | {
        "TMDB_REQUESTS_PER_SECOND": "100000",
        "TMDB_ASSETS_DATA": str(data),
        "DAGSTER_HOME": str(data / "dagster"),
    }


if __name__ == "__main__":
    sys.exit(main())
