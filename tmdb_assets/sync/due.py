"""How many films of the stored years are due, and why; TMDB is asked for nothing."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Literal

import msgspec
import polars as pl

from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.details_plan import plan_details, year_groups
from tmdb_assets.sync.details_verdict import DetailsQuestion
from tmdb_assets.sync.marks import marked_films
from tmdb_assets.tables import DiscoveredMovie, FailedMovie, MovieDetail

Why = Literal["pending", "marked", "aged"]


class DueYear(msgspec.Struct, frozen=True):
    """A release year that has films to ask for.

    Attributes
    ----------
    films
        How many of them are pending (never had), marked (TMDB says that they changed), or aged.
    answered
        Films whose answer a killed run left: they cost no request.
    """

    year: int
    films: dict[Why, int]
    answered: int = 0


def due_years(storage: Storage, run: SyncRun, *, details_fingerprint: str) -> list[DueYear]:
    """Return the stored release years that have anything to do, in order.

    Parameters
    ----------
    details_fingerprint
        What a film is asked for, as a hash; details of another question are out of date.
    """
    counts = (storage.lake.row_counts(table) for table in (DiscoveredMovie, MovieDetail, FailedMovie))
    years = sorted({year for of_table in counts for year in of_table})
    now, question = run.clock(), DetailsQuestion(fingerprint=details_fingerprint)
    found: list[DueYear] = []
    with storage.journal.pending() as pending:
        for group in year_groups(storage, years):
            plans = plan_details(storage, pending, group, question, now)
            failed = _checked(storage, group)
            marks = _marks(storage, [film for plan in plans for film in plan.due])
            for plan in plans:
                if plan.due or plan.recovered or plan.former:
                    checked_at = {**failed, **plan.stale}
                    why: Counter[Why] = Counter()
                    why.update(_why(film, checked_at, marks, storage, now) for film in plan.due)
                    found.append(DueYear(plan.year, dict(why), len(plan.recovered)))
    return found


def _why(
    film: int,
    checked_at: Mapping[int, dt.datetime],
    marks: Mapping[int, dt.datetime],
    storage: Storage,
    now: dt.datetime,
) -> Why:
    checked, marked = checked_at.get(film), marks.get(film)
    if checked and marked and storage.policy.is_marked(checked, now, marked_at=marked):
        return "marked"
    return "aged" if checked else "pending"


def _checked(storage: Storage, years: Collection[int]) -> dict[int, dt.datetime]:
    """Return when TMDB said last that it cannot give films of these years."""
    refused = (pl.col("reason") != "failed") & pl.col("release_year").is_in(list(years))
    rows = storage.lake.scan(FailedMovie).filter(refused).select("tmdb_id", "checked_at").collect()
    return dict(rows.iter_rows())


def _marks(storage: Storage, films: Collection[int]) -> dict[int, dt.datetime]:
    rows = marked_films(storage).filter(pl.col("tmdb_id").is_in(list(films))).collect()
    return dict(rows.select("tmdb_id", "marked_at").iter_rows())
