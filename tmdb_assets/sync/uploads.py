"""Bring an uploaded film list into ``enriched_uploads``: read, match, fetch its films, fill in."""

import contextlib
import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.audit import SyncRun, fingerprint
from tmdb_assets.sync.details import sync_details
from tmdb_assets.sync.outage import TMDBUnavailableError
from tmdb_assets.sync.title_search import Question, TitleSearcher
from tmdb_assets.sync.upload_progress import UploadProgress
from tmdb_assets.sync.usage import DailyCapReachedError
from tmdb_assets.tables import (
    Candidate,
    EnrichedUpload,
    FailedMovie,
    MovieDetail,
    RequestedMovie,
    SyncAudit,
)
from tmdb_assets.tmdb import AsyncTMDBClient
from tmdb_assets.transforms.matching import Match
from tmdb_assets.transforms.upload_files import ParsedUpload, UploadedRow, UploadError, parse_upload
from tmdb_assets.transforms.uploads import FILLED_IN, Found, enriched_row, with_former_times

_LEADING = 10
LARGEST_UPLOAD = 50 << 20
"""Bytes; what is larger is no list of films."""
_NO_TITLE = Match(status="not_found", problem="The row has no title.")


async def sync_upload(
    client: AsyncTMDBClient,
    storage: Storage,
    upload: str,
    run: SyncRun,
    *,
    region: str | None = None,
) -> SyncAudit:
    """Bring the rows of an uploaded file up to date.

    A row that was matched before stays matched; titles that were searched for lately are not searched for
    again, and a film that the lake has costs no request.

    Parameters
    ----------
    upload
        The file's path in the uploads folder.
    region
        The country whose certification is kept, ISO 3166-1.

    Raises
    ------
    UploadError
        The file is gone or is no film list; the session says so, too.
    AuthenticationError
        TMDB refuses the credential.
    TMDBUnavailableError, DailyCapReachedError
        TMDB does not answer, or may not be asked any more today; what was found out is kept.
    """
    with UploadProgress(storage.state, upload, run) as progress:
        while True:
            content = _content(storage, upload)
            parsed = parse_upload(content, name=upload)
            progress.begin(parsed)
            enrichment = _Enrichment(client, storage, upload, content, parsed, run, progress, region)
            with contextlib.suppress(_ReplacedError):  # meanwhile: the last file that was dropped wins
                return await enrichment.bring_up_to_date()


class _ReplacedError(Exception):
    """The file is not the one any more that was read."""


@dataclasses.dataclass
class _Enrichment:
    client: AsyncTMDBClient
    storage: Storage
    upload: str
    content: bytes
    parsed: ParsedUpload
    run: SyncRun
    progress: UploadProgress
    region: str | None

    async def bring_up_to_date(self) -> SyncAudit:
        tally = self.run.tally(EnrichedUpload.table, None, fingerprint(self.content.hex()))
        former = _former_rows(self.storage, self.upload)
        settled = {_identity(row): row for row in former if row.status == "matched"}
        questions = [
            (row.title, row.year)
            for row in self.parsed.rows
            if row.title is not None and _identity(row) not in settled
        ]
        searching = dataclasses.replace(self.run, on_progress=self.progress.on_title)
        searcher = TitleSearcher(self.client, self.storage, questions, searching, tally)
        answers = await searcher.find_all()
        found = [_found(row, settled, answers) for row in self.parsed.rows]
        try:
            await self._fetch(found)
        except (DailyCapReachedError, TMDBUnavailableError):  # what was found out is worth keeping
            self._store(found, former)
            raise
        rows = self._store(found, former)
        if searcher.is_down:
            open_count = sum(row.status == "failed" for row in rows)
            raise TMDBUnavailableError(
                f"TMDB does not answer: {open_count} titles of {self.upload} were not looked up. The others "
                "are kept: materialize it again when TMDB is back."
            )
        self.progress.complete(rows)
        audit = tally.audit(
            finished_at=self.run.clock(),
            row_count=len(rows),
            promised_count=len(rows),
            missing_count=sum(not row.tmdb_enriched for row in rows),
            reused_count=sum(_identity(row) in settled for row in rows),
        )
        self.storage.state.add_audit(audit)
        return audit

    async def _fetch(self, found: Sequence[Found]) -> None:
        """Ask for the films that the lake does not have, for movie_details of their years."""
        requested = self._requested(found)
        self.storage.state.request_movies(self.upload, requested)
        known = _details(self.storage, found)
        missing = [film for film in requested if film.tmdb_id not in known]
        self.progress.enriching(known_count=sum(one.tmdb_id in known for one in found))
        if missing:
            await sync_details(
                self.client,
                self.storage,
                sorted({film.release_year for film in missing}),
                dataclasses.replace(self.run, on_progress=self.progress.on_film),
                region=self.region,
                only={film.tmdb_id for film in missing},
                asset=EnrichedUpload.table,
            )

    def _requested(self, found: Sequence[Found]) -> list[RequestedMovie]:
        """Return the films of the list; one that was requested before stays as it was."""
        before = self.storage.state.requested_movies()
        requested = {movie.tmdb_id: movie for movie in before if movie.upload == self.upload}
        for film in (one.film for one in found):
            if film and film.release_date and film.tmdb_id not in requested:
                requested[film.tmdb_id] = RequestedMovie(
                    upload=self.upload,
                    tmdb_id=film.tmdb_id,
                    release_year=film.release_date.year,
                    title=film.title,
                    release_date=film.release_date,
                    requested_at=self.run.clock(),
                )
        listed = {one.tmdb_id for one in found}
        return [movie for tmdb_id, movie in requested.items() if tmdb_id in listed]

    def _store(self, found: Sequence[Found], former: list[EnrichedUpload]) -> list[EnrichedUpload]:
        if _content(self.storage, self.upload) != self.content:
            raise _ReplacedError
        details, failures = _details(self.storage, found), _failures(self.storage, found)
        rows = with_former_times(
            [
                enriched_row(
                    self.upload,
                    self.parsed.list_title,
                    row,
                    one,
                    details.get(one.tmdb_id),
                    failure=failures.get(one.tmdb_id),
                    now=self.run.clock(),
                )
                for row, one in zip(self.parsed.rows, found, strict=True)
            ],
            former,
        )
        if rows != former:
            self.storage.lake.replace_where(EnrichedUpload, EnrichedUpload.frame(rows), "upload", self.upload)
        return rows


