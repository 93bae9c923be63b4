"""What the doctor is to find: ways to damage a data folder."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl

from tmdb_assets.storage.folder import Storage
from tmdb_assets.tables import DiscoveredMovie, FailedMovie, MovieDetail
from tmdb_assets_tests.sync.doctor.conftest import YEAR
from tmdb_assets_tests.tables.rows import AT


def dead_process() -> int:
    """Return the id of a process that is gone."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def only(folder: Path, pattern: str) -> Path:
    return min(folder.glob(pattern))


def contents(data: Path) -> dict[str, bytes]:
    """Return every file; a lock holds nothing, and SQLite's and DuckDB's are read, too."""
    return {
        str(file): file.read_bytes() for file in data.rglob("*") if file.is_file() and file.suffix != ".lock"
    }


def films(lake: Path, table: str) -> Path:
    return only(lake / table, f"release_year={YEAR}/*.parquet")


def lists(storage: Storage, table: str) -> Path:
    return only(storage.lists.folder / table, "*.zst")


def overwrite_within(file: Path) -> None:
    """Write over the middle of a file, which keeps its length."""
    content = file.read_bytes()
    third = len(content) // 3
    file.write_bytes(content[:third] + b"x" * third + content[2 * third :])


def cut(file: Path, share: float = 0.5) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * share)])


def add_rows(
    storage: Storage, table: type[MovieDetail | DiscoveredMovie | FailedMovie], rows: pl.DataFrame
) -> None:
    """Add rows without a look at what is there, as no code of ours does."""
    rows.write_delta(f"{storage.lake.uri}/{table.table}", mode="append")


def a_film_twice(storage: Storage) -> None:
    add_rows(storage, MovieDetail, storage.lake.read(MovieDetail, years=[YEAR]).head(1))


def a_film_in_two_years(storage: Storage) -> None:
    row = storage.lake.read(MovieDetail, years=[YEAR]).head(1)
    add_rows(storage, MovieDetail, row.with_columns(release_year=pl.lit(1950, pl.Int32)))


def a_film_in_both_tables(storage: Storage) -> None:
    row = storage.lake.read(MovieDetail, years=[YEAR]).row(0, named=True)
    failed = FailedMovie(
        tmdb_id=row["tmdb_id"],
        release_year=YEAR,
        title=None,
        reason="failed",
        message=None,
        attempt_count=1,
        checked_at=AT,
    )
    add_rows(storage, FailedMovie, FailedMovie.frame([failed]))


def without_genres(storage: Storage) -> None:
    rows = storage.lake.read(MovieDetail, years=[YEAR]).with_columns(genres=pl.lit(None, pl.List(pl.String)))
    rows.write_delta(
        f"{storage.lake.uri}/movie_details",
        mode="overwrite",
        delta_write_options={"predicate": f"release_year = {YEAR}"},
    )


def without_a_year(storage: Storage) -> None:
    storage.lake.replace_year(MovieDetail, MovieDetail.frame(), YEAR)


def garbage_in_dagsters_history(storage: Storage) -> None:
    file = storage.snapshot.parent / "dagster" / "history" / "runs.db"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"no database" * 999)


