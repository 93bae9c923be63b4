"""What is wrong with TMDB's lists as they are kept, of which a rebuild makes tables."""

from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.doctor.problems import Mend, Problem
from tmdb_assets.tables import DiscoveredMovie, KeywordId, Row

_KEPT: dict[str, type[Row]] = {table.table: table for table in (KeywordId, DiscoveredMovie)}
_WHOLE = 0
"""In place of a year: a table without years."""


def look_at_lists(storage: Storage) -> list[Problem]:
    """Return which lists cannot be read, and which the lake has that are not kept.

    The tables of the lake can be read.
    """
    problems: list[Problem] = []
    for table in _KEPT.values():
        stored, kept = _stored_years(storage, table), storage.lists.looked_at(table)
        wrong = {year: why for year, why in kept.items() if why}
        wrong |= {year: f"{_name(table, year)} is not kept." for year in stored - kept.keys()}
        for year, why in sorted(wrong.items()):
            mend = Mend.KEEP if year in stored else None
            remedy = f"Move the file away, then `tmdb-assets run --refresh{_years(year)}` asks for it again."
            problems.append(Problem("lists", why, mend, remedy, subject=f"{table.table} {year}"))
    return problems


def keep_again(storage: Storage, subject: str) -> None:
    """Keep a list again as the lake has it."""
    name, year = subject.split()
    table = _KEPT[name]
    if int(year) == _WHOLE:
        storage.lists.keep(table, storage.lake.read(table))
    else:
        storage.lists.keep(table, storage.lake.read(table, years=[int(year)]), int(year))


def _stored_years(storage: Storage, table: type[Row]) -> set[int]:
    if table.is_partitioned():
        return set(storage.lake.row_counts(table))
    return {_WHOLE} if storage.lake.promised_count(table) else set()


def _name(table: type[Row], year: int) -> str:
    return f"TMDB's list of {table.table}{f' for {year}' if year else ''}"


def _years(year: int) -> str:
    return f" --years {year}" if year else ""
