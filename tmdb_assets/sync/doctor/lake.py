"""What is wrong with the tables of the lake."""

from collections.abc import Callable
from typing import get_args

import msgspec
import polars as pl

from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.lake_damage import collected, damaged, unheard
from tmdb_assets.sync.doctor.problems import Mend, OnProgress, Problem, some
from tmdb_assets.tables import STORED_TABLES, FailedMovie, MovieDetail, Row


def look_at_tables(storage: Storage, on_progress: OnProgress) -> list[Problem]:
    """Return what is wrong with any table by itself; if nothing is, with two that exclude each other."""
    problems: list[Problem] = []
    for place, table in enumerate(STORED_TABLES, 1):
        if problem := _unusable(storage, table):
            problems.append(_to_rebuild(table, problem))
        else:
            problems += [
                _to_rebuild(table, what) for look in _LOOKS for what in look(storage.lake.scan(table), table)
            ]
        on_progress(place, len(STORED_TABLES))
    return problems or _in_both(storage)


def _to_rebuild(table: type[Row], what: str) -> Problem:
    return Problem("lake", what, Mend.REBUILD, subject=table.table)


def _unusable(storage: Storage, table: type[Row]) -> str | None:
    """Return a sentence on a table that cannot be opened, or whose files are not what its log says."""
    try:
        with unheard():
            rows = storage.lake.scan(table)
            promised = storage.lake.promised_count(table)
    except BaseException as error:
        if not (why := damaged(error)):
            raise
        return f"{table.table} cannot be opened: {why}"
    if promised is None:
        if storage.lake.is_nothing_but_set_aside(table):
            return f"{table.table} was set aside, and nothing is in its place."
        return f"{table.table} has files and no log." if storage.lake.has_files(table) else None
    # Every column is read: a file may be damaged in any of them.
    found = collected(rows.select(pl.len(), pl.all().hash().sum().name.prefix("hash_of_")))
    if found is None:
        return f"{table.table} has files that are missing or cannot be read."
    count = int(found["len"].item())
    return None if count == promised else f"{table.table} has {count:,} rows, and its log says {promised:,}."


def _repeated(rows: pl.LazyFrame, table: type[Row]) -> list[str]:
    repeated = rows.group_by(table.key).len().filter(pl.col("len") > 1).sort(table.key).collect()
    if repeated.is_empty():
        return []
    names: list[object] = [" ".join(map(str, row[:-1])) for row in repeated.iter_rows()]
    return [f"{table.table} has {' and '.join(table.key)} more than once: {some(names)}."]


def _empty(rows: pl.LazyFrame, table: type[Row]) -> list[str]:
    """Look for columns that every row must have."""
    needed = [
        field.encode_name
        for field in msgspec.structs.fields(table)
        if type(None) not in get_args(field.type) and not _is_optional(field.type)
    ]
    counts = rows.select(pl.col(needed).null_count()).collect().row(0, named=True)
    return [f"{table.table} has {count:,} rows without {name}." for name, count in counts.items() if count]


def _is_optional(kind: object) -> bool:
    return any(type(None) in get_args(inner) for inner in get_args(kind))


_LOOKS: tuple[Callable[[pl.LazyFrame, type[Row]], list[str]], ...] = (_repeated, _empty)


def _in_both(storage: Storage) -> list[Problem]:
    details, failed = (storage.lake.scan(table).select("tmdb_id") for table in (MovieDetail, FailedMovie))
    both = details.join(failed, on="tmdb_id", how="semi").collect()["tmdb_id"].sort().to_list()
    if not both:
        return []
    return [
        _to_rebuild(
            FailedMovie, f"{len(both):,} films are in movie_details and in failed_movies: {some(both)}."
        )
    ]
