"""What is due: which films of a year have to be asked for, and which answers we have already."""

import dataclasses
import datetime as dt
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import polars as pl

from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.pending import Pending, Position
from tmdb_assets.sync.details_verdict import DetailsQuestion, Judge, Known, Wanted
from tmdb_assets.sync.former import former_rows
from tmdb_assets.sync.marks import marked_films
from tmdb_assets.sync.wanted import last_labels, wanted_films, wanted_ids
from tmdb_assets.tables import DiscoveredMovie, FailedMovie, MovieDetail
from tmdb_assets.transforms.failures import Label, labelled

_FILMS_AT_ONCE = 5_000
_KNOWN = (
    *("tmdb_id", "release_year", "title", "release_date", "checked_at", "unchanged_count"),
    "request_fingerprint",
)


@dataclasses.dataclass
class YearPlan:
    """One year of films.

    Attributes
    ----------
    wanted
        All its films.
    leaving
        Films that have a row or a tombstone in it, that nobody wants any more, and that TMDB says have
        changed: they are asked for once more, for they may be gone, or be back. Or a killed run has.
    due
        Those to ask for, films never had first.
    stale
        Those among them that have a row, and when they were looked at last.
    recovered
        Those whose answer a killed run left in the journal.
    stored
        Those that have a row in this year.
    former
        Those that had left, for nobody wanted them, and that go on where they had left off.
    obtained_count
        How many of its films have a row, in whichever year, or were deleted on purpose.
    answers
        What the journal had of its films when this was planned.
    checked_at
        Those among them that TMDB had been asked about before, and when the tables say so.
    is_tidy
        Whether all that is stored of the year is as its lists say now, so that nothing has to be moved.
    """

    year: int
    wanted: dict[int, Wanted] = dataclasses.field(default_factory=dict[int, Wanted])
    leaving: dict[int, Wanted] = dataclasses.field(default_factory=dict[int, Wanted])
    due: deque[int] = dataclasses.field(default_factory=deque[int])
    stale: dict[int, dt.datetime] = dataclasses.field(default_factory=dict[int, dt.datetime])
    recovered: list[int] = dataclasses.field(default_factory=list[int])
    stored: set[int] = dataclasses.field(default_factory=set[int])
    former: set[int] = dataclasses.field(default_factory=set[int])
    obtained_count: int = 0
    answers: dict[int, Position] = dataclasses.field(default_factory=dict[int, Position])
    checked_at: dict[int, dt.datetime] = dataclasses.field(default_factory=dict[int, dt.datetime])
    is_tidy: bool = True


def year_groups(storage: Storage, years: Sequence[int]) -> Iterator[list[int]]:
    """Yield the years in groups of some thousand films, so that memory holds no more than one or two."""
    counts = storage.lake.row_counts(DiscoveredMovie)
    group: list[int] = []
    films = 0
    for year in years:
        if group and films + counts.get(year, 0) > _FILMS_AT_ONCE:
            yield group
            group, films = [], 0
        group.append(year)
        films += counts.get(year, 0)
    if group:
        yield group


def plan_details(
    storage: Storage,
    pending: Pending,
    years: Sequence[int],
    question: DetailsQuestion,
    now: dt.datetime,
) -> list[YearPlan]:
    """Return what each year needs, in the order of the years."""
    plans = {year: YearPlan(year) for year in years}
    promised = wanted_films(storage).filter(pl.col("release_year").is_in(years)).sort("tmdb_id")
    for year, *wanted in promised.collect().iter_rows():
        plans[year].wanted[wanted[0]] = Wanted(*wanted)
    known = _known(storage, plans, pending)
    failed = _failed(storage, plans)
    candidates = {*known, *failed, *(film for plan in plans.values() for film in plan.wanted)}
    for plan in plans.values():
        plan.is_tidy = not plan.former and not any(
            (failure := failed.get(film))
            and (film in known or labelled(failure, Label(wanted.title, plan.year), None) != failure)
            for film, wanted in plan.wanted.items()
        )
    judge = Judge(storage.policy, pending, question, now, known, failed, _marks(storage, candidates))
    _find_leaving(storage, plans, judge)
    for plan in plans.values():
        _fill(plan, judge)
    return list(plans.values())


