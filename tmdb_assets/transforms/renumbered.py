"""Keywords that TMDB has renumbered: what a lookup finds beside the one before."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from tmdb_assets.tables import KeywordId
from tmdb_assets.transforms.themes import same_name

REMEMBERED = dt.timedelta(days=30)
"""For how long people are told that a name has other ids than it had."""


class MovedKeyword(NamedTuple):
    """A keyword of a theme that is not where it was, and a sentence on it."""

    theme: str
    keyword: str
    pinned_id: int | None
    keyword_ids: list[int]
    sentence: str


def with_former_ids(found: Iterable[KeywordId], before: Iterable[KeywordId]) -> list[KeywordId]:
    """Return the rows of a lookup with the ids that each name had before, where they differ.

    They are kept until the ids change again. A name whose pin was changed by hand has no former ids: it was
    not TMDB who renumbered it.

    Parameters
    ----------
    found
        What TMDB has now.
    before
        What it had at the lookup before.
    """
    former, rows = _by_name(before), _by_name(found)
    return [row for name, of_name in rows.items() for row in _compared(of_name, former.get(name, []))]


def _compared(rows: Sequence[KeywordId], former: Sequence[KeywordId]) -> Sequence[KeywordId]:
    ids, former_ids = _ids(rows), _ids(former)
    if not former_ids or _pin(former[0]) != rows[0].pinned_id:
        return rows
    if ids == former_ids:
        known, noticed_at = former[0].former_ids, former[0].renumbered_at
    else:
        known, noticed_at = former_ids, rows[0].checked_at
    return [msgspec.structs.replace(row, former_ids=known, renumbered_at=noticed_at) for row in rows]


def moved_keywords(rows: Iterable[KeywordId], now: dt.datetime) -> list[MovedKeyword]:
    """Return the keywords that are not where they were, with what to do about it."""
    moved: list[MovedKeyword] = []
    for (theme, keyword), of_name in _by_name(rows).items():
        first, ids = of_name[0], _ids(of_name)
        sentence = _sentence(first, ids, now)
        if sentence:
            moved.append(MovedKeyword(theme, keyword, first.pinned_id, ids, sentence))
    return moved


def _sentence(row: KeywordId, ids: Sequence[int], now: dt.datetime) -> str | None:
    has_now = f"the name has {_listed(ids)} now" if ids else "the name is gone, too"
    if row.pinned_id is not None and row.status != "pinned":
        return f"The pinned id {row.pinned_id} of {row.keyword} is dead, {has_now}: correct themes.yaml."
    if row.status == "pinned" and not same_name(row.tmdb_name or "", row.keyword):
        return (
            f"The pinned id {row.pinned_id} of {row.keyword} is called {row.tmdb_name or 'nothing'} at TMDB: "
            "correct the name or the id in themes.yaml."
        )
    if row.renumbered_at is not None and now - row.renumbered_at < REMEMBERED:
        return f"{row.keyword} had {_listed(row.former_ids)} until {row.renumbered_at:%Y-%m-%d}; {has_now}."
    return None


def _listed(ids: Sequence[int]) -> str:
    return ("the id " if len(ids) == 1 else "the ids ") + ", ".join(map(str, ids))


def _by_name(rows: Iterable[KeywordId]) -> dict[tuple[str, str], list[KeywordId]]:
    by_name: dict[tuple[str, str], list[KeywordId]] = {}
    for row in rows:
        by_name.setdefault((row.theme, row.keyword), []).append(row)
    return by_name


def _ids(rows: Iterable[KeywordId]) -> list[int]:
    return sorted(row.keyword_id for row in rows if row.keyword_id is not None)


def _pin(row: KeywordId) -> int | None:
    """Return the pinned id that a row was looked up with; rows of release 0.1 do not say it of a dead pin."""
    return row.keyword_id if row.status == "pinned" else row.pinned_id
