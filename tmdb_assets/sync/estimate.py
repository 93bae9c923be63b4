"""What a run would take, before it is done."""

import math
from collections.abc import Sequence

import msgspec

from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.details import request_fingerprint
from tmdb_assets.sync.details_plan import plan_details, year_groups
from tmdb_assets.sync.details_verdict import DetailsQuestion
from tmdb_assets.sync.discovery_plan import DiscoveryQuestion, fresh_years, page_endpoint, theme_keyword_ids
from tmdb_assets.sync.keywords import fresh_keywords
from tmdb_assets.sync.together import together
from tmdb_assets.tmdb import AsyncTMDBClient
from tmdb_assets.tmdb.limiter import PACE
from tmdb_assets.transforms.themes import Theme
from tmdb_assets.transforms.windows import year_window

_PER_PAGE = 20


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """About how many requests a run would send, and how long they would take within the rate limit.

    ``asked`` counts the requests that it took to find out.
    """

    keyword_requests: int
    discovery_requests: int
    details_requests: int
    requests: int
    hours: float
    requests_per_second: float
    asked: int


async def estimate_run(
    client: AsyncTMDBClient,
    storage: Storage,
    themes: Sequence[Theme],
    years: Sequence[int],
    run: SyncRun,
    *,
    min_votes: int = 200,
    region: str | None = None,
) -> Estimate:
    """Say what a run would take, asking TMDB for the first page of every year that is not fresh.

    A film listed for its votes and for a keyword counts twice where the year is not stored yet. A keyword
    counts once, though one whose pinned id is dead takes a second request.

    Raises
    ------
    TMDBError
        TMDB did not answer.
    """
    keywords = 0 if fresh_keywords(storage, themes, run) else sum(len(theme.keywords) for theme in themes)
    pinned = {keyword.id for theme in themes for keyword in theme.keywords if keyword.id is not None}
    keyword_ids = theme_keyword_ids(storage) or tuple(sorted(pinned))
    question = DiscoveryQuestion(min_votes, keyword_ids, client.language)
    stale = sorted(set(years) - set(fresh_years(storage, years, question, run)))
    firsts = await together(
        client.send(page_endpoint(year_window(year), filters, 1))
        for year in stale
        for filters in question.filters()
    )
    totals = [first.total_results for first in firsts]
    with storage.journal.pending() as pending:
        asked = DetailsQuestion(fingerprint=request_fingerprint(client, region), refresh=run.refresh)
        settled = due = 0
        for group in year_groups(storage, years):
            for plan in plan_details(storage, pending, group, asked, run.clock()):
                if plan.year in stale:
                    settled += len(plan.wanted) - len(plan.due)
                else:
                    due += len(plan.due)
    details = max(0, sum(totals) - settled) + due
    discovery = sum(max(1, math.ceil(total / _PER_PAGE)) for total in totals)
    requests = keywords + discovery + details
    return Estimate(
        keyword_requests=keywords,
        discovery_requests=discovery,
        details_requests=details,
        requests=requests,
        hours=round(requests / client.requests_per_second / PACE / 3600, 4),
        requests_per_second=client.requests_per_second,
        asked=client.usage.requests,
    )