DAMAGE: dict[str, tuple[str, Callable[[Storage], object], str]] = {
    "a missing file": ("lake", lambda s: films(Path(s.lake.uri), "movie_details").unlink(), "missing"),
    "a damaged file": (
        "lake",
        lambda s: overwrite_within(films(Path(s.lake.uri), "movie_details")),
        "movie_details",
    ),
    "a cut file": ("lake", lambda s: cut(films(Path(s.lake.uri), "discovered_movies")), "discovered_movies"),
    "an empty file": (
        "lake",
        lambda s: films(Path(s.lake.uri), "movie_details").write_bytes(b""),
        "movie_details",
    ),
    "a damaged log": (
        "lake",
        lambda s: max((Path(s.lake.uri) / "movie_details/_delta_log").glob("*.json")).write_bytes(b"garbage"),
        "movie_details",
    ),
    "a missing log": (
        "lake",
        lambda s: shutil.rmtree(Path(s.lake.uri) / "movie_details/_delta_log"),
        "no log",
    ),
    "a missing table": (
        "lake",
        lambda s: shutil.rmtree(Path(s.lake.uri) / "movie_details"),
        "not in the lake",
    ),
    "a table set aside by a process that was killed then": (
        "lake",
        lambda s: Path(s.lake.uri, "discovered_movies").rename(f"{s.lake.uri}/discovered_movies.damaged-x"),
        "nothing is in its place",
    ),
    "a table set aside of which there was nothing": (
        "lake",
        lambda s: Path(s.lake.uri, "tmdb_exports.damaged-x").mkdir(),
        "nothing is in its place",
    ),
    "a missing lake": ("lake", lambda s: shutil.rmtree(s.lake.uri), "lake"),
    "a film twice": ("lake", a_film_twice, "more than once"),
    "a film in two years": ("lake", a_film_in_two_years, "more than once"),
    "a film in both tables": ("lake", a_film_in_both_tables, "and in failed_movies"),
    "rows without genres": ("lake", without_genres, "without genres"),
    "a year that was lost": ("lake", without_a_year, "not in the lake"),
    "a damaged list": ("lists", lambda s: overwrite_within(lists(s, "discovered_movies")), "cannot be read"),
    "damaged keywords": ("lists", lambda s: lists(s, "keyword_ids").write_bytes(b""), "cannot be read"),
    "lists that are gone": (
        "lists",
        lambda s: shutil.rmtree(s.lists.folder / "discovered_movies"),
        "not kept",
    ),
    "no snapshot": ("snapshot", lambda s: s.snapshot.unlink(), "There is no"),
    "a damaged snapshot": (
        "snapshot",
        lambda s: s.snapshot.write_bytes(b"no database" * 999),
        "cannot be read",
    ),
    "a cut snapshot": ("snapshot", lambda s: cut(s.snapshot, 0.3), "warehouse.duckdb"),
    "a torn line": (
        "journal",
        lambda s: (s.journal.folder / f"x-{dead_process()}-y.ndjson").write_bytes(b'{"tmdb_id":1'),
        "left by a process",
    ),
    "what a killed publisher left": (
        "folder",
        lambda s: s.snapshot.with_name(f".warehouse-{dead_process()}-ab.duckdb").write_bytes(b"half"),
        ".warehouse-",
    ),
    "what a killed publisher had no memory for": (
        "folder",
        lambda s: s.snapshot.with_name(f".warehouse-{dead_process()}-ab.tmp").mkdir(),
        ".warehouse-",
    ),
    "what a killed reader left": (
        "folder",
        lambda s: s.snapshot.with_name(f".read-{dead_process()}-ab.duckdb").write_bytes(b"half"),
        ".read-",
    ),
    "an origin that was not written to its end": (
        "folder",
        lambda s: s.snapshot.with_name(f"origin.{dead_process()}.tmp").write_bytes(b"{"),
        "origin.",
    ),
    "a segment that was not begun to its end": (
        "folder",
        lambda s: (s.journal.folder / f"x-{dead_process()}-y.new").write_bytes(b""),
        ".new",
    ),
    "a segment that was not sealed to its end": (
        "folder",
        lambda s: (s.journal.folder / f"x-{dead_process()}-y.{dead_process()}.tmp").write_bytes(b"half"),
        ".tmp",
    ),
    "a segment that was not compacted to its end": (
        "folder",
        lambda s: (s.journal.folder / f"compacted-x-{dead_process()}-0000y.compacting").write_bytes(b"half"),
        ".compacting",
    ),
    "Dagster's history": ("dagster", garbage_in_dagsters_history, "runs.db is damaged"),
    "what a killed rebuild had no memory for": (
        "folder",
        lambda s: (s.journal.folder / f".spool-{dead_process()}-ab").mkdir(),
        ".spool-",
    ),
}
