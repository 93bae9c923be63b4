"""What a release year is asked for, and which years need not be asked again."""

import dataclasses
import datetime as dt
from collections.abc import Collection, Sequence
from typing import Literal

import polars as pl

from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.audit import SyncRun, fingerprint
from tmdb_assets.sync.discovery_listing import Found
from tmdb_assets.tables import DiscoveredMovie, KeywordId, ListGap
from tmdb_assets.tmdb import Endpoint, any_of, endpoints
from tmdb_assets.tmdb.endpoints.discover import MovieFilters
from tmdb_assets.tmdb.models import MovieListItem, Page
from tmdb_assets.transforms.themes import ThemesError
from tmdb_assets.transforms.windows import Order, Window

_LISTS: tuple[Literal["votes", "keywords"], ...] = ("votes", "keywords")

NOT_LISTED = "not listed"
"""In the place of a question's fingerprint: the year could not be had, and is fresh for no question."""


@dataclasses.dataclass(frozen=True)
class DiscoveryQuestion:
    """What a release year is asked for.

    Attributes
    ----------
    min_votes
        A film without a theme's keyword is listed from this many votes on.
    keyword_ids
        The themes' keywords; a film that carries any of them is listed whatever its votes.
    language
        Language of the titles.
    themes
        Slugs of the themes that the keywords belong to, in order; none where they are all themes'.
    """

    min_votes: int
    keyword_ids: tuple[int, ...]
    language: str
    themes: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """A hash; a year that was asked for something else is not fresh."""
        of_some = [self.themes] if self.themes else []
        return fingerprint(self.min_votes, self.keyword_ids, self.language, *of_some)

    def filters(self) -> list[MovieFilters]:
        """Return the filters of each query, that on votes first."""
        by_votes: MovieFilters = {"vote_count_gte": self.min_votes}
        by_keyword: MovieFilters = {"with_keywords": any_of(*self.keyword_ids)}
        return [by_votes, by_keyword] if self.keyword_ids else [by_votes]


def page_endpoint(
    window: Window, filters: MovieFilters, page: int, order: Order | None = None
) -> Endpoint[Page[MovieListItem]]:
    """Return the question for one page of a window, by default in its own order."""
    asked: MovieFilters = {
        **filters,
        "primary_release_date_gte": window.start,
        "primary_release_date_lte": window.end,
        "include_adult": False,
        "include_video": False,
        "sort_by": order or window.order,
    }
    if window.min_votes:
        asked["vote_count_gte"] = window.min_votes
    if window.max_votes is not None:
        asked["vote_count_lte"] = window.max_votes
    if window.language is not None:
        asked["with_original_language"] = window.language
    return endpoints.discover.movie(page=page, **asked)


def fresh_years(
    storage: Storage, years: Sequence[int], question: DiscoveryQuestion, run: SyncRun
) -> dict[int, int]:
    """Return the years that can stay and how many films each has.

    Such a year was asked for the same, it is still stored, and it is not too old: a day, where not all of it
    could be got.
    """
    if run.refresh:
        return {}
    audits = storage.state.newest_audits(DiscoveredMovie.table, with_requests=True)
    counts = storage.lake.row_counts(DiscoveredMovie)
    now, policy = run.clock(), storage.policy
    return {
        year: counts.get(year, 0)
        for year in years
        if (before := audits.get(year))
        and before.fingerprint == question.fingerprint
        and before.row_count == counts.get(year, 0)
        and policy.is_fresh(
            before.finished_at,
            now,
            policy.current_discovery_age if before.missing_count else policy.discovery_age(year, now.date()),
        )
    }


def listed_between(
    storage: Storage, year: int, question: DiscoveryQuestion, between: tuple[dt.datetime, dt.datetime]
) -> int | None:
    """Return how many films a year has that was asked for the same between two moments; None otherwise."""
    audits = storage.state.newest_audits(DiscoveredMovie.table, with_requests=True, between=between)
    listed = audits.get(year)
    return listed.row_count if listed and listed.fingerprint == question.fingerprint else None


def list_gaps(year: int, found: Sequence[Found], *, noticed_at: dt.datetime) -> list[ListGap]:
    """Return what is missing from a year's lists, that by votes first."""
    return [
        ListGap(
            release_year=year,
            listed_by=listed_by,
            first_date=gap.window.start,
            last_date=gap.window.end,
            min_votes=gap.window.min_votes,
            max_votes=gap.window.max_votes,
            original_language=gap.window.language,
            promised_count=gap.promised,
            obtained_count=gap.obtained,
            missing_count=gap.missing,
            reason=gap.reason,
            noticed_at=noticed_at,
        )
        for listed_by, each in zip(_LISTS, found, strict=False)
        for gap in each.gaps
    ]


def theme_keyword_ids(storage: Storage, themes: Collection[str] = ()) -> tuple[int, ...]:
    """Return the keyword ids of some themes, by slug, or of all.

    Raises
    ------
    ThemesError
        A theme was never looked up.
    """
    rows = storage.lake.scan(KeywordId).select("theme", "keyword_id").collect()
    if unknown := sorted(set(themes) - set(rows["theme"])):
        raise ThemesError(
            f"keyword_ids has no row of {', '.join(unknown)} yet: materialize keyword_ids first."
        )
    chosen = rows.filter(pl.col("theme").is_in(list(themes))) if themes else rows
    return tuple(chosen["keyword_id"].drop_nulls().unique().sort().to_list())
