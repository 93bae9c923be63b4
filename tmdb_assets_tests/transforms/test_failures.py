"""Failures: how often in a row, under which title and year, and when they are forgotten."""

import datetime as dt

import msgspec
import pytest

from tmdb_assets.tables import FailedMovie
from tmdb_assets.tables.failed_movies import Reason
from tmdb_assets.transforms.failures import Label, counted, labelled
from tmdb_assets_tests.tables.rows import AT

FAILURE = FailedMovie(
    tmdb_id=5,
    release_year=1999,
    title="Then",
    reason="failed",
    message=None,
    attempt_count=1,
    checked_at=AT,
    first_failed_at=AT,
)
WANTED, LAST = Label("Wanted", 2001), Label("Last", 2000)


def failure(reason: Reason, *, minutes: int = 0) -> FailedMovie:
    at = AT + dt.timedelta(minutes=minutes)
    return msgspec.structs.replace(FAILURE, reason=reason, checked_at=at, first_failed_at=at)


@pytest.mark.parametrize(
    ("before", "now", "count", "first"),
    [("failed", "failed", 2, 0), ("failed", "not_found", 2, 5), ("deleted", "failed", 1, 0)],
)
def test_failures_in_a_row_are_counted(before: Reason, now: Reason, count: int, first: int) -> None:
    found = counted(failure(now, minutes=5), failure(before))

    assert (found.failure_count, found.first_failed_at) == (count, AT + dt.timedelta(minutes=first))


def test_an_older_failure_changes_nothing() -> None:
    newer = failure("failed", minutes=5)

    assert counted(failure("failed"), newer) == newer


@pytest.mark.parametrize("reason", ["failed", "not_found", "undated", "deleted"])
def test_a_failure_stands_under_what_the_list_says_that_wants_the_film(reason: Reason) -> None:
    found = labelled(failure(reason), WANTED, LAST)

    assert found
    assert (found.title, found.release_year) == WANTED


@pytest.mark.parametrize(
    ("reason", "last", "label"),
    [
        ("failed", LAST, None),
        ("not_found", None, None),
        ("not_found", LAST, LAST),
        ("undated", LAST, LAST),
        ("deleted", None, Label("Then", 1999)),
        ("deleted", LAST, LAST),
    ],
)
def test_of_films_that_nobody_wants_those_are_remembered_that_were_there(
    reason: Reason, last: Label | None, label: Label | None
) -> None:
    found = labelled(failure(reason), None, last)

    assert (found and (found.title, found.release_year)) == label
