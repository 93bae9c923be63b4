"""Films after rounds of answers: each film's first answer, each one's second, on top of what was stored."""

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterable, Mapping

import polars as pl

from tmdb_assets.tables import FailedMovie, MovieHistory
from tmdb_assets.transforms.comparison import compared, films_that_came_back, films_that_went
from tmdb_assets.transforms.failures import counted
from tmdb_assets.transforms.refresh import RefreshPolicy


@dataclasses.dataclass(frozen=True)
class Round:
    """At most one answer for each film.

    Attributes
    ----------
    rows
        Rows of ``movie_details``.
    failed
        Rows of ``failed_movies`` by film.
    gone
        The films that TMDB does not have, or not with a date, and when it said so.
    """

    rows: pl.DataFrame
    failed: Mapping[int, FailedMovie]
    gone: Mapping[int, dt.datetime]


@dataclasses.dataclass(frozen=True)
class _Told:
    """What a round said that counts: which films were had, and when; which could not be had."""

    had: dict[int, dt.datetime]
    failed: dict[int, FailedMovie]


@dataclasses.dataclass(frozen=True)
class AfterRounds:
    """What the answers make of the films.

    Attributes
    ----------
    rows
        Rows of ``movie_details``.
    history
        Rows of ``movie_history``.
    checks
        ``tmdb_id`` and ``checked_at`` of the answers that were newer than what stood.
    """

    rows: pl.DataFrame
    history: pl.DataFrame
    checks: pl.DataFrame
    told: list[_Told]

    def failures(self, before: Mapping[int, FailedMovie]) -> dict[int, FailedMovie]:
        """Return which films cannot be had, given those before; a deletion stands whatever was answered."""
        standing = dict(before)
        for told in self.told:
            for film, row in told.failed.items():
                standing[film] = counted(row, standing.get(film))
            for film, at in told.had.items():
                row = standing.get(film)
                if row and row.reason != "deleted" and row.checked_at <= at:
                    del standing[film]
        return standing


def after_rounds(
    before: pl.DataFrame,
    rounds: Iterable[Round],
    *,
    deleted: Collection[int],
    tombs: Collection[int],
    policy: RefreshPolicy,
) -> AfterRounds:
    """Return what rounds of answers make of films.

    Parameters
    ----------
    before
        Their rows of ``movie_details`` until now.
    deleted
        Films that somebody deleted: what was answered about them makes no row.
    tombs
        Films that had a row once and lost it, because TMDB had them no more.
    policy
        Says what counts as a change.
    """
    now, history, told = before.filter(~_of(deleted)), [MovieHistory.frame()], list[_Told]()
    checks = [before.select("tmdb_id", "checked_at").clear()]
    lost = set(tombs)
    for one in rounds:
        new = one.rows.filter(~_of(deleted))
        found = compared(new, now, policy)
        former = now.select("tmdb_id", was="checked_at")
        is_newer = (pl.col("checked_at") > pl.col("was")).fill_null(value=True)
        checks.append(
            new.join(former, on="tmdb_id", how="left").filter(is_newer).select("tmdb_id", "checked_at")
        )
        now = pl.concat([now.join(new, on="tmdb_id", how="anti"), found.rows])
        went = now.filter(_of(one.gone))
        history += [
            found.history,
            films_that_came_back(found.rows.filter(_of(lost))),
            films_that_went(went, one.gone),
        ]
        lost = (lost - set(new["tmdb_id"])) | set(went["tmdb_id"])
        obtained = set(now["tmdb_id"])
        # A failure never takes the place of a row: an older one is better than none.
        counts = {f: row for f, row in one.failed.items() if row.reason != "failed" or f not in obtained}
        told.append(_Told(dict(new.select("tmdb_id", "checked_at").iter_rows()), counts))
        now = now.filter(~_of(one.gone))
    return AfterRounds(now, pl.concat(history), pl.concat(checks), told)


def _of(films: Collection[int]) -> pl.Expr:
    return pl.col("tmdb_id").is_in(list(films))