def _known(storage: Storage, plans: Mapping[int, YearPlan], pending: Pending) -> dict[int, Known]:
    """Return the rows that are in the years, and those that their films have elsewhere, or had.

    Of films that left, those are needed that are wanted again, and those that a killed run asked for.
    """
    of_year = pl.col("release_year").is_in(list(plans))
    rows = storage.lake.scan(MovieDetail).select(_KNOWN)
    known = {tmdb_id: Known(*row) for tmdb_id, *row in rows.filter(of_year).collect().iter_rows()}
    for tmdb_id, film in known.items():
        plans[film.release_year].stored.add(tmdb_id)
    elsewhere = [film for plan in plans.values() for film in plan.wanted if film not in known]
    if elsewhere:
        moved = rows.filter(~of_year & pl.col("tmdb_id").is_in(elsewhere)).collect()
        known |= {tmdb_id: Known(*row) for tmdb_id, *row in moved.iter_rows()}
    left = former_rows(storage, {*elsewhere, *pending.positions} - known.keys()).select(_KNOWN)
    former = {tmdb_id: Known(*row) for tmdb_id, *row in left.iter_rows()}
    for plan in plans.values():
        plan.former = plan.wanted.keys() & former.keys()
    return known | former


def _failed(storage: Storage, plans: Mapping[int, YearPlan]) -> dict[int, FailedMovie]:
    wanted = [film for plan in plans.values() for film in plan.wanted]
    is_ours = pl.col("release_year").is_in(list(plans)) | pl.col("tmdb_id").is_in(wanted)
    rows = storage.lake.scan(FailedMovie).filter(is_ours).collect()
    return {row["tmdb_id"]: FailedMovie(**row) for row in rows.iter_rows(named=True)}


def _marks(storage: Storage, tmdb_ids: Collection[int]) -> dict[int, dt.datetime]:
    films = marked_films(storage).filter(pl.col("tmdb_id").is_in(list(tmdb_ids)))
    return dict(films.select("tmdb_id", "marked_at").collect().iter_rows())


def _find_leaving(storage: Storage, plans: Mapping[int, YearPlan], judge: Judge) -> None:
    """Find what is stored of the years and not wanted any more by any year."""
    years = {tmdb_id: failure.release_year for tmdb_id, failure in judge.failed.items()}
    years |= {tmdb_id: film.release_year for tmdb_id, film in judge.known.items()}
    strays = {
        tmdb_id: year
        for tmdb_id, year in years.items()
        if (plan := plans.get(year)) and tmdb_id not in plan.wanted
    }
    unwanted = strays.keys() - wanted_ids(storage, strays.keys())
    lasts = last_labels(storage, unwanted & judge.failed.keys())
    for tmdb_id in unwanted:
        plan, film, failure = plans[strays[tmdb_id]], judge.known.get(tmdb_id), judge.failed.get(tmdb_id)
        if film or (failure and labelled(failure, None, lasts.get(tmdb_id)) != failure):
            plan.is_tidy = False
        if judge.question.only is None and (judge.verdict(tmdb_id) == "marked" or judge.has_news(tmdb_id)):
            date, title = (film.release_date, film.title) if film else (None, failure and failure.title)
            plan.leaving[tmdb_id] = Wanted(tmdb_id, title, date, judge.now)


def _fill(plan: YearPlan, judge: Judge) -> None:
    """Fill in which films of a year are due, and which answers are there."""
    films = plan.wanted | plan.leaving
    stale: list[tuple[dt.datetime, int]] = []
    deleted = {film for film, failure in judge.failed.items() if failure.reason == "deleted"}
    plan.obtained_count = sum(film in judge.known or film in deleted for film in plan.wanted)
    for tmdb_id in films if judge.question.only is None else films.keys() & set(judge.question.only):
        film = judge.known.get(tmdb_id)
        answer = judge.pending.positions.get(tmdb_id)
        if tmdb_id in deleted or (answer and answer.outcome == "deleted"):
            continue
        checked_at = judge.checked_at(tmdb_id)
        if answer:
            plan.answers[tmdb_id] = answer
            if checked_at:
                plan.checked_at[tmdb_id] = checked_at
        if answer and not judge.is_news(answer, checked_at):
            answer = None
        if answer:
            plan.recovered.append(tmdb_id)
        if not judge.is_asked_for(tmdb_id, films[tmdb_id], answer):
            continue
        if tmdb_id in plan.leaving and judge.verdict(tmdb_id, films[tmdb_id], answer) != "marked":
            continue
        if film:
            stale.append((film.checked_at, tmdb_id))
        else:
            plan.due.append(tmdb_id)
    plan.due = deque(sorted(plan.due)) if judge.question.only is not None else plan.due
    plan.stale = {tmdb_id: checked_at for checked_at, tmdb_id in sorted(stale)}
    plan.due.extend(plan.stale)


def oldest(plans: Iterable[YearPlan]) -> Iterator[tuple[dt.datetime, int]]:
    """Yield the films that are asked for again, with the time of the last look at each."""
    for plan in plans:
        yield from ((checked_at, tmdb_id) for tmdb_id, checked_at in plan.stale.items())
