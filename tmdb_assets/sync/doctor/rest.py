"""What is wrong with the origin, the snapshot, the state, and what killed processes left."""

from collections.abc import Iterator

import duckdb

from tmdb_assets.settings import Settings
from tmdb_assets.storage.dagster_history import dagster_folder, damaged_databases
from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.leftovers import left_by_the_dead
from tmdb_assets.storage.origin import OriginError, holds_films, read
from tmdb_assets.storage.snapshot import open_snapshot
from tmdb_assets.storage.state import state_file
from tmdb_assets.sync.doctor.problems import Mend, Problem
from tmdb_assets.tables import LAKE_TABLES

_OF_THE_JOURNAL = ("*.new", "*.tmp", "*.compacting", ".spool-*")


def look_at_origin(settings: Settings) -> list[Problem]:
    """Return whether nobody knows where the films come from."""
    remedy = (
        f"Write the base URL that its films come from into {settings.data / 'origin.json'}, as "
        '{"base_url": "https://api.themoviedb.org/3"}.'
    )
    try:
        if read(settings.data) is None and holds_films(settings.data):
            return [Problem("origin", f"{settings.data} has films and no origin.json.", remedy=remedy)]
    except OriginError:
        return [Problem("origin", f"{settings.data / 'origin.json'} is damaged.", remedy=remedy)]
    return []


def look_at_leftovers(settings: Settings, storage: Storage) -> list[Problem]:
    """Return what processes that are gone were about to write."""
    files = [
        *settings.data.glob(".warehouse-*"),
        *settings.data.glob(".read-*"),
        *settings.data.glob("origin.*.tmp"),
        *(settings.data / "exports").glob(".work-*"),
        *(file for name in _OF_THE_JOURNAL for file in storage.journal.folder.glob(name)),
    ]
    return [
        Problem("folder", f"{file} was left by a process that is gone.", Mend.REMOVE, subject=str(file))
        for file in left_by_the_dead(files)
    ]


def look_at_snapshot(storage: Storage) -> list[Problem]:
    """Return whether the snapshot is missing, cannot be read, or is not what the lake is."""
    counts = {table.table: storage.lake.promised_count(table) or 0 for table in LAKE_TABLES}
    if not any(counts.values()) and not storage.snapshot.exists():
        return []
    if storage.snapshot.is_dir():
        what, remedy = f"{storage.snapshot} is a folder.", "Move it away, then run the same again."
        return [Problem("snapshot", what, remedy=remedy)]
    # Published just now and behind again: somebody else stores films, and publishes when that is done.
    remedy = "Wait until the other commands that run now have ended, then look again."
    return [Problem("snapshot", what, Mend.PUBLISH, remedy) for what in _wrong_with(storage, counts)][:1]


def _wrong_with(storage: Storage, counts: dict[str, int]) -> Iterator[str]:
    path = storage.snapshot
    try:
        with open_snapshot(path) as connection:
            stored = {
                str(name)
                for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
            }
            for table in LAKE_TABLES:
                if table.table not in stored:
                    yield f"{path} has no table {table.table}."
                    return
                columns = connection.execute(f'SELECT hash(COLUMNS(*)) FROM "{table.table}"').fetchall()  # noqa: S608 -- a name of ours; every column is read
                if len(columns) != counts[table.table]:
                    yield (
                        f"{path} has {len(columns):,} rows in {table.table}, and the lake has "
                        f"{counts[table.table]:,}."
                    )
    except FileNotFoundError:
        yield f"There is no {path}."
    except duckdb.Error as error:
        yield f"{path} cannot be read ({str(error).partition(chr(10))[0]})."
    else:
        written = max((at for table in LAKE_TABLES if (at := storage.lake.written_at(table))), default=None)
        if written and written.timestamp() > path.stat().st_mtime:
            yield f"{path} is older than the lake."


def look_at_state(storage: Storage) -> list[Problem]:
    """Return what the state's database finds wrong with itself, and uploads whose files are gone."""
    problems = [
        Problem("state", f"The state is damaged: {said}.", remedy="Move it away: a new one is made.")
        for said in storage.state.integrity_problems()[:3]
    ]
    if problems:
        return problems
    sessions = storage.state.sessions()
    asking = {film.upload for film in storage.state.requested_movies()}
    gone = [upload for upload in sessions if not (storage.uploads / upload).exists()]
    gone += sorted(upload for upload in asking - sessions.keys() if not upload.startswith("("))
    return [
        Problem("state", f"The upload {upload} has no file any more.", Mend.FORGET, subject=upload)
        for upload in gone
    ]


def look_at_dagster(settings: Settings) -> list[Problem]:
    """Return which databases of Dagster's are damaged; they hold its history, and nothing of the films."""
    return [
        Problem("dagster", f"{file} is damaged.", Mend.SET_ASIDE, subject=str(file))
        for file in damaged_databases(dagster_folder(settings.data))
    ]


def is_empty(settings: Settings) -> bool:
    """Say whether there is nothing to look at."""
    state = state_file(settings)
    has_state = state is not None and state.exists()
    return not (holds_films(settings.data) or settings.lake or settings.journal or has_state)
