"""A run over a TMDB that answers one request of five wrongly, beside one over a TMDB that never does."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.fake_tmdb.faults import Faults
from tmdb_assets_tests.commands.running import Tables, environment, finished, tables

SHARES = {
    "429": 0.02,
    "500": 0.03,
    "502html": 0.02,
    "503": 0.02,
    "504": 0.01,
    "reset": 0.02,
    "reset_body": 0.02,
    "truncate": 0.02,
    "truncate_gzip": 0.01,
    "empty": 0.01,
    "html200": 0.01,
    "slow": 0.01,
    "drift": 0.2,
}
"""How often each fault happens; drift, which is none, comes on top of one in five."""

BURSTS = ((60, 25), (300, 40))
"""Where bursts of 429s begin, and how many requests in a row they last."""


def faults(*, bursts: Sequence[tuple[int, int]] = BURSTS) -> str:
    """Return what goes wrong, as the fake understands it."""
    refused = [f"429@{n}" for first, count in bursts for n in range(first, first + count)]
    return ",".join([*(f"{name}:{share}" for name, share in SHARES.items()), *refused])


@dataclass(frozen=True)
class Chaos:
    """What came of a run.

    Attributes
    ----------
    faults
        How often each fault happened, drift apart.
    """

    tables: Tables
    returncode: int
    says: str
    stats: dict[str, Any]
    faults: Counter[str]

    @property
    def faulty_share(self) -> float:
        """The share of the requests that a fault befell."""
        return self.faults.total() / self.stats["requests"]


def run(folder: Path, *arguments: str, **fake_options: Any) -> Chaos:  # noqa: ANN401 -- as the fake takes them
    """Run over a fake with these options, and return what came of it."""
    with FakeTMDB(**fake_options) as fake:
        env = environment(fake, folder / "data") | {"XDG_STATE_HOME": str(folder)}
        done = finished("run", *arguments, env=env, seconds=1800)
        stats = fake.stats()
        injected = Faults.parse(fake.faults, fake.seed)
    chosen = (injected.choose(number) for number in range(1, stats["requests"] + 1))
    return Chaos(
        tables=tables(folder / "data"),
        returncode=done.returncode,
        says=done.stderr,
        stats=stats,
        faults=Counter(filter(None, chosen)),
    )
