"""Four runs over overlapping years at once, while somebody reads: one budget, equal tables, no lock error."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets_tests.commands.running import Tables, details_asked, environment, finished, start, tables

THEMES = Path(__file__).with_name("themes.yaml")
_MOST_SECONDS = 1800


@dataclass(frozen=True)
class Together:
    """What came of runs at once.

    Attributes
    ----------
    film_counts, reader_errors
        How many films each read of the snapshot found, and what went wrong for the reader.
    asked_twice
        How many requests for details were for films that had been asked for before.
    alone
        The tables of one run over all of the years.
    """

    tables: Tables
    alone: Tables
    returncodes: list[int]
    says: list[str]
    film_counts: list[int]
    reader_errors: list[str]
    asked_twice: int
    peak_per_second: int
    refused_count: int

    @property
    def has_lock_error(self) -> bool:
        """Whether anybody spoke of a lock."""
        return any(word in text for text in (*self.says, *self.reader_errors) for word in ("lock", "Lock"))


def runs_together(
    folder: Path,
    years: Sequence[str],
    all_years: str,
    *arguments: str,
    requests_per_second: int,
    **fake_options: Any,  # noqa: ANN401 -- as the fake takes them
) -> Together:
    """Run over each of these ranges of years at the same time, and over all of them alone.

    Parameters
    ----------
    requests_per_second
        The one budget of all the runs at once.
    """
    data = folder / "data"
    with FakeTMDB(**fake_options) as fake:
        themes = {"TMDB_ASSETS_THEMES": THEMES}
        budget = {"TMDB_REQUESTS_PER_SECOND": requests_per_second, "XDG_STATE_HOME": folder}
        env = environment(fake, data, **themes, **budget)
        with _reader(data) as reader:
            processes = [start("run", "--years", each, *arguments, env=env) for each in years]
            says = [process.communicate(timeout=_MOST_SECONDS)[1] for process in processes]
            read = json.loads(reader.communicate()[0])
        asked, stats = Counter(details_asked(fake)), fake.stats()
        alone = folder / "alone"
        env = environment(fake, alone, **themes, XDG_STATE_HOME=alone)
        finished("run", "--years", all_years, *arguments, env=env, seconds=_MOST_SECONDS)
    return Together(
        tables=tables(data),
        alone=tables(alone),
        returncodes=[process.returncode for process in processes],
        says=says,
        film_counts=read["film_counts"],
        reader_errors=read["errors"],
        asked_twice=sum(asked.values()) - len(asked),
        peak_per_second=stats["peak_per_second"],
        refused_count=stats["by_status"].get("429", 0),
    )


def _reader(data: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tmdb_assets_tests.proofs.reader", str(data)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
