"""What is due: which films of a year have to be asked for, and which answers we have already."""

import dataclasses
import datetime as dt
from collections import deque
from collections.abc import Collection, Sequence

import polars as pl

from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.journal import Pending, Position
from tmdb_assets.sync.wanted import wanted_films
from tmdb_assets.tables import FailedMovie, MovieDetail
from tmdb_assets.transforms.refresh import Check, RefreshPolicy


@dataclasses.dataclass(frozen=True)
class Wanted:
    """A film that discovery or an upload's search promised."""

    tmdb_id: int
    title: str | None
    release_date: dt.date | None
    promised_at: dt.datetime


@dataclasses.dataclass(frozen=True)
class _Known:
    release_date: dt.date
    checked_at: dt.datetime
    unchanged_count: int | None
    fingerprint: str


@dataclasses.dataclass
class YearPlan:
    """One year of films.

    Attributes
    ----------
    wanted
        All its films.
    due
        Those to ask for, films never had first.
    recovered
        Those whose answer a killed run left in the journal.
    failed
        Failures that stand: TMDB lately said that it does not have the film, or nobody asks for it now.
    """

    year: int
    wanted: dict[int, Wanted] = dataclasses.field(default_factory=dict[int, Wanted])
    due: deque[int] = dataclasses.field(default_factory=deque[int])
    recovered: list[int] = dataclasses.field(default_factory=list[int])
    failed: dict[int, FailedMovie] = dataclasses.field(default_factory=dict[int, FailedMovie])


def plan_details(
    storage: Storage,
    pending: Pending,
    years: Sequence[int],
    *,
    fingerprint: str,
    now: dt.datetime,
    refresh: bool = False,
    refresh_limit: int | None = None,
    only: Collection[int] | None = None,
) -> list[YearPlan]:
    """Return what each year needs.

    Parameters
    ----------
    years
        Release years, in the order in which they are asked for.
    fingerprint
        What a details request asks for, as a hash; answers to another question do not count.
    refresh
        Ask for every film, however fresh.
    refresh_limit
        Ask at most for so many films again that are known already, those checked longest ago first.
    only
        Ask for these films alone; all others of the years stay as they are.
    """
    policy = storage.policy
    plans = {year: YearPlan(year) for year in years}
    promised = wanted_films(storage).filter(pl.col("release_year").is_in(years)).sort("tmdb_id")
    for year, *wanted in promised.collect().iter_rows():
        plans[year].wanted[wanted[0]] = Wanted(*wanted)
    known = _known(storage, [tmdb_id for plan in plans.values() for tmdb_id in plan.wanted])
    failed = _failed(storage, years)
    stale: list[tuple[dt.datetime, int, YearPlan]] = []
    for plan in plans.values():
        if only is not None:
            plan.failed |= {film: row for film, row in failed.items() if film in plan.wanted.keys() - only}
        for tmdb_id in plan.wanted if only is None else [film for film in plan.wanted if film in only]:
            wanted, film, failure = plan.wanted[tmdb_id], known.get(tmdb_id), failed.get(tmdb_id)
            answer = pending.positions.get(tmdb_id)
            checked_at = film.checked_at if film else failure.checked_at if failure else None
            if answer and _is_usable(answer, checked_at, wanted, fingerprint, now, policy, refresh=refresh):
                plan.recovered.append(tmdb_id)
            elif film and not refresh and _is_fresh(film, wanted, fingerprint, now, policy):
                continue
            elif film:
                stale.append((film.checked_at, tmdb_id, plan))
            elif failure and not refresh and _is_settled(failure, now, policy):
                plan.failed[tmdb_id] = failure
            else:
                plan.due.append(tmdb_id)
    stale.sort(key=lambda one: one[0])
    for _, tmdb_id, plan in stale[:refresh_limit]:
        plan.due.append(tmdb_id)
    return list(plans.values())


def _known(storage: Storage, tmdb_ids: Collection[int]) -> dict[int, _Known]:
    wanted = pl.DataFrame({"tmdb_id": list(tmdb_ids)}, schema={"tmdb_id": pl.Int64}).lazy()
    rows = (
        storage.lake.scan(MovieDetail)
        .select("tmdb_id", "release_date", "checked_at", "unchanged_count", "request_fingerprint")
        .join(wanted, on="tmdb_id", how="semi")
        .collect()
    )
    return {tmdb_id: _Known(*known) for tmdb_id, *known in rows.iter_rows()}


def _failed(storage: Storage, years: Collection[int]) -> dict[int, FailedMovie]:
    rows = storage.lake.read(FailedMovie, years=years)
    return {row["tmdb_id"]: FailedMovie(**row) for row in rows.iter_rows(named=True)}


def _is_settled(failure: FailedMovie, now: dt.datetime, policy: RefreshPolicy) -> bool:
    """Say whether TMDB's word that it cannot give a film is taken, rather than asked for again."""
    if failure.reason == "failed":
        return False
    return policy.due_by(policy.not_found_age, failure.checked_at, now) == "fresh"


def _is_fresh(
    film: _Known, wanted: Wanted, fingerprint: str, now: dt.datetime, policy: RefreshPolicy
) -> bool:
    """Say whether a film's row can stay; a date that TMDB's lists have moved since cannot."""
    check = Check(
        checked_at=film.checked_at, release_date=film.release_date, unchanged_count=film.unchanged_count or 0
    )
    has_moved = film.release_date != wanted.release_date and wanted.promised_at > film.checked_at
    return film.fingerprint == fingerprint and policy.due(check, now) == "fresh" and not has_moved


def _is_usable(
    answer: Position,
    checked_at: dt.datetime | None,
    wanted: Wanted,
    fingerprint: str,
    now: dt.datetime,
    policy: RefreshPolicy,
    *,
    refresh: bool,
) -> bool:
    """Say whether an answer in the journal spares a request: newer than what is stored, and not too old."""
    if answer.outcome == "failed" or answer.fingerprint != fingerprint:
        return False
    if checked_at and answer.answered_at <= checked_at:
        return False
    if refresh:
        return now - answer.answered_at < policy.least_age
    is_found = answer.outcome == "ok"
    age = policy.details_age(wanted.release_date, now.date()) if is_found else policy.not_found_age
    return policy.due_by(age, answer.answered_at, now) == "fresh"
