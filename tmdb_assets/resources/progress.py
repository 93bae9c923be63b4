"""Progress of long work, in a run's log or on a terminal."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import partial

import dagster as dg
from pydantic import Field

from tmdb_assets.resources.progress_lines import (
    Progress,
    Say,
    line_writer,
    plan_sentence,
    saying,
    terminal_progress,
    write_line,
)

OnPlan = Callable[[int, int, float], None]


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
            yield Progress(line_writer(log.info, what, unit, self.every_seconds), saying(what, log.info))
        else:
            with terminal_progress(self.terminal, what, unit, every_seconds=self.every_seconds) as progress:
                yield progress._replace(say=_both(saying(what, log.info), progress.say))

    def saying(self, log: dg.DagsterLogManager, what: str) -> Say:
        """Return what to call with why work waits, where nobody is told how far it is."""
        say = saying(what, log.info)
        return say if self.terminal is None else _both(say, saying(what, partial(write_line, self.terminal)))


def _both(one: Say, other: Say) -> Say:
    def say(sentence: str) -> None:
        one(sentence)
        other(sentence)

    return say


def announced(log: dg.DagsterLogManager, what: str, unit: str, *, one_request_each: bool = True) -> OnPlan:
    """Return a function that says in the run's log what will be asked for; see :func:`plan_sentence`."""

    def on_plan(due: int, total: int, requests_per_second: float) -> None:
        pace = requests_per_second
        log.info(plan_sentence(what, unit, due, total, pace=pace, one_request_each=one_request_each))

    return on_plan
