"""A whole run over the real films of ../shared; the server allows 40 requests a second, with 80 ms latency.

Prints how much of the budget is used while details are fetched, requests per film, repeats, 429s, and what
the run takes beside waiting for the budget.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tmdb_assets.fake_tmdb import FakeTMDB

FILMS = Path(__file__).resolve().parents[2] / "shared" / "films" / "films_2017.jsonl.gz"
KEY = "0123456789abcdef0123456789abcdef"


def main() -> int:
    """Run once and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", default="1990-2016")
    parser.add_argument("--budget", type=float, default=38.0, help="requests per second of our client")
    options = parser.parse_args()
    if not FILMS.exists():
        print(f"The real films are not here: {FILMS}", file=sys.stderr)
        return 2
    with (
        tempfile.TemporaryDirectory() as folder,
        FakeTMDB(films_file=FILMS, requests_per_second=40, latency_ms=80) as fake,
    ):
        env = os.environ | {
            "TMDB_BASE_URL": fake.base_url,
            "TMDB_API_KEY": KEY,
            "TMDB_REQUESTS_PER_SECOND": str(options.budget),
            "TMDB_ASSETS_DATA": f"{folder}/data",
            "DAGSTER_HOME": f"{folder}/data/dagster",
            "XDG_STATE_HOME": folder,
        }
        command = [sys.executable, "-m", "tmdb_assets.cli", "run", "--years", options.years, "--json"]
        begun = time.monotonic()
        first = json.loads(subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE).stdout)
        seconds = time.monotonic() - begun
        again = json.loads(subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE).stdout)
        stats = fake.stats()
    details = first["tables"]["movie_details"]
    ideal = first["requests"] / options.budget
    print(f"years {options.years}, {platform.python_version()}, {os.cpu_count()} cores")
    print(f"films                        {details['rows']:>8,}")
    print(f"requests                     {first['requests']:>8,}")
    print(f"details: of the budget used  {details['requests_per_second'] / options.budget:>8.3f}")
    print(f"details: requests per film   {details['requests'] / details['rows']:>8.3f}")
    print(f"details asked for again      {stats['repeated_details']:>8,}")
    print(f"429s                         {stats['by_status'].get('429', 0):>8,}")
    print(f"most in any second           {stats['peak_per_second']:>8,}  (the server allows 40)")
    print(f"seconds                      {seconds:>8.1f}")
    print(f"ideal: requests / budget     {ideal:>8.1f}")
    print(f"beside waiting               {seconds - ideal:>8.1f}")
    print(f"second run: requests         {again['requests']:>8,}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
