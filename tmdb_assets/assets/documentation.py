"""How an asset describes its table in the Dagster UI: columns, grain, preview, what it took."""

from collections.abc import Mapping
from typing import cast

import dagster as dg
import polars as pl

from tmdb_assets.tables import Row, SyncAudit

OWNERS = ["team:film-data"]

Metadata = Mapping[str, dg.MetadataValue]


def table_metadata(table: type[Row]) -> Metadata:
    """Return what is always true of a table: its grain, key and columns."""
    descriptions = table.descriptions()
    columns = [
        dg.TableColumn(
            name,
            str(dtype),
            description=descriptions[name],
            constraints=dg.TableColumnConstraints(unique=table.key == (name,)),
        )
        for name, dtype in table.schema().items()
    ]
    return {
        "dagster/column_schema": dg.MetadataValue.table_schema(dg.TableSchema(columns=columns)),
        "dagster/table_name": dg.MetadataValue.text(table.table),
        "grain": dg.MetadataValue.text(table.grain),
        "key": dg.MetadataValue.text(", ".join(table.key)),
    }


def audit_metadata(audit: SyncAudit) -> Metadata:
    """Return what it took to bring a year of a table up to date."""
    rows = "dagster/row_count" if audit.year is None else "dagster/partition_row_count"
    return {
        rows: dg.MetadataValue.int(audit.row_count),
        "promised": dg.MetadataValue.int(audit.promised_count),
        "missing": dg.MetadataValue.int(audit.missing_count),
        "reused": dg.MetadataValue.int(audit.reused_count),
        "requests": dg.MetadataValue.int(audit.request_count),
        "retries": dg.MetadataValue.int(audit.retry_count),
        "waited_seconds": dg.MetadataValue.float(round(audit.waited_seconds, 2)),
        "received_megabytes": dg.MetadataValue.float(round(audit.received_bytes / 1e6, 2)),
    }


def preview(rows: pl.DataFrame) -> dg.MetadataValue:
    """Return a few rows as a table that the UI renders."""
    cells = [[_cell(value) for value in row] for row in rows.iter_rows()]
    lines = [rows.columns, ["---"] * rows.width, *cells]
    return dg.MetadataValue.md("\n".join(f"| {' | '.join(line)} |" for line in lines))


def _cell(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, cast("list[object]", value)))
    return "" if value is None else str(value).replace("|", "\\|").replace("\n", " ")


def repeated_ids(rows: pl.LazyFrame) -> list[int]:
    """Return the films that have more than one row."""
    counted = rows.group_by("tmdb_id").len().filter(pl.col("len") > 1).sort("tmdb_id").select("tmdb_id")
    return counted.collect()["tmdb_id"].to_list()
