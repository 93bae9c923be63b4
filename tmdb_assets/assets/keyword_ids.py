"""``keyword_ids``: TMDB's keywords of each theme."""

import datetime as dt
import hashlib
from typing import Any

import dagster as dg
import msgspec
import polars as pl

from tmdb_assets.assets.configuration import KeywordsConfig
from tmdb_assets.assets.documentation import audit_metadata, described, preview
from tmdb_assets.assets.evidence import counted, examples, some_of
from tmdb_assets.resources.progress import ProgressResource, announced
from tmdb_assets.resources.storage import StorageResource
from tmdb_assets.resources.tmdb import TMDBResource
from tmdb_assets.settings import Settings
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.collection import load_themes
from tmdb_assets.sync.keywords import sync_keywords
from tmdb_assets.tables import KeywordId
from tmdb_assets.transforms.renumbered import moved_keywords

_TOLD = 3
_MOVED = {
    "theme": pl.String,
    "keyword": pl.String,
    "pinned_id": pl.Int64,
    "keyword_ids": pl.List(pl.Int64),
    "what_happened": pl.String,
}


@dg.asset(code_version="1", **described("themes", KeywordId))
def keyword_ids(
    context: dg.AssetExecutionContext,
    config: KeywordsConfig,
    tmdb: TMDBResource,
    storage: StorageResource,
    progress: ProgressResource,
) -> dg.MaterializeResult[Any]:
    """TMDB's keywords that make each theme, a set of ids per theme.

    One row per theme and keyword id. A pinned id counts while it lives, then every id with exactly that name.
    """
    store = storage.open_to_fetch()
    run = SyncRun(
        run_id=context.run.run_id,
        refresh=config.refresh,
        on_plan=announced(context.log, KeywordId.table, "keywords"),
    )
    audit = tmdb.run(
        lambda client: sync_keywords(
            client, store, load_themes(Settings.load().themes), run, only=config.themes
        ),
        store,
        KeywordId.table,
        progress.saying(context.log, KeywordId.table),
    )
    rows = store.lake.read(KeywordId)
    by_theme = rows.group_by("theme_title", maintain_order=True).agg(
        pl.col("keyword").unique(maintain_order=True), pl.col("keyword_id").drop_nulls().alias("ids")
    )
    context.log.info("%d keyword ids for %d themes", by_theme["ids"].list.len().sum(), len(by_theme))
    known = rows.drop("checked_at", "pinned_id", "former_ids", "renumbered_at").write_ndjson().encode()
    version = dg.DataVersion(hashlib.blake2b(known, digest_size=8).hexdigest())
    return dg.MaterializeResult(
        data_version=version, metadata={**audit_metadata(audit), "preview": preview(by_theme)}
    )


@dg.asset_check(asset=keyword_ids)
def every_theme_has_a_keyword(storage: StorageResource) -> dg.AssetCheckResult:
    """Each theme has at least one keyword that TMDB knows; names that it does not know are shown."""
    rows = storage.open().lake.read(KeywordId)
    missing = rows.filter(pl.col("status") == "missing")
    empty = missing.join(rows.filter(pl.col("status") != "missing"), on="theme", how="anti")
    titles = empty["theme_title"].unique(maintain_order=True).to_list()
    sentence = (
        f"{counted(len(titles), 'theme')} without a keyword that TMDB knows: {some_of(titles)}. "
        "Correct the names in the themes file."
    )
    return dg.AssetCheckResult(
        passed=not titles,
        severity=dg.AssetCheckSeverity.WARN,
        description=sentence if titles else None,
        metadata={
            "themes_without_keywords": len(titles),
            "unknown_keywords": len(missing),
            "examples": examples(missing.select("theme_title", "keyword")),
        },
    )


@dg.asset_check(asset=keyword_ids)
def keywords_are_where_they_were(storage: StorageResource) -> dg.AssetCheckResult:
    """Pinned ids are alive under their names, and no name has other ids than before."""
    rows = [
        msgspec.convert(row, KeywordId) for row in storage.open().lake.read(KeywordId).iter_rows(named=True)
    ]
    moved = moved_keywords(rows, dt.datetime.now(dt.UTC))
    more = f" {counted(len(moved) - _TOLD, 'more keyword')} in the table." if len(moved) > _TOLD else ""
    return dg.AssetCheckResult(
        passed=not moved,
        severity=dg.AssetCheckSeverity.WARN,
        description=" ".join(one.sentence for one in moved[:_TOLD]) + more or None,
        metadata={
            "moved_keywords": len(moved),
            "examples": examples(pl.DataFrame(moved, schema=_MOVED, orient="row")),
        },
    )
