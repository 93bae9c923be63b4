"""Progress of long work, in a run's log or on a terminal."""

import os
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from functools import partial
from typing import NamedTuple, TextIO

import dagster as dg
from pydantic import Field
from tqdm import tqdm

OnProgress = Callable[[int, int], None]
Say = Callable[[str], object]
OnPlan = Callable[[int, int, float], None]


class Progress(NamedTuple):
    """To be called with how many units are done and how many there are; ``say`` with why work waits."""

    on_progress: OnProgress
    say: Say

    def __call__(self, done: int, total: int) -> None:
        """Say how far work is."""
        self.on_progress(done, total)


class ProgressResource(dg.ConfigurableResource[None]):
    """Says how far a run is: a line of the run's log now and then, or a bar on a terminal."""

    terminal: int | None = Field(
        default=None, description="File descriptor of a terminal or pipe to write to, beside the run's log."
    )
    every_seconds: float = Field(default=5.0, description="How often a line is written.")

    @contextmanager
    def reporting(self, log: dg.DagsterLogManager, what: str, unit: str) -> Generator[Progress]:
        """Yield what to call with how many units are done and how many there are, or with why work waits."""
        if self.terminal is None:
            yield Progress(_lines(log.info, what, unit, self.every_seconds), _saying(what, log.info))
        else:
            with terminal_progress(self.terminal, what, unit, every_seconds=self.every_seconds) as progress:
                yield progress._replace(say=_both(_saying(what, log.info), progress.say))

    def saying(self, log: dg.DagsterLogManager, what: str) -> Say:
        """Return what to call with why work waits, where nobody is told how far it is."""
        say = _saying(what, log.info)
        return say if self.terminal is None else _both(say, _saying(what, partial(_write, self.terminal)))


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
            yield Progress(on_progress, _saying(what, partial(tqdm.write, file=stream)))
    else:
        write = partial(_write, terminal)
        yield Progress(_lines(write, what, unit, every_seconds), _saying(what, write))


@contextmanager
def _bar(stream: TextIO, what: str, unit: str) -> Generator[OnProgress]:
    with tqdm(desc=what, unit=f" {unit}", file=stream, dynamic_ncols=True, leave=False, total=0) as bar:

        def on_progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield on_progress


def _saying(what: str, write: Say) -> Say:
    return lambda sentence: write(f"{what}: {sentence}")


def _both(one: Say, other: Say) -> Say:
    def say(sentence: str) -> None:
        one(sentence)
        other(sentence)

    return say


def _write(pipe: int, line: str) -> None:
    with suppress(OSError):  # nobody reads any more: no reason to stop fetching
        os.write(pipe, f"{line}\n".encode())


def _lines(write: Callable[[str], object], what: str, unit: str, every_seconds: float) -> OnProgress:
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


def announced(log: dg.DagsterLogManager, what: str, unit: str, *, one_request_each: bool = True) -> OnPlan:
    """Return a function that says in the run's log what will be asked for; see :func:`plan_sentence`."""

    def on_plan(due: int, total: int, requests_per_second: float) -> None:
        pace = requests_per_second
        log.info(plan_sentence(what, unit, due, total, pace=pace, one_request_each=one_request_each))

    return on_plan


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
