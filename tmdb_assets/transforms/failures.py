"""Films that could not be had: how often in a row, and under which title and year they stand."""

from typing import NamedTuple

import msgspec

from tmdb_assets.tables import FailedMovie
from tmdb_assets.tables.failed_movies import Reason


class Label(NamedTuple):
    """What a film is called, and in which release year it stands."""

    title: str | None
    release_year: int


def counted(row: FailedMovie, before: FailedMovie | None) -> FailedMovie:
    """Count a failure on from those before; one that is no newer changes nothing."""
    if before and (before.checked_at >= row.checked_at or before.reason == "deleted"):
        return before
    if before is None:
        return row
    is_same = before.reason == row.reason
    return msgspec.structs.replace(
        row,
        failure_count=before.failure_count + 1,
        first_failed_at=before.first_failed_at if is_same else row.first_failed_at,
    )


def label_of(reason: Reason, wanted: Label | None, last: Label | None) -> Label | None:
    """Return what a film that cannot be had stands under; None where it is not to be remembered.

    Parameters
    ----------
    reason
        Why it cannot be had.
    wanted
        What the list calls it that wants it now; None where none does.
    last
        What its last row of ``movie_details`` called it; None where it never had one.
    """
    return wanted or (None if reason == "failed" else last)


def labelled(row: FailedMovie, wanted: Label | None, last: Label | None) -> FailedMovie | None:
    """Return a failure under the title and the year that its film has now; see :func:`label_of`."""
    if row.reason == "deleted":  # which stands without a row before it, too
        last = last or Label(row.title, row.release_year)
    label = label_of(row.reason, wanted, last)
    return label and msgspec.structs.replace(row, title=label.title, release_year=label.release_year)
