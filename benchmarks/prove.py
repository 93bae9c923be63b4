"""The long forms of all proofs, one after another: what is required, what was found, pass or fail.

Exit code 1 when something fails. The real films of ../shared are needed; it takes up to an hour on two cores.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.client.machine import machine
from benchmarks.document import placed
from benchmarks.proofs.long_forms import chaos, commands, concurrency, crash
from benchmarks.proofs.models import models
from benchmarks.proofs.soak import soak
from benchmarks.proofs.verdicts import Verdict, table

ROOT = Path(__file__).resolve().parents[1]
FILMS = ROOT.parent / "shared" / "films" / "films_2017.jsonl.gz"
PAGE = ROOT / "docs" / "performance.md"
_SOAK_FILMS = 200_000


def main() -> int:
    """Prove, print the table, and say by the exit code whether all holds."""
    options = _options()
    if not FILMS.exists():
        print(f"The real films are not here: {FILMS}", file=sys.stderr)
        return 2
    begun, started = datetime.now(UTC), time.monotonic()
    verdicts: list[Verdict] = []
    for name, prove in _proofs(options.films).items():
        if not options.only or name in options.only:
            with tempfile.TemporaryDirectory(prefix=f"prove-{name}-") as folder:
                verdicts += prove(Path(folder))
    minutes = (time.monotonic() - started) / 60
    about = f"- command: `make prove`, {begun:%-d %B %Y}, {minutes:.0f} minutes\n- machine: {machine()}"
    text = f"{about}\n\n{table(verdicts)}"
    print(text)
    if options.write:
        PAGE.write_text(placed(PAGE.read_text(encoding="utf-8"), text, "prove"), encoding="utf-8")
    return 1 if any(not verdict.passed for verdict in verdicts) else 0


def _proofs(soak_films: int) -> Mapping[str, Callable[[Path], list[Verdict]]]:
    return {
        "concurrency": lambda folder: concurrency(folder, FILMS, _say),
        "crash": lambda folder: crash(folder, _say),
        "commands": lambda folder: commands(folder, _say),
        "chaos": lambda folder: chaos(folder, FILMS, _say),
        "models": models,
        "soak": lambda folder: soak(folder, soak_films),
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", action="append", choices=list(_proofs(0)), help="this proof; repeatable")
    parser.add_argument("--films", type=int, default=_SOAK_FILMS, help="of the soak")
    parser.add_argument("--write", action="store_true", help=f"put the table into {PAGE.relative_to(ROOT)}")
    return parser.parse_args()


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
