"""A whole run over the real films of ../shared; the server allows 40 requests a second, with 80 ms latency.

Prints how much of the budget is used while films are fetched, requests per film, repeats, 429s, what the run
takes beside waiting for the budget, and how long each stage takes. A rebuild of the same films times the
stages that need no request: in the run they go on while it waits.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.client.machine import environment, machine
from benchmarks.document import placed
from benchmarks.sync_figures import SyncRuns, figures, table
from tmdb_assets.fake_tmdb import FakeTMDB

ROOT = Path(__file__).resolve().parents[1]
FILMS = ROOT.parent / "shared" / "films" / "films_2017.jsonl.gz"
PAGE = ROOT / "docs" / "performance.md"
KEY = "0123456789abcdef0123456789abcdef"
LIMIT, LATENCY_MS = 40, 80


def main() -> int:
    """Run once and print the figures."""
    options = _options()
    if not FILMS.exists():
        print(f"The real films are not here: {FILMS}", file=sys.stderr)
        return 2
    begun = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        runs = _measured(Path(folder), options.years, options.budget)
    about = (
        f"- command: `make bench-sync`, {begun:%-d %B %Y}, years {options.years}\n"
        f"- server: {LIMIT} requests a second, {LATENCY_MS} ms\n- machine: {machine()}"
    )
    text = f"{about}\n\n{table(figures(runs))}"
    print(text)
    if options.write:
        PAGE.write_text(placed(PAGE.read_text(encoding="utf-8"), text, "bench-sync"), encoding="utf-8")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", default="1990-2016")
    parser.add_argument("--budget", type=float, default=38.0, help="requests per second of our client")
    parser.add_argument("--write", action="store_true", help=f"put the table into {PAGE.relative_to(ROOT)}")
    return parser.parse_args()


def _measured(folder: Path, years: str, budget: float) -> SyncRuns:
    with FakeTMDB(films_file=FILMS, requests_per_second=LIMIT, latency_ms=LATENCY_MS) as fake:
        env = environment(str(folder)) | {
            "TMDB_BASE_URL": fake.base_url,
            "TMDB_API_KEY": KEY,
            "TMDB_REQUESTS_PER_SECOND": str(budget),
            "TMDB_ASSETS_DATA": str(folder / "data"),
            "DAGSTER_HOME": str(folder / "data" / "dagster"),
        }
        begun = time.monotonic()
        first = _command("run", "--years", years, env=env)
        seconds = time.monotonic() - begun
        again = _command("run", "--years", years, env=env)
        stats = fake.stats()
    return SyncRuns(first, again, _command("rebuild", env=env), stats, seconds, budget, LIMIT)


def _command(*arguments: str, env: Mapping[str, str]) -> Mapping[str, Any]:
    command = [sys.executable, "-m", "tmdb_assets.cli", *arguments, "--json"]
    done = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


if __name__ == "__main__":
    sys.exit(main())
