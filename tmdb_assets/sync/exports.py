"""Which film ids are new in TMDB's daily export, and which have vanished from it."""

import contextlib
import dataclasses
import datetime as dt
import gzip
import zlib
from collections.abc import Generator, Iterator
from itertools import islice
from pathlib import Path

import msgspec
import polars as pl

from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.export_download import export_file
from tmdb_assets.sync.wanted import wanted_films
from tmdb_assets.tables import ExportChange, FailedMovie, MovieDetail, SyncAudit, TmdbExport
from tmdb_assets.transforms.exports import ExportError, ExportLine, not_among, reason_to_refuse

_LINES_AT_A_TIME = 50_000
_NAMED_LINES = 5
_GZIP = b"\x1f\x8b"


@dataclasses.dataclass(frozen=True)
class ReadExport:
    """An export that was read.

    Attributes
    ----------
    date
        The date in its name.
    id_count
        Films that it names.
    odd_count, odd_lines
        Lines that name none, and the numbers of the first of them.
    audit
        What it took.
    """

    date: dt.date
    id_count: int
    odd_count: int
    odd_lines: tuple[int, ...]
    audit: SyncAudit


@dataclasses.dataclass
class _Content:
    """What an export holds: ids in ascending order, each once, and the titles of those that are new."""

    ids: pl.Series
    new_titles: dict[int, str | None]
    odd_count: int
    odd_lines: tuple[int, ...]


def sync_exports(
    storage: Storage,
    run: SyncRun,
    *,
    base_url: str,
    source: str | None = None,
    allow_shrinking: bool = False,
) -> ReadExport:
    """Bring ``tmdb_exports`` up to date with an export: what came and went since the one before.

    The first export has nothing before it: of it only the films of ours that it lacks are kept. An export is
    never whole in memory.

    Parameters
    ----------
    base_url
        Where TMDB's exports are.
    source
        A path or an address of one export, in the place of the newest.
    allow_shrinking
        Believe an export, too, that lost more than 5 % of the ids.

    Raises
    ------
    ExportError
        The export cannot be believed, or a newer one was read; nothing was changed.
    ExportUnavailableError
        It cannot be had at present; nothing was changed.
    """
    kept = storage.export_ids
    tally = run.tally(TmdbExport.table, None, "")
    with kept.alone(), export_file(base_url, source, kept, run.clock().date()) as (date, path):
        if newer := [each for each in kept.dates() if each > date]:
            raise ExportError(
                f"The export of {date} is older than that of {newer[-1]}, which was read already: "
                "name a newer one."
            )
        before = kept.before(date)
        content = _read(path, before)
        vanished = (
            not_among(before, content.ids) if before is not None else _known_but_missing(storage, content.ids)
        )
        why_not = reason_to_refuse(
            id_count=len(content.ids),
            odd_count=content.odd_count,
            before_count=0 if before is None else len(before),
            vanished_count=0 if before is None else len(vanished),
            allow_shrinking=allow_shrinking,
        )
        if why_not:
            raise ExportError(f"The export of {date} is not believed: {why_not}. Nothing was changed.")
        _store(storage, date, content, vanished, now=run.clock())
        kept.keep(date, content.ids)
        row_count = len(content.new_titles) + len(vanished)
        audit = dataclasses.replace(
            tally, fingerprint=date.isoformat(), received_bytes=path.stat().st_size
        ).audit(finished_at=run.clock(), row_count=row_count, promised_count=row_count)
    storage.state.add_audit(audit)
    return ReadExport(date, len(content.ids), content.odd_count, content.odd_lines, audit)


def _read(path: Path, before: pl.Series | None) -> _Content:
    """Read an export in parts; without one before it no film is new."""
    parts: list[pl.Series] = []
    new_titles: dict[int, str | None] = {}
    odd_count, odd_lines = 0, list[int]()
    decode = msgspec.json.Decoder(ExportLine).decode
    with _opened(path) as lines:
        numbered = enumerate(lines, start=1)
        while some := list(islice(numbered, _LINES_AT_A_TIME)):
            films: dict[int, str | None] = {}
            for number, line in some:
                try:
                    film = decode(line)
                except (msgspec.DecodeError, UnicodeDecodeError):
                    if line.strip():
                        odd_count += 1
                        odd_lines += [number] if len(odd_lines) < _NAMED_LINES else []
                else:
                    films[film.id] = film.original_title
            ids = pl.Series("tmdb_id", films.keys(), dtype=pl.Int64)
            parts.append(ids)
            if before is not None:
                new_titles |= {film: films[film] for film in not_among(ids, before)}
    ids = pl.concat(parts).unique().sort() if parts else pl.Series("tmdb_id", [], dtype=pl.Int64)
    return _Content(ids, new_titles, odd_count, tuple(odd_lines))


@contextlib.contextmanager
def _opened(path: Path) -> Generator[Iterator[bytes]]:
    """Open an export, compressed or not.

    Raises
    ------
    ExportError
        Its compressed bytes are damaged, or end too early.
    """
    with path.open("rb") as file:
        is_compressed = file.read(len(_GZIP)) == _GZIP
    with gzip.open(path) if is_compressed else path.open("rb") as lines:
        try:
            yield iter(lines)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise ExportError(
                f"{path.name} is damaged or cut off ({error}): fetch it again. Nothing was changed."
            ) from None


def _known_but_missing(storage: Storage, ids: pl.Series) -> pl.Series:
    """Return the films of ours that an export lacks; TMDB's exports have no adult films."""
    films = storage.lake.scan(MovieDetail).filter(~pl.col("adult").fill_null(value=False))
    return not_among(films.select("tmdb_id").collect()["tmdb_id"].unique().sort(), ids)


def _store(storage: Storage, date: dt.date, content: _Content, vanished: pl.Series, now: dt.datetime) -> None:
    """Store what came and went; what an earlier reading of the same export found stays as it was."""
    earlier = storage.lake.scan(TmdbExport).filter(pl.col("export_date") == date)
    found: dict[int, ExportChange] = dict.fromkeys(vanished, "vanished")
    found |= dict.fromkeys(content.new_titles, "new")
    known = _known_among(storage, list(found))
    stored = {row["tmdb_id"]: row for row in earlier.collect().iter_rows(named=True)}
    rows: list[TmdbExport] = []
    for film, change in sorted(found.items()):
        row = TmdbExport(
            export_date=date,
            tmdb_id=film,
            change=change,
            original_title=content.new_titles.get(film),
            is_known=film in known,
            seen_at=now,
        )
        same = stored.get(film)
        if same and same["change"] == change:
            row = msgspec.structs.replace(row, is_known=same["is_known"], seen_at=same["seen_at"])
        rows.append(row)
    storage.lake.replace_where(TmdbExport, TmdbExport.frame(rows), "export_date", date)


def _known_among(storage: Storage, ids: list[int]) -> set[int]:
    """Return which of these films are ours: in the tables, or wanted for them."""
    wanted = pl.DataFrame({"tmdb_id": ids}, schema={"tmdb_id": pl.Int64}).lazy()
    of_tables = (storage.lake.scan(table).select("tmdb_id") for table in (MovieDetail, FailedMovie))
    ours = pl.concat([*of_tables, wanted_films(storage).select("tmdb_id")])
    return set(wanted.join(ours, on="tmdb_id", how="semi").collect()["tmdb_id"])
