"""``tmdb_exports``: which film ids came with TMDB's daily export, and which are gone."""

from typing import Any

import dagster as dg
import polars as pl

from tmdb_assets.assets.configuration import ExportsConfig
from tmdb_assets.assets.documentation import audit_metadata, described, preview
from tmdb_assets.resources.storage import StorageResource
from tmdb_assets.settings import Settings, SettingsError
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.export_download import ExportUnavailableError
from tmdb_assets.sync.exports import sync_exports
from tmdb_assets.tables import TmdbExport
from tmdb_assets.transforms.exports import ExportError

_SHOWN = 20
_NEAR = 20
"""An export may be a twentieth longer or shorter than the one before it."""


@dg.asset(code_version="1", **described("refresh", TmdbExport))
def tmdb_exports(
    context: dg.AssetExecutionContext, config: ExportsConfig, storage: StorageResource
) -> dg.MaterializeResult[Any]:
    """Film ids that are new in TMDB's daily export, or have vanished from it: deleted or merged.

    One row per export and id. A vanished film that we know is asked for once more; where TMDB does not have
    it, it becomes a tombstone in `failed_movies`. The first export tells which of our films it lacks.
    """
    store = storage.open_to_fetch()
    run = SyncRun(run_id=context.run.run_id)
    try:
        base_url = "" if config.source else Settings.load().effective_export_base_url
        read = sync_exports(
            store,
            run,
            base_url=base_url,
            source=config.source,
            allow_shrinking=config.allow_shrinking,
        )
    except (ExportError, ExportUnavailableError, SettingsError) as error:
        raise dg.Failure(str(error), metadata={"error": type(error).__name__}) from None
    rows = store.lake.scan(TmdbExport).filter(pl.col("export_date") == read.date).collect()
    counts = dict(rows.group_by("change").len().iter_rows())
    known = rows.filter("is_known").sort("change", "tmdb_id", descending=[True, False])
    context.log.info(
        "The export of %s names %d films: %d are new, %d vanished; %d of these are known",
        *(read.date, read.id_count, counts.get("new", 0), counts.get("vanished", 0), len(known)),
    )
    if read.odd_count:
        context.log.warning(
            "%d lines of the export name no film; the first are %s", read.odd_count, read.odd_lines
        )
    return dg.MaterializeResult(
        metadata={
            **audit_metadata(read.audit),
            "export_date": str(read.date),
            "films": read.id_count,
            "new": counts.get("new", 0),
            "vanished": counts.get("vanished", 0),
            "known_films": len(known),
            "odd_lines": read.odd_count,
            "preview": preview(known.head(_SHOWN).select("change", "tmdb_id", "original_title")),
        }
    )


@dg.asset_check(asset=tmdb_exports)
def export_is_about_as_long_as_before(storage: StorageResource) -> dg.AssetCheckResult:
    """The last export names about as many films as the one before it: within a twentieth."""
    counts = storage.open().export_ids.counts()
    before, *newer = counts.values() or [0]
    now = newer[-1] if newer else before
    is_near = abs(now - before) * _NEAR <= before
    return dg.AssetCheckResult(
        passed=is_near,
        severity=dg.AssetCheckSeverity.WARN,
        description=None
        if is_near
        else f"The last export names {now:,} films, the one before it {before:,}: is it TMDB's?",
        metadata={str(date): count for date, count in counts.items()},
    )
