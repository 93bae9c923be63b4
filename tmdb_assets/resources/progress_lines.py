"""Progress of long work in words, or as a bar on a terminal."""

import os
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from functools import partial
from typing import NamedTuple, TextIO

from tqdm import tqdm

OnProgress = Callable[[int, int], None]
Say = Callable[[str], object]


class Progress(NamedTuple):
    """To be called with how many units are done and how many there are; ``say`` with why work waits."""

    on_progress: OnProgress
    say: Say

    def __call__(self, done: int, total: int) -> None:
        """Say how far work is."""
        self.on_progress(done, total)


@contextmanager
def terminal_progress(
    terminal: int, what: str, unit: str, *, every_seconds: float = 5.0
) -> Generator[Progress]:
    """Yield what to call with how many units are done and how many there are, or with why work waits.

    Parameters
    ----------
    terminal
        File descriptor of a terminal, which gets a bar, or of a pipe, which gets a line now and then.
    """
    if os.isatty(terminal):
        with os.fdopen(os.dup(terminal), "w") as stream, _bar(stream, what, unit) as on_progress:
            yield Progress(on_progress, saying(what, partial(tqdm.write, file=stream)))
    else:
        write = partial(write_line, terminal)
        yield Progress(line_writer(write, what, unit, every_seconds), saying(what, write))


@contextmanager
def _bar(stream: TextIO, what: str, unit: str) -> Generator[OnProgress]:
    with tqdm(desc=what, unit=f" {unit}", file=stream, dynamic_ncols=True, leave=False, total=0) as bar:

        def on_progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield on_progress


def saying(what: str, write: Say) -> Say:
    """Return what to call with why work waits."""
    return lambda sentence: write(f"{what}: {sentence}")


def write_line(pipe: int, line: str) -> None:
    """Write a line to a file descriptor."""
    with suppress(OSError):  # nobody reads any more: no reason to stop fetching
        os.write(pipe, f"{line}\n".encode())


def line_writer(write: Callable[[str], object], what: str, unit: str, every_seconds: float) -> OnProgress:
    """Return what to call with how many units are done: a line now and then, and one at the end."""
    begun = last = time.monotonic()

    def on_progress(done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if done == total:
            write(f"{what}: {done:,} {_units(done, unit)} in {spoken(now - begun)}")
        elif now - last >= every_seconds:
            last = now
            left = (now - begun) / done * (total - done)
            write(f"{what}: {done:,} of {total:,} {unit}, about {spoken(left)} left")

    return on_progress


def plan_sentence(what: str, unit: str, due: int, total: int, *, pace: float, one_request_each: bool) -> str:
    """Return what will be asked for, in words.

    Parameters
    ----------
    what, unit
        The table, and what it is asked for: films.
    due, total
        How many of them will be asked for, and how many there are.
    pace
        Requests a second.
    one_request_each
        Whether a unit is one request, so that the time it takes is known.
    """
    fresh = f"{total - due:,} {_units(total - due, unit)} fresh" if due < total else ""
    if not due:
        return f"{what}: nothing to ask for{fresh and ', '}{fresh}"
    asked = f"{due:,} of {total:,} {unit}" if due < total else f"{due:,} {_units(due, unit)}"
    takes = f"about {spoken(due / pace)} " if one_request_each else ""
    return f"{what}: {asked} to ask for, {takes}at {pace:.0f} requests a second{fresh and '; '}{fresh}"


def _units(count: int, unit: str) -> str:
    return unit.removesuffix("s") if count == 1 else unit


def spoken(seconds: float) -> str:
    """Return a duration as people say it."""
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds >= 1.5 * size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} s"
