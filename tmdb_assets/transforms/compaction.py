"""Which answers of the journal can go without any table being another."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from tmdb_assets.transforms.refresh import RefreshPolicy
from tmdb_assets.transforms.replay import ANSWER, IMPORTED_AT, STANDS_FOR_OTHERS, Refusal, replayed

Key = tuple[int, dt.datetime, dt.datetime | None]
"""A film's answer: the film, when TMDB answered, and when it was imported, if it was."""


class Stands(NamedTuple):
    """What an answer says for those that were left out before it."""

    changed_at: dt.datetime
    unchanged_count: int


class Verdicts:
    """Which answers go, and what others say in their place; whatever is not named stays as it is.

    Attributes
    ----------
    gone
        Rows' answers that go.
    standing
        Answers that stand for those that go.
    deleted
        Films of which nothing stays but that they were deleted, and when.
    rowless
        Films that have no row, of which failures stay.
    """

    def __init__(self) -> None:
        self.gone: set[Key] = set()
        self.standing: dict[Key, Stands] = {}
        self.deleted: dict[int, dt.datetime] = {}
        self.rowless: set[int] = set()

    def judge(self, answers: pl.DataFrame, refusals: Sequence[Refusal], policy: RefreshPolicy) -> None:
        """Judge all answers about some films.

        Of a run of answers that found a film unchanged the last stays, and the first where it brought a
        change; of the first run of a film, which no history tells of, the last alone. What ended a deletion
        stays: without it nothing that came later would count.
        """
        told = replayed(answers, refusals, policy)
        self.deleted |= {one.tmdb_id: one.checked_at for one in told.missing if one.reason == "deleted"}
        self.rowless |= {one.tmdb_id for one in told.missing}
        starts_run = ~pl.col("follows_row") | (pl.col("changed_at") == pl.col("checked_at"))
        checks = told.checks.sort("tmdb_id", pl.coalesce(IMPORTED_AT, "checked_at")).with_columns(
            run=starts_run.cum_sum().over("tmdb_id"), starts_run=starts_run
        )
        is_last = pl.col("run").ne_missing(pl.col("run").shift(-1).over("tmdb_id"))
        is_first_of_all = (pl.col("run") == 1) & pl.col(IMPORTED_AT).is_null()
        brings_change = pl.col("starts_run") & ~is_first_of_all
        checks = checks.with_columns(is_last=is_last, stays=is_last | brings_change)
        for tmdb_id, checked_at, imported_at in checks.filter(~pl.col("stays")).select(ANSWER).iter_rows():
            self.gone.add((tmdb_id, checked_at, imported_at))
        stated = (*ANSWER, "changed_at", "unchanged_count")
        twice = answers.filter(answers.select(ANSWER).is_duplicated()).sort("unchanged_count")
        stands = pl.concat(
            [frame.filter(STANDS_FOR_OTHERS).select(stated) for frame in (twice, checks.filter("stays"))]
        )
        for tmdb_id, checked_at, imported_at, changed_at, count in stands.iter_rows():
            self.standing[tmdb_id, checked_at, imported_at] = Stands(changed_at, count)
