"""Years that a run has finished: kept by Dagster also when a later one fails."""

import datetime as dt
from collections.abc import Callable, Collection, Generator, Mapping
from contextlib import contextmanager, suppress

import dagster as dg

from tmdb_assets.assets.documentation import Metadata
from tmdb_assets.tables import SyncAudit

Finish = Callable[[int | dt.date, Mapping[dg.AssetKey, Metadata]], None]
Describe = Callable[[Collection[SyncAudit]], Mapping[int, Mapping[dg.AssetKey, Metadata]]]
OnYear = Callable[[SyncAudit], None]


def years_of(context: dg.AssetExecutionContext) -> list[int]:
    """Return the release years of the run, which may span many."""
    try:
        return [int(key) for key in context.partition_keys]
    except dg.DagsterInvariantViolationError:
        raise dg.Failure("Choose release years: this asset is made year by year.") from None


@contextmanager
def keeping_finished(context: dg.AssetExecutionContext) -> Generator[Finish]:
    """Yield a function to call with each year, or day, that is stored and its metadata, by asset.

    Dagster marks no year materialized when a run over many raises, and turns years that were into failed
    ones. So the years that were stored are logged then, and only then: otherwise they would count twice.
    """
    finished: dict[tuple[dg.AssetKey, str], Metadata] = {}

    def finish(year: int | dt.date, described: Mapping[dg.AssetKey, Metadata]) -> None:
        for key, metadata in described.items():
            finished[key, str(year)] = metadata
            context.add_asset_metadata(metadata, asset_key=key, partition_key=str(year))

    try:
        yield finish
    except BaseException:
        for (key, year), metadata in finished.items():
            context.log_event(dg.AssetMaterialization(asset_key=key, partition=year, metadata=metadata))
        raise


@contextmanager
def keeping_finished_years(context: dg.AssetExecutionContext, describe: Describe) -> Generator[OnYear]:
    """Yield a function to call with the audit of each year that is stored; see :func:`keeping_finished`.

    The years are described together, once the work has ended: year by year it would hold up requests, and
    read each table anew.

    Parameters
    ----------
    describe
        Returns the metadata of each year for each of the step's assets.
    """
    audits: dict[int, SyncAudit] = {}

    def on_year(audit: SyncAudit) -> None:
        if audit.year is not None:
            audits[audit.year] = audit
        if audit.reused_count == audit.promised_count:
            return  # nothing to tell
        context.log.info(
            "%s: %d rows, %d of them fresh, %d missing; %d requests, held back for %.0f s by the rate limit",
            audit.year,
            audit.row_count,
            audit.reused_count,
            audit.missing_count,
            audit.request_count,
            audit.waited_seconds,
        )

    with keeping_finished(context) as finish:
        try:
            yield on_year
        except BaseException:
            for year in audits:  # what the lake says of them may be what has failed
                finish(year, {key: {} for key in context.selected_asset_keys})
            with suppress(Exception):
                _finish_all(finish, describe, audits)
            raise
        _finish_all(finish, describe, audits)


def _finish_all(finish: Finish, describe: Describe, audits: Mapping[int, SyncAudit]) -> None:
    if audits:
        for year, described in describe(audits.values()).items():
            finish(year, described)
