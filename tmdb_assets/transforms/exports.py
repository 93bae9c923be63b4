"""TMDB's daily exports of ids: their names, their lines, and what is in one and not in another."""

import datetime as dt
import re

import msgspec
import polars as pl

LARGEST_LOSS = 0.05
"""An export that lacks a larger share of the ids than this is taken for a damaged one."""

_NAME = re.compile(r"movie_ids_(\d\d)_(\d\d)_(\d{4})\.json(\.gz)?")


class ExportError(ValueError):
    """An export cannot be used; nothing was changed."""


class ExportLine(msgspec.Struct, frozen=True, gc=False):
    """A film of an export."""

    id: int
    original_title: str | None = None


def export_name(date: dt.date) -> str:
    """Return the name of a day's export of movies."""
    return f"movie_ids_{date:%m_%d_%Y}.json.gz"


def export_date(name: str) -> dt.date:
    """Return the date in an export's name.

    Raises
    ------
    ExportError
        There is none.
    """
    if named := _NAME.fullmatch(name):
        month, day, year = (int(each) for each in named.groups()[:3])
        try:
            return dt.date(year, month, day)
        except ValueError:
            pass
    raise ExportError(
        f"{name} is no export of movies: its name must be as TMDB gives it, such as "
        f"{export_name(dt.date(2026, 8, 31))}."
    )


def not_among(ids: pl.Series, known: pl.Series) -> pl.Series:
    """Return the ids that are not among others.

    Parameters
    ----------
    ids
        In any order.
    known
        In ascending order; what is looked up in them needs no memory of their size.
    """
    if known.is_empty() or ids.is_empty():
        return ids
    places = known.search_sorted(ids).clip(upper_bound=len(known) - 1)
    return ids.filter(known.gather(places) != ids)


def reason_to_refuse(
    *, id_count: int, odd_count: int, before_count: int, vanished_count: int, allow_shrinking: bool
) -> str | None:
    """Return why an export is not believed; None where it is.

    Parameters
    ----------
    id_count
        Films that it names.
    odd_count
        Lines that name none.
    before_count, vanished_count
        Films of the export before, and how many of them it lacks; 0 without one.
    allow_shrinking
        Whether it may lack any number of them.
    """
    if not id_count:
        return "it names no film"
    if odd_count > LARGEST_LOSS * (id_count + odd_count):
        return f"{odd_count:,} of its {id_count + odd_count:,} lines are no films"
    if vanished_count > LARGEST_LOSS * before_count and not allow_shrinking:
        return (
            f"{vanished_count:,} of the {before_count:,} films of the export before are missing in it; if "
            "that is right, materialize tmdb_exports with allow_shrinking: true"
        )
    return None
