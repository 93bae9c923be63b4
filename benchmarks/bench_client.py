"""The client against the other clients of TMDB, on one server and the same 30 kB answers.

Prints Markdown: CPU per 1,000 requests, requests a second, decoding, memory, and how each fares on a server
that allows 40 requests a second. Each client is measured in a process of its own, round by round, so that
whatever else the machine does hits all alike; a figure is the median of the rounds.
"""

import argparse
import json
import select
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.client.clients import CLIENTS, Client
from benchmarks.client.machine import environment, machine, versions
from benchmarks.client.server_alone import answers_per_second
from benchmarks.client.summary import checks, summaries
from benchmarks.client.table import page
from benchmarks.document import placed

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
PAGE = ROOT / "docs" / "performance.md"

_STRETCH_SECONDS = 2.0
_LIMITED_SECONDS = 30.0
_LIMITED_ROUNDS = 3
_PATIENCE_SECONDS = 60.0
"""How long a process may take; then it has failed."""


def main() -> int:
    """Measure, print the page, and say by the exit code whether all that is required is so."""
    options = _options()
    chosen = [client for client in CLIENTS if not options.only or client.name in options.only]
    begun = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder, _server() as server:
        alone = answers_per_second(server["urls"]["at_once"], server["ids"][0], 2.0)
        _say(f"the server alone gives {alone:,.0f} answers a second")
        rounds = [_round(number, options, chosen, server, folder) for number in range(1, options.rounds + 1)]
    of_all = summaries(rounds)
    required = checks(of_all)
    about = _about(server, alone, options, begun)
    text = page(of_all, required, about)
    print(text)
    if options.json:
        options.json.write_text(json.dumps({"about": about, "rounds": rounds}, indent=1))
    if options.write:
        PAGE.write_text(placed(PAGE.read_text(encoding="utf-8"), text, "bench-client"), encoding="utf-8")
    return 1 if any(check.passed is False for check in required) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--requests", type=int, default=1000, help="of a stretch; it ends after 2 s at the latest"
    )
    parser.add_argument(
        "--only",
        action="append",
        choices=[client.name for client in CLIENTS],
        help="may be given several times",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="where the figures of each round go")
    parser.add_argument(
        "--write", action="store_true", help=f"put the tables into {PAGE.relative_to(ROOT)}, too"
    )
    return parser.parse_args()


@contextmanager
def _server() -> Generator[dict[str, Any]]:
    """Start the server, and give what it tells: where it listens, and which films it has."""
    command = [sys.executable, "-m", "benchmarks.client.server", str(SHARED)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            if process.stdout is None or not select.select([process.stdout], [], [], _PATIENCE_SECONDS)[0]:
                raise SystemExit("The server did not start: see above why.")
            yield json.loads(process.stdout.readline())
        finally:
            process.kill()


def _round(
    number: int,
    options: argparse.Namespace,
    clients: Sequence[Client],
    server: Mapping[str, Any],
    folder: str,
) -> dict[str, dict[str, Any]]:
    """Measure every client once; who is first changes from round to round."""
    figures: dict[str, dict[str, Any]] = {}
    shift = number % len(clients)
    for client in [*clients[shift:], *clients[:shift]]:
        order = {
            "client": client.name,
            "kind": client.kind,
            "urls": server["urls"],
            "ids": server["ids"],
            "requests": options.requests,
        }
        found = _measured({**order, "what": "speed", "seconds": _STRETCH_SECONDS}, folder)
        if number <= _LIMITED_ROUNDS and "failure" not in found:
            found |= _limited(order, server, folder)
        figures[client.name] = found
        _say(f"round {number} of {options.rounds}: {client.name}: {_gist(found)}")
    return figures


def _measured(order: Mapping[str, Any], folder: str) -> dict[str, Any]:
    """Run a client's process, and return its figures, or ``failure`` with the reason."""
    command = [sys.executable, "-m", "benchmarks.client.measure"]
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment(folder),
            input=json.dumps(order),
            capture_output=True,
            text=True,
            timeout=_PATIENCE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"failure": f"no figures within {_PATIENCE_SECONDS:.0f} s"}
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or [f"it ended with {done.returncode}, without a word"])[-1]
        return {"failure": last[:120].replace("|", "/")}
    return json.loads(done.stdout.splitlines()[-1])


def _limited(order: Mapping[str, Any], server: Mapping[str, Any], folder: str) -> dict[str, Any]:
    """Let a client's process loose on the limited server, when its window is empty again."""
    _refused(server)  # those of the last client, should it have been stopped
    time.sleep(1)
    found = _measured({**order, "what": "limited", "seconds": _LIMITED_SECONDS}, folder)
    return found if "failure" in found else {"limited": found | {"refused": _refused(server)}}


def _refused(server: Mapping[str, Any]) -> int:
    """Return how many 429s the limited server gave since this was last asked."""
    url = f"{server['urls']['limited']}/__counts__"
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 -- the benchmark's own server
        return json.load(answer).get("refused", 0)


def _about(
    server: Mapping[str, Any], alone: float, options: argparse.Namespace, begun: datetime
) -> dict[str, str]:
    kind = "real films with recorded credits" if server["real"] else "fictional films"
    limited = min(options.rounds, _LIMITED_ROUNDS)
    minutes = (datetime.now(UTC) - begun).total_seconds() / 60
    return {
        "command": f"`make bench-client`, {begun:%d %B %Y}, {minutes:.0f} minutes",
        "machine": machine(),
        "versions": versions(
            [*(client.package for client in CLIENTS), "requests", "httpx-aiohttp", "msgspec"]
        ),
        "answers": f"{len(server['ids'])} {kind}, {server['bytes']:,} bytes each, "
        f"{server['zipped_bytes']:,} with gzip; the server alone gives {alone:,.0f} a second",
        "figures": f"medians of {options.rounds} rounds, on the limited server of {limited}; in each round "
        f"{options.requests} requests or {_STRETCH_SECONDS:g} s; CPU and decoding are per 1,000 requests",
    }


def _gist(found: Mapping[str, Any]) -> str:
    if "failure" in found:
        return f"failed: {found['failure']}"
    words = f"{found['at_once_20']['cpu']:.2f} CPU s per 1,000"
    limited = found.get("limited")
    return (
        words
        if limited is None
        else f"{words}; limited: {limited['films']} films in {limited['seconds']:.2f} s"
    )


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
