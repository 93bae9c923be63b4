"""Progress of long work, in a run's log or on a terminal."""

import os
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from functools import partial
from typing import TextIO

import dagster as dg
from pydantic import Field
from tqdm import tqdm

OnProgress = Callable[[int, int], None]


class ProgressResource(dg.ConfigurableResource[None]):
    """Says how far a run is: a line of the run's log now and then, or a bar on a terminal."""

    terminal: int | None = Field(
        default=None, description="File descriptor of a terminal or pipe to write to, beside the run's log."
    )
    every_seconds: float = Field(default=5.0, description="How often a line is written.")

    @contextmanager
    def reporting(self, log: dg.DagsterLogManager, what: str, unit: str) -> Generator[OnProgress]:
        """Yield a function to call with how many units are done and how many there are."""
        if self.terminal is not None and os.isatty(self.terminal):
            with os.fdopen(os.dup(self.terminal), "w") as stream, _bar(stream, what, unit) as on_progress:
                yield on_progress
        elif self.terminal is not None:
            yield _lines(partial(_write, self.terminal), what, unit, self.every_seconds)
        else:
            yield _lines(log.info, what, unit, self.every_seconds)


@contextmanager
def _bar(stream: TextIO, what: str, unit: str) -> Generator[OnProgress]:
    with tqdm(desc=what, unit=f" {unit}", file=stream, dynamic_ncols=True, leave=False, total=0) as bar:

        def on_progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield on_progress


def _write(pipe: int, line: str) -> None:
    with suppress(OSError):  # nobody reads any more: no reason to stop fetching
        os.write(pipe, f"{line}\n".encode())


def _lines(write: Callable[[str], object], what: str, unit: str, every_seconds: float) -> OnProgress:
    begun = last = time.monotonic()

    def on_progress(done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if done == total:
            units = unit if done != 1 else unit.removesuffix("s")
            write(f"{what}: {done:,} {units} in {spoken(now - begun)}")
        elif now - last >= every_seconds:
            last = now
            left = (now - begun) / done * (total - done)
            write(f"{what}: {done:,} of {total:,} {unit}, about {spoken(left)} left")

    return on_progress


def spoken(seconds: float) -> str:
    """Return a duration as people say it."""
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds >= 1.5 * size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} s"
