"""``movie_changes``: which films TMDB changed on a day."""

import datetime as dt

import dagster as dg
import polars as pl

from tmdb_assets.assets.documentation import Metadata, audit_metadata, described, preview
from tmdb_assets.assets.evidence import counted, some_of
from tmdb_assets.assets.finished_years import keeping_finished
from tmdb_assets.partitions import DAYS_PER_RUN, change_days
from tmdb_assets.resources.progress import ProgressResource, announced
from tmdb_assets.resources.storage import StorageResource
from tmdb_assets.resources.tmdb import TMDBResource
from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.changes import ChangedDay, days_read, sync_changes
from tmdb_assets.tables import MovieChange, MovieDetail
from tmdb_assets.transforms.change_days import missed_days

_PREVIEWED = ("poster_url", "title", "release_date", "checked_at")
_SHOWN = 5


@dg.asset(
    partitions_def=change_days,
    backfill_policy=DAYS_PER_RUN,
    code_version="1",
    **described("refresh", MovieChange),
)
def movie_changes(
    context: dg.AssetExecutionContext,
    tmdb: TMDBResource,
    storage: StorageResource,
    progress: ProgressResource,
) -> None:
    """Films that TMDB's changes feed names for a day: those that we know are asked for again, and no other.

    One row per day and film. TMDB caches details for up to 8 hours, so a film is asked for once the day was
    read, and again 8 hours later. What is deleted at TMDB is not in the feed: `tmdb_exports` notices that.
    """
    store = storage.open_to_fetch()
    with (
        keeping_finished(context) as finish,
        progress.reporting(context.log, MovieChange.table, "days") as on_progress,
    ):

        def on_day(read: ChangedDay) -> None:
            metadata = _describe(store, read)
            finish(read.day, {context.asset_key: metadata})
            context.log.info(
                "%s: %d films changed, %s of them known; %d requests",
                *(read.day, read.audit.row_count, metadata["known_films"].value, read.audit.request_count),
            )

        run = SyncRun(
            run_id=context.run.run_id,
            on_plan=announced(context.log, MovieChange.table, "days", one_request_each=False),
            on_progress=on_progress,
        )
        days = _days_of(context)
        tmdb.run(
            lambda client: sync_changes(client, store, days, run, on_day=on_day),
            store,
            MovieChange.table,
            on_progress.say,
        )


def _days_of(context: dg.AssetExecutionContext) -> list[dt.date]:
    try:
        return [dt.date.fromisoformat(key) for key in context.partition_keys]
    except dg.DagsterInvariantViolationError:
        raise dg.Failure("Choose days: this asset is made day by day.") from None


def _describe(store: Storage, read: ChangedDay) -> Metadata:
    changed = store.lake.scan(MovieChange).filter(pl.col("day") == read.day).select("tmdb_id")
    known = store.lake.scan(MovieDetail).join(changed, on="tmdb_id", how="semi")
    most_popular = known.top_k(_SHOWN, by=pl.col("popularity").fill_null(0)).select(_PREVIEWED)
    return {
        **audit_metadata(read.audit),
        "dagster/partition_row_count": dg.MetadataValue.int(read.audit.row_count),
        "known_films": dg.MetadataValue.int(known.select(pl.len()).collect().item()),
        "odd_items": dg.MetadataValue.int(read.odd_count),
        "preview": preview(most_popular.collect()),
    }


@dg.asset_check(asset=movie_changes)
def changes_are_read_without_gap(storage: StorageResource) -> dg.AssetCheckResult:
    """Every day since the first was read in time; films of a missed day are refreshed by their age."""
    store = storage.open()
    read = days_read(store)
    missed = [day.isoformat() for day in missed_days(read, dt.datetime.now(dt.UTC).date())]
    newest = {audit.fingerprint: audit for audit in store.state.audits(asset=MovieChange.table)}
    short = {day: audit.missing_count for day, audit in newest.items() if audit.missing_count}
    sentences: list[str] = []
    if missed:
        sentences.append(
            f"{counted(len(missed), 'day')} missed: {some_of(missed)}. Films that changed then are refreshed "
            "by their age instead; materialize these days to have them marked."
        )
    if short:
        sentences.append(
            f"{counted(sum(short.values()), 'promised change')} missing from TMDB's feed of "
            f"{some_of(sorted(short))}; such films are refreshed by their age."
        )
    return dg.AssetCheckResult(
        passed=not sentences,
        severity=dg.AssetCheckSeverity.WARN,
        description=" ".join(sentences) or None,
        metadata={"days_read": len(read), "missed_days": missed, "missing_by_day": short},
    )
