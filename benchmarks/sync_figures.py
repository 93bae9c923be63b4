"""From what a run and a rebuild say of themselves to the table of figures; no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["SyncRuns", "figures", "table"]


@dataclass(frozen=True, slots=True)
class SyncRuns:
    """What was measured.

    Attributes
    ----------
    first, again, rebuilt
        What ``run``, the same ``run`` once more, and ``rebuild`` print with ``--json``.
    stats
        What the server counted in both runs.
    seconds
        How long the first run took, from its start as a process to its end.
    budget, limit
        Requests a second that the client may send, and that the server allows.
    """

    first: Mapping[str, Any]
    again: Mapping[str, Any]
    rebuilt: Mapping[str, Any]
    stats: Mapping[str, Any]
    seconds: float
    budget: float
    limit: int


def figures(runs: SyncRuns) -> dict[str, str]:
    """Return the figures, by what they are."""
    tables = runs.first["tables"]
    details, discovered = tables["movie_details"], tables["discovered_movies"]
    films = details["rows"]
    rate_used = details["requests_per_second"] / runs.budget
    ideal = runs.first["requests"] / runs.budget
    stages = runs.rebuilt["seconds"]
    by_stage = {
        "discover": discovered["seconds"],
        "fetch": details["seconds"],
        "decode and transform": stages["read"] + stages["replay"],
        "store": stages["store"],
        "curate": stages["curate"],
        "publish": stages["publish"],
        "rebuild, all of it": sum(stages.values()),
    }
    return {
        "films": f"{films:,}",
        "requests": f"{runs.first['requests']:,}",
        f"rate used while films are fetched, of {runs.budget:g} a second": f"{rate_used:.1%}",
        "requests per film, while films are fetched": f"{details['requests'] / films:.3f}",
        "films asked again after a whole answer": f"{runs.stats['repeated_details']:,}",
        "429s": f"{runs.stats['by_status'].get('429', 0):,}",
        f"most arrivals in any second, of {runs.limit} allowed": f"{runs.stats['peak_per_second']:,}",
        "seconds of the run": f"{runs.seconds:.1f}",
        "of them beside waiting for the rate": f"{runs.seconds - ideal:.1f}",
        "requests of the same run once more": f"{runs.again['requests']:,}",
    } | {
        f"seconds per 1,000 films: {stage}": f"{1000 * seconds / films:.3f}"
        for stage, seconds in by_stage.items()
    }


def table(found: Mapping[str, str]) -> str:
    """Return the figures in Markdown."""
    lines = ["| figure | |", "|---|---:|", *(f"| {name} | {value} |" for name, value in found.items())]
    return "\n".join(lines)
