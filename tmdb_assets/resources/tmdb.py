"""TMDB as a Dagster resource."""

import asyncio
import signal
import threading
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

import dagster as dg
from pydantic import Field

from tmdb_assets.settings import Settings, SettingsError
from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.lake_damage import LAKE_ERRORS, damaged
from tmdb_assets.sync.outage import TMDBUnavailableError
from tmdb_assets.sync.usage import DailyCapReachedError, metered
from tmdb_assets.tmdb import AsyncTMDBClient, TMDBError
from tmdb_assets.transforms.themes import ThemesError

T = TypeVar("T")

_KNOWN = (DailyCapReachedError, SettingsError, ThemesError, TMDBError, TMDBUnavailableError)


class TMDBResource(dg.ConfigurableResource[AsyncTMDBClient]):
    """A client for TMDB within the shared rate limit.

    The address and the credential come from the environment and ``.env`` when a run starts, so that Dagster
    never stores them; so does all else that is not given here.
    """

    language: str | None = Field(default=None, description="Of titles and texts; by default TMDB_LANGUAGE.")
    requests_per_second: float | None = Field(
        default=None, description="Of all processes together; by default TMDB_REQUESTS_PER_SECOND."
    )
    max_concurrent: int | None = Field(
        default=None, description="Requests in flight; by default TMDB_MAX_CONCURRENT."
    )

    def get_client(self) -> AsyncTMDBClient:
        """Return a client; close it with ``async with``."""
        return AsyncTMDBClient(
            language=self.language,
            requests_per_second=self.requests_per_second,
            max_concurrent=self.max_concurrent,
        )

    def run(
        self,
        ask: Callable[[AsyncTMDBClient], Awaitable[T]],
        storage: Storage,
        asset: str,
        on_wait: Callable[[str], object],
    ) -> T:
        """Run asynchronous work with a client of its own, to its end.

        Parameters
        ----------
        ask
            The work.
        storage, asset
            Where its requests are counted, and on behalf of which table.
        on_wait
            Is called with a sentence when it waits for long.

        Raises
        ------
        dagster.Failure
            TMDB refused or did not answer, or the disk did; its text says what to do, its metadata which
            error it was.
        """

        async def with_client() -> T:
            cap = Settings.load().daily_requests
            async with (
                self.get_client() as client,
                metered(client, storage.state, asset, cap=cap, on_wait=on_wait),
            ):
                return await ask(client)

        try:
            with _interruptible():
                return asyncio.run(with_client())
        except _KNOWN as error:
            raise dg.Failure(_sentence(error), metadata={"error": type(error).__name__}) from None
        except LAKE_ERRORS as error:
            raise dg.Failure(damaged(error) or str(error), metadata={"error": type(error).__name__}) from None
        except OSError as error:
            if sentence := damaged(error):
                raise dg.Failure(sentence, metadata={"error": type(error).__name__}) from None
            where = f"{error.filename}: " if error.filename else ""
            words = (
                f"{where}{error.strerror or error}. What was stored is kept: mend that, then run it again."
            )
            raise dg.Failure(words, metadata={"error": type(error).__name__}) from None


def _sentence(error: Exception) -> str:
    if isinstance(error, TMDBError) and error.retryable:
        return (
            f"TMDB does not answer: {error} What it had answered is kept: run the same again when it is back."
        )
    return str(error)


@contextmanager
def _interruptible() -> Generator[None]:
    """Let an interrupt end asynchronous work, as a ``KeyboardInterrupt``.

    Dagster's own handler raises wherever the program stands; a callback of the event loop swallows that.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        signal.raise_signal(signal.SIGINT)

    before = {kind: signal.getsignal(kind) for kind in (signal.SIGINT, signal.SIGTERM)}
    # With Python's own handler asyncio.run cancels the work in good order.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)
