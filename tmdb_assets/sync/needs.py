"""What each release year needs to be up to date, from the lake and the state; TMDB is asked for nothing."""

import datetime as dt
import math
import statistics
from collections.abc import Collection, Iterator, Sequence

import polars as pl

from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.details_plan import YearPlan, plan_details, year_groups
from tmdb_assets.sync.details_verdict import DetailsQuestion
from tmdb_assets.sync.discovery_plan import NOT_LISTED, DiscoveryQuestion, fresh_years
from tmdb_assets.tables import DiscoveredMovie, FailedMovie, FormerDetail, MovieDetail, SyncAudit
from tmdb_assets.transforms.backfill import YearNeed

_PER_PAGE = 20
_USUAL_FILMS = 300
"""Films that a year is thought to have as long as none is known."""


def year_needs(
    storage: Storage,
    years: Sequence[int],
    question: DiscoveryQuestion,
    run: SyncRun,
    *,
    details_fingerprint: str,
) -> list[YearNeed]:
    """Return what the years need; one that is up to date is left out.

    A year that was never listed is taken to have as many films as the known years have at the median.

    Parameters
    ----------
    years
        Release years.
    question
        What their lists are asked for; lists of another question are out of date.
    run
        Says what time it is.
    details_fingerprint
        What a film is asked for, as a hash; details of another question are out of date.
    """
    fresh = fresh_years(storage, years, question, run)
    newest = storage.state.newest_audits(DiscoveredMovie.table, with_requests=True)
    audits = {year: audit for year, audit in newest.items() if audit.fingerprint != NOT_LISTED}
    films, pages = _films_and_pages(storage, question)
    known = {year for year in years if year in audits or year in films}
    usual = math.ceil(statistics.median(films.get(year, 0) for year in known)) if known else _USUAL_FILMS
    needs: list[YearNeed] = []
    for plan, checked_at in _plans(storage, years, DetailsQuestion(fingerprint=details_fingerprint), run):
        if plan.year not in known:
            needs.append(_never_listed(plan, usual, question))
        elif plan.year not in fresh:
            least = len(question.filters())
            lists = pages.get(plan.year, least)
            needs.append(_known(plan, checked_at, list_requests=lists, listed=audits.get(plan.year)))
        elif plan.due or plan.recovered or plan.former:
            needs.append(_known(plan, checked_at))
    return needs


def _plans(
    storage: Storage, years: Sequence[int], question: DetailsQuestion, run: SyncRun
) -> Iterator[tuple[YearPlan, dict[int, dt.datetime]]]:
    """Yield what each year is to be asked for, and when TMDB was asked about these films last."""
    with storage.journal.pending() as pending:
        for group in year_groups(storage, years):
            plans = plan_details(storage, pending, group, question, run.clock())
            films = [tmdb_id for plan in plans for tmdb_id in (*plan.due, *plan.recovered)]
            checked_at = _checked_at(storage, films)
            yield from ((plan, checked_at) for plan in plans)


def _never_listed(plan: YearPlan, usual: int, question: DiscoveryQuestion) -> YearNeed:
    """Return the need of a year of which at most some films are known, because uploads asked for them."""
    return YearNeed(
        year=plan.year,
        is_incomplete=True,
        list_requests=math.ceil(usual / _PER_PAGE) + len(question.filters()) - 1,
        new_films=max(usual, len(plan.due)),
    )


def _known(
    plan: YearPlan,
    checked_at: dict[int, dt.datetime],
    *,
    list_requests: int = 0,
    listed: SyncAudit | None = None,
) -> YearNeed:
    """Return a year's need; an answer that a killed run left costs no request, but has to be stored."""
    stale = [tmdb_id for tmdb_id in plan.due if tmdb_id in checked_at]
    is_incomplete = bool(plan.former) or any(
        tmdb_id not in checked_at for tmdb_id in (*plan.due, *plan.recovered)
    )
    checks = [checked_at[tmdb_id] for tmdb_id in (*stale, *plan.recovered) if tmdb_id in checked_at]
    if listed:
        checks.append(listed.finished_at)
    return YearNeed(
        year=plan.year,
        is_incomplete=is_incomplete,
        list_requests=list_requests,
        new_films=len(plan.due) - len(stale),
        stale_films=len(stale),
        checked_at=min(checks, default=None),
    )


def _films_and_pages(storage: Storage, question: DiscoveryQuestion) -> tuple[dict[int, int], dict[int, int]]:
    """Return, by year, how many films its lists hold and how many pages they have."""
    reasons = ["has_enough_votes", "has_theme_keyword"][: len(question.filters())]
    listed = (
        storage.lake.scan(DiscoveredMovie)
        .group_by("release_year")
        .agg(pl.len().alias("films"), *(pl.col(reason).sum() for reason in reasons))
        .collect()
    )
    films = {year: count for year, count, *_ in listed.iter_rows()}
    pages = {
        year: sum(max(1, math.ceil(count / _PER_PAGE)) for count in counts)
        for year, _, *counts in listed.iter_rows()
    }
    return films, pages


def _checked_at(storage: Storage, tmdb_ids: Collection[int]) -> dict[int, dt.datetime]:
    """Return when TMDB was asked about films last; of one that it was never asked about there is nothing."""
    wanted = pl.DataFrame({"tmdb_id": list(tmdb_ids)}, schema={"tmdb_id": pl.Int64}).lazy()
    known = pl.concat(
        storage.lake.scan(table).select("tmdb_id", "checked_at").join(wanted, on="tmdb_id", how="semi")
        for table in (FormerDetail, FailedMovie, MovieDetail)  # the last that has a film counts
    )
    return dict(known.collect().iter_rows())
