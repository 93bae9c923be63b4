"""How an asset describes itself in the Dagster UI: group, columns, grain, preview, what it took."""

import datetime as dt
import re
from collections.abc import Callable, Collection, Mapping
from typing import Literal, NamedTuple, TypedDict, cast

import dagster as dg
import polars as pl

from tmdb_assets.settings import Settings
from tmdb_assets.tables import Row, SyncAudit
from tmdb_assets.tmdb.images import ImageURLs

OWNERS = ["team:film-data"]

Metadata = Mapping[str, dg.MetadataValue]
Group = Literal["themes", "discovery", "refresh", "details", "uploads", "curation", "publishing"]


class _Chapter(NamedTuple):
    """What the assets of a group have in common."""

    layer: Literal["raw", "details", "curated", "published"]
    source: Literal["tmdb", "uploads", "lake"]
    kinds: frozenset[str]
    freshness: dg.FreshnessPolicy | None


_WEEKLY = dg.FreshnessPolicy.time_window(fail_window=dt.timedelta(days=15), warn_window=dt.timedelta(days=8))
_DAILY = dg.FreshnessPolicy.time_window(fail_window=dt.timedelta(days=3), warn_window=dt.timedelta(hours=36))
_ASKS_TMDB = frozenset({"tmdb", "deltalake"})

_CHAPTERS: dict[Group, _Chapter] = {
    "themes": _Chapter("raw", "tmdb", _ASKS_TMDB, _WEEKLY),
    "discovery": _Chapter("raw", "tmdb", _ASKS_TMDB, _DAILY),
    "refresh": _Chapter("raw", "tmdb", _ASKS_TMDB, _DAILY),
    "details": _Chapter("details", "tmdb", _ASKS_TMDB, _DAILY),
    "uploads": _Chapter("details", "uploads", _ASKS_TMDB | {"csv"}, None),  # a file may come at any time
    "curation": _Chapter("curated", "lake", frozenset({"polars", "deltalake"}), _DAILY),
    "publishing": _Chapter("published", "lake", frozenset({"duckdb"}), _DAILY),
}

_POSTERS = ("poster_path", "poster_url")
_SMALL = "w92"
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|~])")


class Described(TypedDict):
    """What :func:`described` says, as ``@dg.asset`` and ``dg.AssetSpec`` take it."""

    group_name: str
    kinds: set[str]
    owners: list[str]
    tags: dict[str, str]
    metadata: Metadata
    freshness_policy: dg.FreshnessPolicy | None


def described(group: Group, table: type[Row] | None = None) -> Described:
    """Return all that the UI shows of an asset beside its docstring.

    Parameters
    ----------
    group
        The chapter of the story that the asset belongs to; its layer, source, kinds and freshness follow.
    table
        Its row type; None for the asset that is no table.
    """
    chapter = _CHAPTERS[group]
    return Described(
        group_name=group,
        kinds=set(chapter.kinds),
        owners=OWNERS,
        tags={
            "layer": chapter.layer,
            "source": chapter.source,
            "asks_tmdb": "yes" if "tmdb" in chapter.kinds else "no",
        },
        metadata=table_metadata(table) if table else {},
        freshness_policy=chapter.freshness,
    )


def table_metadata(table: type[Row]) -> Metadata:
    """Return what is always true of a table: its grain, key and columns."""
    descriptions = table.descriptions()
    columns = [
        dg.TableColumn(
            name,
            _shortly(dtype),
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


def _shortly(dtype: pl.DataType) -> str:
    """Return a column's type in a word or two: the UI's table has little room for it."""
    if isinstance(dtype, pl.List):
        return f"List({_shortly(cast('pl.DataType', dtype.inner))})"
    return "Datetime(UTC)" if isinstance(dtype, pl.Datetime) else str(dtype).partition("(")[0]


def audit_metadata(audit: SyncAudit) -> Metadata:
    """Return what it took to bring a year of a table up to date; the UI plots each number per year."""
    rows = "dagster/row_count" if audit.year is None else "dagster/partition_row_count"
    return {
        rows: dg.MetadataValue.int(audit.row_count),
        "promised": dg.MetadataValue.int(audit.promised_count),
        "missing": dg.MetadataValue.int(audit.missing_count),
        "reused": dg.MetadataValue.int(audit.reused_count),
        **spent_metadata([audit]),
    }


def spent_metadata(audits: Collection[SyncAudit]) -> Metadata:
    """Return what was asked of TMDB, as ``api_usage`` counts it."""

    def total(count: Callable[[SyncAudit], int]) -> dg.MetadataValue:
        return dg.MetadataValue.int(sum(map(count, audits)))

    waited = sum(audit.waited_seconds for audit in audits)
    received = sum(audit.received_bytes for audit in audits)
    return {
        "requests": total(lambda audit: audit.request_count),
        "requests_ok": total(lambda audit: audit.ok_count),
        "requests_not_found": total(lambda audit: audit.not_found_count),
        "requests_failed": total(lambda audit: audit.failed_count),
        "retries": total(lambda audit: audit.retry_count),
        "waited_seconds": dg.MetadataValue.float(round(waited, 2)),
        "received_megabytes": dg.MetadataValue.float(round(received / 1e6, 2)),
    }


def preview(rows: pl.DataFrame) -> dg.MetadataValue:
    """Return a few rows as a table that the UI renders; ``poster_path`` or ``poster_url`` is a picture."""
    lines = [["poster" if name in _POSTERS else _cell(name) for name in rows.columns], ["---"] * rows.width]
    for row in rows.iter_rows(named=True):
        title = _cell(row.get("title")) or "poster"
        lines.append([_poster(row[name], title) if name in _POSTERS else _cell(row[name]) for name in row])
    return dg.MetadataValue.md("\n".join(f"| {' | '.join(line)} |" for line in lines))


def _poster(address: str | None, title: str) -> str:
    """Return a poster's path, or its address at another size, as a small picture."""
    if not address:
        return ""
    is_path = "://" not in address
    folder = Settings.load().effective_image_base_url if is_path else address.rsplit("/", 2)[0]
    return f"![{title}]({ImageURLs(folder).poster_url(address.rpartition('/')[2], _SMALL)})"


def _cell(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_cell(one) for one in cast("list[object]", value))
    return "" if value is None else _MARKDOWN.sub(r"\\\1", str(value)).replace("\n", " ")
