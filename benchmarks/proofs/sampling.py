"""Watching a run from outside: its memory and its CPU time, beside how many films it was given."""

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
        What it holds now, and the most that it has ever held.
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
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    kilobytes = {name: int(value) for name, value in re.findall(r"(VmRSS|VmHWM):\s+(\d+)", status)}
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    cpu_seconds = (int(fields[11]) + int(fields[12])) / _TICKS_PER_SECOND
    return kilobytes["VmRSS"] / 1024, kilobytes["VmHWM"] / 1024, cpu_seconds
