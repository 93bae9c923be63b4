"""Which keyword ids the themes have at TMDB today."""

import datetime as dt
from collections.abc import Collection, Sequence

import msgspec
import polars as pl

from tmdb_assets.storage.claims import Claims
from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.audit import SyncRun, Tally, fingerprint
from tmdb_assets.sync.together import together
from tmdb_assets.sync.turns import turn
from tmdb_assets.tables import KeywordId, SyncAudit
from tmdb_assets.tmdb import AsyncTMDBClient, NotFoundError, endpoints
from tmdb_assets.tmdb.limiter import PACE
from tmdb_assets.tmdb.models import Keyword
from tmdb_assets.transforms.renumbered import with_former_ids
from tmdb_assets.transforms.themes import Theme, ThemeKeyword, chosen_themes, same_name

_SEARCHED_PAGES = 5


async def sync_keywords(
    client: AsyncTMDBClient,
    storage: Storage,
    themes: Sequence[Theme],
    run: SyncRun,
    *,
    only: Collection[str] = (),
) -> SyncAudit:
    """Bring ``keyword_ids`` up to date; asks nothing while the same themes were looked up within a week.

    Parameters
    ----------
    only
        Slugs of the themes that are looked up; the rows of the others stay. By default all.

    Raises
    ------
    ThemesError
        There is no such theme.
    TMDBError
        TMDB did not answer for a keyword; the table stays as it was.
    """
    chosen = chosen_themes(themes, only)
    began_at = run.clock()
    fresh = fresh_keywords(storage, themes, run, only=only)
    count = sum(len(theme.keywords) for theme in chosen)
    run.on_plan(0 if fresh else count, count, PACE * client.requests_per_second)
    tally = run.tally(KeywordId.table, None, _fingerprint(themes, only))
    if fresh:
        return _keep(storage, _reused(tally, fresh))
    with Claims(storage.claims / KeywordId.table) as claims:
        async with turn(claims, 0):
            fresh = fresh_keywords(storage, themes, run, only=only, since=began_at)
            if fresh:
                return _keep(storage, _reused(tally, fresh))
            return _keep(
                storage, await _look_up(client, storage, chosen, tally, run, keeps_others=bool(only))
            )


def _reused(tally: Tally, fresh: SyncAudit) -> SyncAudit:
    return tally.audit(
        finished_at=tally.started_at,
        row_count=fresh.row_count,
        promised_count=fresh.promised_count,
        missing_count=fresh.missing_count,
        reused_count=fresh.row_count,
    )


def _keep(storage: Storage, audit: SyncAudit) -> SyncAudit:
    storage.state.add_audit(audit)
    return audit


def fresh_keywords(
    storage: Storage,
    themes: Sequence[Theme],
    run: SyncRun,
    *,
    only: Collection[str] = (),
    since: dt.datetime | None = None,
) -> SyncAudit | None:
    """Return the audit of rows that can stay: the same themes were looked up within a week, or all were.

    Parameters
    ----------
    since
        They were looked up since this moment: such rows are fresh even for a run that refreshes.
    """
    now = run.clock()
    between = (since, now) if since else None
    before = storage.state.newest_audits(KeywordId.table, with_requests=True, between=between).get(None)
    is_fresh = (
        before
        and (since or not run.refresh)
        and before.fingerprint in {_fingerprint(themes), _fingerprint(themes, only)}
        and before.row_count == len(storage.lake.read(KeywordId))
        and storage.policy.is_fresh(before.finished_at, now, storage.policy.keywords_age)
    )
    return before if is_fresh else None


def _fingerprint(themes: Sequence[Theme], only: Collection[str] = ()) -> str:
    return fingerprint(msgspec.to_builtins(themes), *([sorted(set(only))] if only else []))


async def _look_up(
    client: AsyncTMDBClient,
    storage: Storage,
    themes: Sequence[Theme],
    tally: Tally,
    run: SyncRun,
    *,
    keeps_others: bool,
) -> SyncAudit:
    found = await together(
        _keyword_ids(client, tally, theme, keyword) for theme in themes for keyword in theme.keywords
    )
    stored = storage.lake.read(KeywordId)
    before = [msgspec.convert(row, KeywordId) for row in stored.iter_rows(named=True)]
    rows = KeywordId.frame(with_former_ids([row for of_keyword in found for row in of_keyword], before))
    is_of_another = ~pl.col("theme").is_in([theme.slug for theme in themes])
    others = stored.filter(is_of_another) if keeps_others else stored.clear()
    rows = pl.concat([rows, others])
    storage.lists.keep(KeywordId, rows)
    storage.lake.replace(KeywordId, rows)
    return tally.audit(
        finished_at=run.clock(),
        row_count=len(rows),
        promised_count=len(rows),
        missing_count=rows.filter(pl.col("status") == "missing").height,
        reused_count=len(others),
    )


async def _keyword_ids(
    client: AsyncTMDBClient, tally: Tally, theme: Theme, keyword: ThemeKeyword
) -> list[KeywordId]:
    """Return the pinned id while it lives, else every id with exactly that name, else a row without id."""

    def row(found: Keyword | None, status: str) -> KeywordId:
        return msgspec.convert(
            {
                "theme": theme.slug,
                "theme_title": theme.title,
                "keyword": keyword.name,
                "keyword_id": found.id if found else None,
                "tmdb_name": found.name if found else None,
                "status": status,
                "checked_at": tally.started_at,
                "pinned_id": keyword.id,
            },
            KeywordId,
        )

    if keyword.id is not None:
        try:
            pinned = await tally.ask_again(client, endpoints.keywords.details(keyword.id))
        except NotFoundError:
            pass  # keyword ids die; its name may have another
        else:
            return [row(pinned.value, "pinned")]
    same: list[Keyword] = []
    number = last = 1
    while number <= last and not same:  # as a rule the exact name is on the first page
        page = (await tally.ask_again(client, endpoints.search.keyword(keyword.name, page=number))).value
        same = [found for found in page.results if same_name(found.name or "", keyword.name)]
        number, last = number + 1, min(page.total_pages, _SEARCHED_PAGES)
    return [row(found, "found") for found in same] or [row(None, "missing")]
