"""Why a run failed, in one sentence, from the events that Dagster keeps of it."""

from collections.abc import Iterable, Mapping

import dagster as dg
import msgspec
from dagster_shared.error import SerializableErrorInfo

from tmdb_assets.partitions import PARTITION_TAG, RANGE_TAGS
from tmdb_assets.storage.lake_damage import unusable

_OF_THE_LAKE = ("polars.exceptions.", "_internal.Delta")
"""How the errors of the libraries that read the lake begin."""
_PANIC = "PanicException"
_INTERRUPTED = ("DagsterExecutionInterruptedError", "KeyboardInterrupt")


class RunFailure(msgspec.Struct, frozen=True):
    """Why a step failed.

    Attributes
    ----------
    sentence
        What to tell people.
    error
        The name of the error behind it, where the step said so.
    is_interrupted
        Whether somebody stopped it.
    """

    sentence: str
    error: str | None = None
    is_interrupted: bool = False


def first_failure(events: Iterable[dg.DagsterEvent]) -> RunFailure | None:
    """Return the first step's failure; None when no step had begun."""
    for event in events:
        if not event.is_step_failure:
            continue
        failure = event.step_failure_data
        if failure.user_failure_data and failure.user_failure_data.description:
            kind = failure.user_failure_data.metadata.get("error")
            return RunFailure(failure.user_failure_data.description, str(kind.value) if kind else None)
        error = failure.error
        while error and error.cls_name not in _INTERRUPTED and error.cause:
            error = error.cause
        if error and error.cls_name in _INTERRUPTED:
            return RunFailure("Interrupted.", error.cls_name, is_interrupted=True)
        return RunFailure(_sentence(event.step_key, error), error.cls_name if error else None)
    return None


def _sentence(step: str | None, error: SerializableErrorInfo | None) -> str:
    if error is None:
        return f"{step} failed: it did not say why."
    if error.cls_name == _PANIC:  # whose words are Rust's
        return unusable("a file of it is cut, or holds something else")
    if error.message.startswith(_OF_THE_LAKE):
        return unusable(_said(error).partition(": ")[2])
    return f"{step} failed: {_said(error)}"


def _said(error: SerializableErrorInfo) -> str:
    """Return an error's first line; of a wrong choice in the Launchpad the lines that name it."""
    first, *more = error.message.strip().splitlines()
    if error.cls_name == "ValidationError" and len(more) > 1:
        return f"{more[0].strip()}: {more[1].partition(' [type=')[0].strip()}."
    return first


def what_of(run: dg.DagsterRun) -> str:
    """Return what a run was to materialize: its assets, or its job, and the partitions."""
    keys = sorted(key.to_user_string() for key in run.asset_selection or ())
    return " ".join(filter(None, (", ".join(keys) or run.job_name, _partitions(run.tags))))


def _partitions(tags: Mapping[str, str]) -> str:
    if partition := tags.get(PARTITION_TAG):
        return partition
    first, last = (tags.get(tag, "") for tag in RANGE_TAGS)
    return first if first == last else f"{first} to {last}"
