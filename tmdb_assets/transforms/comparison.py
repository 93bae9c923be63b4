"""Films as they are against films as they were: what changed, and what is remembered of it."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import polars as pl

from tmdb_assets.tables import WHOLE_FILM, MovieHistory
from tmdb_assets.transforms.refresh import ChangeRules, RefreshPolicy

_WAS = "_was"
_UNORDERED = frozenset({"crew", "keywords", "keyword_ids", "spoken_languages"})
"""Lists whose order says nothing and is not always the same at TMDB."""
_PICTURES = frozenset({"poster_url", "backdrop_url"})
"""Addresses of which only the file's name is TMDB's; the rest is a setting of ours."""


class Compared(msgspec.Struct, frozen=True):
    """Rows of films after a comparison.

    Attributes
    ----------
    rows
        Rows of ``movie_details``: the new ones with ``changed_at`` and ``unchanged_count``.
    history
        Rows of ``movie_history``: one for each field that changed.
    """

    rows: pl.DataFrame
    history: pl.DataFrame


def compared(new: pl.DataFrame, old: pl.DataFrame, policy: RefreshPolicy) -> Compared:
    """Compare new rows of films with their former ones.

    A film that was not there before is new, which is no change. An answer that is no newer than the former
    row is no check: that row stays. Where another question was asked, in another language perhaps, what
    differs is no change of the film, and nothing was seen unchanged.

    Parameters
    ----------
    new
        Rows of ``movie_details``, one per film. ``changed_at`` and ``unchanged_count`` are of that answer:
        when it was received and 0, but for a line of the journal that stands for several.
    old
        Former rows of the same films, one per film; those of other films do not matter.
    policy
        Says what counts as a change.
    """
    columns = new.columns
    both = new.join(old, on="tmdb_id", how="left", suffix=_WAS, maintain_order="left")
    is_known = pl.col(f"checked_at{_WAS}").is_not_null()
    is_newer = pl.col("checked_at") > pl.col(f"checked_at{_WAS}")
    is_same_question = pl.col("request_fingerprint") == pl.col(f"request_fingerprint{_WAS}")
    is_comparable = is_newer & is_same_question
    differs = {field: is_comparable & _differs(field, policy.change) for field in policy.change.fields}
    both = both.with_columns(
        pl.any_horizontal(pl.lit(value=False), *differs.values()).fill_null(value=False).alias("has_changed")
    )
    # Within this time TMDB may have sent the same copy again: nobody looked.
    was_looked_at = (pl.col("checked_at") - pl.col(f"checked_at{_WAS}")) >= policy.cached_for
    looks = pl.col("unchanged_count") + (is_same_question & was_looked_at)
    count = pl.col(f"unchanged_count{_WAS}").fill_null(0) + looks
    is_as_it_was = is_known & ~pl.col("has_changed")
    rows = both.with_columns(
        changed_at=pl.when(is_as_it_was).then(f"changed_at{_WAS}").otherwise("changed_at"),
        unchanged_count=pl.when(is_as_it_was).then(count).otherwise("unchanged_count"),
    ).select(columns)
    stays = both.select((is_known & ~is_newer).alias("stays"))["stays"]
    former = both.filter(stays).select("tmdb_id").join(old, on="tmdb_id", maintain_order="left")
    rows = pl.concat([rows.filter(~stays), former.select(columns)]) if len(former) else rows
    changed = both.filter("has_changed")
    history = MovieHistory.frame(
        row for field, condition in differs.items() for row in _history(changed.filter(condition), field)
    )
    return Compared(rows, history.sort(MovieHistory.key))


def _differs(field: str, rules: ChangeRules) -> pl.Expr:
    """Return whether a field is another than it was, beyond what it is allowed to move."""
    new, old = pl.col(field), pl.col(f"{field}{_WAS}")
    is_other = new.ne_missing(old)
    if field == "vote_average":
        return is_other & ((new - old).abs() > rules.vote_average_points + 1e-9).fill_null(value=True)
    if field == "vote_count":
        least = pl.max_horizontal(old * rules.vote_count_percent / 100, pl.lit(rules.vote_count_least))
        return is_other & ((new - old).abs() >= least).fill_null(value=True)
    if field in _UNORDERED:
        return new.list.sort().ne_missing(old.list.sort())
    if field in _PICTURES:
        name = r"([^/]*)$"
        return new.str.extract(name).ne_missing(old.str.extract(name))
    return is_other


def _history(changed: pl.DataFrame, field: str) -> Iterator[MovieHistory]:
    values = changed.select("tmdb_id", "title", "changed_at", old=f"{field}{_WAS}", new=field)
    for tmdb_id, title, seen_at, old, new in values.iter_rows():
        yield MovieHistory(
            tmdb_id=tmdb_id,
            title=title,
            field=field,
            old_value=as_json(old),
            new_value=as_json(new),
            seen_at=seen_at,
        )


def as_json(value: object) -> str | None:
    """Return a column's value as JSON; None stays None."""
    return None if value is None else msgspec.json.encode(value).decode()


def films_that_went(rows: pl.DataFrame, at: Mapping[int, dt.datetime]) -> pl.DataFrame:
    """Return the history of films that TMDB does not have any more: their last rows.

    Parameters
    ----------
    rows
        Rows of ``movie_details``.
    at
        By film, when TMDB said so.
    """
    return MovieHistory.frame(
        _of_film(row, old_value=_row_as_json(row), seen_at=at[row["tmdb_id"]])
        for row in rows.iter_rows(named=True)
    )


def films_that_came_back(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the history of films that TMDB has again: their new rows."""
    return MovieHistory.frame(
        _of_film(row, new_value=_row_as_json(row), seen_at=row["checked_at"])
        for row in rows.iter_rows(named=True)
    )


def _of_film(
    row: Mapping[str, Any],
    *,
    seen_at: dt.datetime,
    old_value: str | None = None,
    new_value: str | None = None,
) -> MovieHistory:
    return MovieHistory(
        tmdb_id=row["tmdb_id"],
        title=row["title"],
        field=WHOLE_FILM,
        old_value=old_value,
        new_value=new_value,
        seen_at=seen_at,
    )


def _row_as_json(row: Mapping[str, Any]) -> str:
    return msgspec.json.encode(row).decode()
