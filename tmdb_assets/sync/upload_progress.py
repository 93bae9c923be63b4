"""How far an upload is, kept in the state for people who wait for it."""

import contextlib
import time
from collections import Counter
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import msgspec

from tmdb_assets.settings import SettingsError
from tmdb_assets.storage.state import State
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.tables import EnrichedUpload, UploadSession
from tmdb_assets.tables.upload_sessions import UploadStatus
from tmdb_assets.transforms.upload_files import ParsedUpload

_SAVED_EVERY_SECONDS = 1.0


class UploadProgress:
    """An upload from its file to its enriched rows; one that raises has failed, and says why.

    Parameters
    ----------
    upload
        The file's path in the uploads folder.
    """

    def __init__(self, state: State, upload: str, run: SyncRun) -> None:
        self._state = state
        self._run = run
        self._session = UploadSession(
            upload=upload,
            status="processing",
            total_movies=0,
            enriched_count=0,
            problems=[],
            updated_at=run.clock(),
        )
        self._known_count = 0
        self._saved_at = 0.0

    def begin(self, parsed: ParsedUpload) -> None:
        """Say how many rows the file has."""
        self._save("enriching", total_movies=len(parsed.rows), problems=list(parsed.problems))

    def enriching(self, *, known_count: int) -> None:
        """Say how many rows need no request."""
        self._known_count = known_count
        self._save("enriching", enriched_count=known_count)

    def on_title(self, done: int, total: int) -> None:
        """Say how many titles are looked up, lest the upload seems stuck."""
        self._run.on_progress(done, total)
        self._save_now_and_then(self._session.enriched_count)

    def on_film(self, done: int, total: int) -> None:
        """Say how many of the films that the lake did not have are fetched."""
        self._run.on_progress(done, total)
        self._save_now_and_then(self._known_count + done)

    def complete(self, rows: Sequence[EnrichedUpload]) -> None:
        """Say that all rows are done, and what is wrong with some."""
        lacking = Counter(row.status for row in rows if not row.tmdb_enriched)
        problems = [f"{_LACKING[status]}: {count:,}." for status, count in sorted(lacking.items())]
        self._save(
            "completed",
            enriched_count=sum(row.tmdb_enriched for row in rows),
            problems=[*self._session.problems, *problems],
        )

    def __enter__(self) -> Self:
        self._save("processing")
        return self

    def __exit__(
        self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None
    ) -> None:
        if error:
            why = str(error) if isinstance(error, Exception) else "Interrupted: materialize it again."
            with contextlib.suppress(SettingsError):  # a full disk: the error itself is what people must see
                self._save("failed", problems=[*self._session.problems, why.strip().partition("\n")[0]])

    def _save_now_and_then(self, enriched_count: int) -> None:
        if time.monotonic() - self._saved_at >= _SAVED_EVERY_SECONDS:
            self._save("enriching", enriched_count=enriched_count)

    def _save(self, status: UploadStatus, **changes: object) -> None:
        self._session = msgspec.structs.replace(
            self._session, status=status, updated_at=self._run.clock(), **changes
        )
        self._state.save_session(self._session)
        self._saved_at = time.monotonic()


_LACKING = {
    "matched": "Films whose details could not be had (the column problem says why)",
    "ambiguous": "Titles that may mean several films (the column candidates names them)",
    "not_found": "Titles that are not at TMDB with that year",
    "failed": "Titles that were not looked up (materialize the upload again)",
}