def forget_upload(storage: Storage, upload: str) -> None:
    """Remove an upload's rows, its progress, and the films that it alone asked for at their next update."""
    storage.lake.replace_where(EnrichedUpload, EnrichedUpload.frame(), "upload", upload)
    storage.state.forget_upload(upload)


def _content(storage: Storage, upload: str) -> bytes:
    path = storage.uploads / upload
    if ".." in path.parts[len(storage.uploads.parts) :] or Path(upload).is_absolute():
        raise UploadError(
            f"{upload} is not in {storage.uploads}: put the file there, then name its path in it."
        )
    try:
        if path.exists() and not path.is_file():
            raise UploadError(f"{path} is no file: put a film list there, or delete its partition.")
        if path.stat().st_size > LARGEST_UPLOAD:
            raise UploadError(
                f"{path} is larger than {LARGEST_UPLOAD >> 20} MB, so it is no list of films: remove it."
            )
        return path.read_bytes()
    except OSError as error:
        raise UploadError(
            f"{path} cannot be read ({error.strerror}): put it there again, or delete its partition."
        ) from None


def _identity(row: UploadedRow | EnrichedUpload) -> tuple[str | None, int | None, str | None]:
    """Return what a row is about, wherever in the file it stands."""
    return row.title, row.year, row.uri


def _found(
    row: UploadedRow,
    settled: Mapping[tuple[str | None, int | None, str | None], EnrichedUpload],
    answers: Mapping[Question, Found],
) -> Found:
    if before := settled.get(_identity(row)):
        match = Match(status="matched", tmdb_id=before.tmdb_id, score=before.score)
        return Found(match, _film(before), before.searched_at)
    return Found(_NO_TITLE) if row.title is None else answers[row.title, row.year]


def _film(row: EnrichedUpload) -> Candidate | None:
    if row.tmdb_id is None or row.release_date is None:
        return None
    return Candidate(
        tmdb_id=row.tmdb_id, title=row.matched_title, original_title=None, release_date=row.release_date
    )


def _former_rows(storage: Storage, upload: str) -> list[EnrichedUpload]:
    rows = storage.lake.scan(EnrichedUpload).filter(pl.col("upload") == upload).sort("row_number").collect()
    return [msgspec.convert(row, EnrichedUpload) for row in rows.iter_rows(named=True)]


def _details(storage: Storage, found: Sequence[Found]) -> dict[int | None, dict[str, Any]]:
    """Return by film what a matched row takes over from movie_details."""
    leading = pl.col("cast").list.head(_LEADING).list.eval(pl.element().struct.field("name").drop_nulls())
    films = (
        storage.lake.scan(MovieDetail)
        .filter(pl.col("tmdb_id").is_in(_ids(found)))
        .select("tmdb_id", "title", *FILLED_IN, leading)
        .collect()
    )
    return {film.pop("tmdb_id"): film for film in films.iter_rows(named=True)}


def _failures(storage: Storage, found: Sequence[Found]) -> dict[int | None, str | None]:
    """Return by film why TMDB would not give it."""
    films = storage.lake.scan(FailedMovie).filter(pl.col("tmdb_id").is_in(_ids(found)))
    return dict(films.select("tmdb_id", "message").collect().iter_rows())


def _ids(found: Sequence[Found]) -> list[int]:
    return sorted({one.tmdb_id for one in found if one.tmdb_id is not None})
