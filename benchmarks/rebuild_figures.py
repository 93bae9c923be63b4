"""From what rebuilds say of themselves to the table of their stages; no I/O."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Rebuilds", "per_thousand", "table"]

_STAGES = ("lists", "read", "replay", "store", "curate", "publish")


@dataclass(frozen=True, slots=True)
class Rebuilds:
    """What was measured.

    Attributes
    ----------
    half, whole
        What ``rebuild --json`` printed of the two journals, each time.
    plain
        CPU seconds of plain decoding, per 1,000 answers.
    """

    half: Sequence[Mapping[str, Any]]
    whole: Sequence[Mapping[str, Any]]
    plain: float


def per_thousand(runs: Rebuilds, kind: str, stage: str | None = None) -> float:
    """Return the milliseconds that 1,000 more films take, the quickest times counting.

    Parameters
    ----------
    kind
        ``"seconds"`` or ``"cpu_seconds"``.
    stage
        By default all of it.
    """
    least = {
        rebuilds[0]["films"]: min(_seconds(one, kind, stage) for one in rebuilds)
        for rebuilds in (runs.half, runs.whole)
    }
    (few, less), (many, more) = sorted(least.items())
    return 1e6 * (more - less) / (many - few)


def _seconds(rebuilt: Mapping[str, Any], kind: str, stage: str | None) -> float:
    return rebuilt[f"all_{kind}"] if stage is None else rebuilt[kind][stage]


def table(found: Mapping[str, Rebuilds]) -> str:
    """Return the figures in Markdown."""
    lines = [
        f"| ms per 1,000 films | {' | '.join(f'{name}: CPU | wall' for name in found)} |",
        "|---|" + "---:|---:|" * len(found),
    ]
    for stage in (*_STAGES, None):
        figures = (
            f"{per_thousand(runs, kind, stage):.0f}"
            for runs in found.values()
            for kind in ("cpu_seconds", "seconds")
        )
        lines.append(f"| {stage or '**all of it**'} | {' | '.join(figures)} |")
    for name, runs in found.items():
        films = runs.whole[0]["films"]
        fixed = min(run["all_seconds"] for run in runs.whole) - per_thousand(runs, "seconds") * films / 1e6
        peak = max(run["peak_megabytes"] for run in runs.whole)
        times = per_thousand(runs, "cpu_seconds") / (1000 * runs.plain)
        lines.append(
            f"\n{name}: {films:,} films; CPU is {times:.1f} times that of plain decoding "
            f"({1000 * runs.plain:.0f} ms); the start takes {fixed:.1f} s; the largest process {peak:.0f} MB"
        )
    return "\n".join(lines)
