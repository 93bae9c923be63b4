"""``enriched_uploads``: people's film lists, matched and filled in."""

import dagster as dg
import polars as pl

from tmdb_assets.assets.configuration import UploadsConfig
from tmdb_assets.assets.documentation import Metadata, audit_metadata, described, preview, spent_metadata
from tmdb_assets.assets.evidence import counted, examples
from tmdb_assets.partitions import uploads
from tmdb_assets.resources.progress import ProgressResource
from tmdb_assets.resources.storage import StorageResource
from tmdb_assets.resources.tmdb import TMDBResource
from tmdb_assets.settings import Settings
from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.uploads import sync_upload
from tmdb_assets.tables import EnrichedUpload, MovieDetail, SyncAudit
from tmdb_assets.transforms.upload_files import UploadError
from tmdb_assets.transforms.upload_keys import upload_path

_PREVIEWED = ("poster_url", "title", "year", "status", "matched_title", "directors", "rating")


@dg.asset(
    deps=[dg.AssetDep(MovieDetail.table, partition_mapping=dg.AllPartitionMapping())],
    partitions_def=uploads,
    code_version="1",
    **described("uploads", EnrichedUpload),
)
def enriched_uploads(
    context: dg.AssetExecutionContext,
    config: UploadsConfig,
    tmdb: TMDBResource,
    storage: StorageResource,
    progress: ProgressResource,
) -> None:
    """The rows of a film list that somebody dropped into the uploads folder, with the films that they mean.

    One row per row of the file, matched or not. Films that the lake did not have join movie_details.
    """
    store = storage.open_to_fetch()
    region = Settings.load().region

    of_years: list[SyncAudit] = []

    def tell_of_year(audit: SyncAudit) -> None:
        """Let what depends on a year's films know that some have joined them."""
        of_years.append(audit)
        metadata = audit_metadata(audit)
        context.log_event(
            dg.AssetMaterialization(MovieDetail.table, partition=str(audit.year), metadata=metadata)
        )

    for key in context.partition_keys:
        upload = upload_path(key)
        context.log.info("Reading %s", store.uploads / upload)
        of_years.clear()
        with progress.reporting(context.log, upload, "titles and films") as on_progress:
            run = SyncRun(
                run_id=context.run.run_id,
                refresh=config.refresh,
                on_year=tell_of_year,
                on_progress=on_progress,
            )
            try:
                audit = tmdb.run(
                    lambda client, upload=upload, run=run: sync_upload(
                        client, store, upload, run, region=region
                    ),
                    store,
                    EnrichedUpload.table,
                    on_progress.say,
                )
            except UploadError as error:
                raise dg.Failure(str(error)) from None
        rows = _rows(store, upload)
        context.log.info("%s: %s", upload, ", ".join(f"{count} {status}" for status, count in _counts(rows)))
        took = spent_metadata([audit, *of_years])
        context.add_asset_metadata({**_described(rows), **took}, partition_key=key)


def _rows(store: Storage, upload: str) -> pl.DataFrame:
    return store.lake.scan(EnrichedUpload).filter(pl.col("upload") == upload).sort("row_number").collect()


def _counts(rows: pl.DataFrame) -> list[tuple[str, int]]:
    return [(str(status), count) for status, count in rows["status"].value_counts(sort=True).iter_rows()]


def _described(rows: pl.DataFrame) -> Metadata:
    return {
        "dagster/partition_row_count": dg.MetadataValue.int(len(rows)),
        "enriched": dg.MetadataValue.int(int(rows["tmdb_enriched"].sum())),
        **{status: dg.MetadataValue.int(count) for status, count in _counts(rows)},
        "preview": preview(rows.head(10).select(_PREVIEWED)),
    }


@dg.asset_check(asset=enriched_uploads)
def every_row_has_its_film(storage: StorageResource) -> dg.AssetCheckResult:
    """Each row of each list was matched with one film and filled in; those that were not are shown."""
    rows = storage.open().lake.scan(EnrichedUpload)
    lacking = rows.filter(~pl.col("tmdb_enriched")).sort("upload", "row_number").collect()
    by_upload = lacking["upload"].value_counts().sort("upload")
    sentence = f"{counted(len(lacking), 'row')} without a film; the column problem says why."
    return dg.AssetCheckResult(
        passed=lacking.is_empty(),
        severity=dg.AssetCheckSeverity.WARN,
        description=sentence if len(lacking) else None,
        metadata={
            "rows": rows.select(pl.len()).collect().item(),
            "without_film": len(lacking),
            "without_film_by_upload": {str(upload): count for upload, count in by_upload.iter_rows()},
            "examples": examples(
                lacking.select("upload", "line_number", "title", "year", "status", "problem")
            ),
        },
    )
