"""Watching a run from outside: its memory and its CPU time, beside how many films it was given."""

import contextlib
import json
import os
import re
import subprocess
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

__all__ = ["Sample", "halves", "watched"]

_SECONDS_BETWEEN = 0.5
_DETAILS = "/3/movie/{id}"
_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


class Sample(NamedTuple):
    """One look at a run.

    Attributes
    ----------
    seconds, cpu_seconds
        Since it began.
    megabytes, most_megabytes
        What it holds now, and the most that it has ever held, its children's share as it is now with both.
    films
        How many requests for details the server has answered.
    """

    seconds: float
    cpu_seconds: float
    megabytes: float
    most_megabytes: float
    films: int


def watched(process: subprocess.Popen[str], base_url: str) -> list[Sample]:
    """Look at a run, twice a second, until it ends."""
    samples: list[Sample] = []
    begun = time.monotonic()
    while process.poll() is None:
        films = _films_given(base_url)
        try:
            held, most, cpu_seconds = _looked_at(process.pid)
        except (FileNotFoundError, ProcessLookupError, KeyError):
            break  # it ends just now
        samples.append(Sample(time.monotonic() - begun, cpu_seconds, held, most, films))
        time.sleep(_SECONDS_BETWEEN)
    return samples


def halves(samples: Sequence[Sample], attribute: str) -> tuple[float, float]:
    """Return what the first half of the films took of something that only grows, and what the second took."""
    films = samples[-1].films
    first = max(index for index, sample in enumerate(samples) if not sample.films)
    half = next(index for index, sample in enumerate(samples) if sample.films >= films / 2)
    last = next(index for index, sample in enumerate(samples) if sample.films == films)
    begun, middle, ended = (float(getattr(samples[index], attribute)) for index in (first, half, last))
    share = samples[half].films / films
    return (middle - begun) / share, (ended - middle) / (1 - share)


def _films_given(base_url: str) -> int:
    with urllib.request.urlopen(f"{base_url.removesuffix('/3')}/__stats__", timeout=60) as answer:  # noqa: S310 -- our own fake
        return int(json.load(answer)["by_path"].get(_DETAILS, 0))


def _looked_at(process: int) -> tuple[float, float, float]:
    held, most = _memory(process)
    of_children = sum(_memory(child)[0] for child in _descendants(process))
    fields = _fields(Path(f"/proc/{process}/stat"))
    cpu_seconds = (int(fields[11]) + int(fields[12])) / _TICKS_PER_SECOND
    return held + of_children, most + of_children, cpu_seconds


def _memory(process: int) -> tuple[float, float]:
    """Return the megabytes that a process holds, and the most that it has held; 0 once it has ended."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
        kilobytes = {name: int(value) for name, value in re.findall(r"(VmRSS|VmHWM):\s+(\d+)", status)}
        return kilobytes.get("VmRSS", 0) / 1024, kilobytes.get("VmHWM", 0) / 1024
    return 0, 0


def _descendants(process: int) -> set[int]:
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
            parents[int(stat.parent.name)] = int(_fields(stat)[1])
    found, more = set[int](), {process}
    while more := {child for child, parent in parents.items() if parent in more}:
        found |= more
    return found


def _fields(stat: Path) -> list[str]:
    """Return what the kernel says of a process after its name."""
    return stat.read_text(encoding="utf-8").rpartition(")")[2].split()
