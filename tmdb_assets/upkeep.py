"""Upkeep, once a week: an op, its job and its schedule. It asks TMDB for nothing."""

import datetime as dt

import dagster as dg

from tmdb_assets.resources.storage import StorageResource
from tmdb_assets.sync.upkeep import keep_up
from tmdb_assets.ticks import REASON, or_why_not


@dg.op(out=dg.Out(dg.Nothing))
def compact_files(context: dg.OpExecutionContext, storage: StorageResource) -> None:
    """Compact the journal, merge small files of the tables, and remove what has left them a week ago.

    Runs may go on meanwhile, and so may readers.
    """
    done = keep_up(storage.open(), clock=lambda: dt.datetime.now(dt.UTC))
    for sentence in done.sentences():
        context.log.info(sentence)
    context.add_output_metadata(
        {
            "journal_segments": done.journal.segments_after,
            "journal_megabytes": round(done.journal.bytes_after / 1e6, 1),
            "journal_megabytes_before": round(done.journal.bytes_before / 1e6, 1),
            "files_merged": sum(table.merged_count for table in done.tables.values()),
            "files_removed": sum(table.removed_count for table in done.tables.values()),
            "what": dg.MetadataValue.md("\n".join(f"- {sentence}" for sentence in done.sentences())),
        }
    )
    if done.problems:
        raise dg.Failure(f"{' '.join(done.problems)} All else was kept up.")


@dg.job(description="Keep the files of the journal and of the tables few and small.")
def upkeep() -> None:
    """Compact and merge, once."""
    compact_files()


@dg.schedule(
    job=upkeep,
    cron_schedule="0 3 * * 0",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every Sunday at 03:00 UTC: compacts the journal, merges the small files of the tables, and "
    "removes files that left them a week ago.",
)
def upkeep_weekly(
    context: dg.ScheduleEvaluationContext, storage: StorageResource
) -> dg.SkipReason | dg.RunRequest:
    """Ask for upkeep where there is something to keep up."""

    def decide() -> dg.SkipReason | dg.RunRequest:
        if not storage.holds_films():
            return dg.SkipReason("No films are stored yet: there is nothing to keep up.")
        scheduled = context.scheduled_execution_time.astimezone(dt.UTC)
        return dg.RunRequest(run_key=f"{scheduled:%Y-%m-%d}", tags={REASON: "weekly"})

    return or_why_not(decide)
