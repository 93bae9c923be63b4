"""The async client: what ``client.py`` holds, awaited."""

import asyncio
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Self, TypeVar

from tmdb_assets.tmdb.batch import Batch, BatchRun
from tmdb_assets.tmdb.client import ProgressCallback
from tmdb_assets.tmdb.conversation import Conversation
from tmdb_assets.tmdb.core import ClientCore
from tmdb_assets.tmdb.discovery import discovery
from tmdb_assets.tmdb.domains import Domains
from tmdb_assets.tmdb.endpoint import Endpoint
from tmdb_assets.tmdb.endpoints.movies import full_details
from tmdb_assets.tmdb.errors import TMDBError
from tmdb_assets.tmdb.exchange import Answer, Push, Send
from tmdb_assets.tmdb.limiter import LATENESS
from tmdb_assets.tmdb.models import MovieDetails, MovieListItem, Page
from tmdb_assets.tmdb.pages import AsyncPages

if TYPE_CHECKING:
    from tmdb_assets.tmdb.transport import AsyncTransport

__all__ = ["AsyncTMDBClient"]

T = TypeVar("T")


class AsyncTMDBClient(ClientCore, Domains["AsyncTMDBClient"]):
    """A client of TMDB for one event loop; it answers what ``TMDBClient`` answers, awaited.

    The options are those of ``TMDBClient``, too.

    Examples
    --------
    >>> async with AsyncTMDBClient() as client:
    ...     movie = await client.movies.details(550, append_to_response=["credits"])
    """

    _transport: "AsyncTransport | None" = None

    async def send(self, endpoint: Endpoint[T]) -> T:
        """Ask an endpoint, and return the value; see ``TMDBClient.send``."""
        return (await self.answer(endpoint)).value

    async def answer(self, endpoint: Endpoint[T]) -> Answer[T]:
        """Ask an endpoint, and return the value with the untouched body and how it was obtained.

        It raises what ``TMDBClient.send`` raises.
        """
        endpoint, conversation = self._converse(endpoint)
        transport = self._opened()  # before a slot is taken: it is slow the first time
        while step := conversation.next_step():
            if isinstance(step, Send):
                async with self._places:
                    await self._take_slot(conversation)
                    started = time.monotonic()
                    reply = await transport.ask(endpoint.method, endpoint.path, endpoint.params)
                conversation.came(reply, time.monotonic() - started)
            elif isinstance(step, Push):
                self._limiter.push(step.seconds)
            else:
                await asyncio.sleep(step.seconds)
                conversation.waited(step.seconds)
        return conversation.answer

    def pages(self, endpoint: Endpoint[Page[T]]) -> AsyncPages[T]:
        """Return the pages of a list endpoint, from the one that it names onwards; nothing is asked yet."""
        return AsyncPages(self, endpoint)

    async def discover_movies(
        self,
        start_year: int,
        end_year: int | None = None,
        min_vote_count: int = 200,
        max_pages: int | None = None,
        *,
        include_adult: bool = False,
        include_video: bool = False,
        sort_by: str = "primary_release_date.desc",
    ) -> list[MovieListItem]:
        """Return the movies first released in a range of years; see ``TMDBClient.discover_movies``."""
        steps = discovery(
            start_year,
            end_year,
            max_pages=max_pages,
            filters={
                "sort_by": sort_by,
                "vote_count_gte": min_vote_count,
                "include_adult": include_adult,
                "include_video": include_video,
            },
        )
        try:
            endpoint = next(steps)
            while True:
                endpoint = steps.send(await self.send(endpoint))
        except StopIteration as stop:
            return stop.value

    async def get_movie_details(self, tmdb_id: int = 550) -> MovieDetails:
        """Return a movie with everything of ``DETAILS_APPENDED``; see ``TMDBClient.get_movie_details``."""
        return self._keep(await self.answer(full_details(tmdb_id, language=self.language)))

    async def get_batch_movie_details(
        self, ids: Iterable[int], progress_callback: ProgressCallback | None = None
    ) -> Batch[MovieDetails]:
        """Return many movies, failures as values; see ``TMDBClient.get_batch_movie_details``."""
        run = BatchRun[MovieDetails](ids, progress_callback)

        async def work() -> None:
            while (id_ := run.next_id()) is not None:
                try:
                    outcome = await self.get_movie_details(id_)
                except TMDBError as error:
                    outcome = error
                run.done(id_, outcome)

        workers = [asyncio.create_task(work()) for _ in range(min(self.max_concurrent, run.total))]
        try:
            await asyncio.gather(*workers)
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)
        return run.result()

    async def aclose(self) -> None:
        """Close all connections; the client can be used again, and opens new ones."""
        transport, self._transport, self._is_open = self._transport, None, False
        if transport is not None:
            await transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def _prepare(self) -> None:
        self._places = asyncio.Semaphore(self.max_concurrent)
        self._slots = asyncio.Lock()

    def _opened(self) -> "AsyncTransport":
        if self._transport is None:
            from tmdb_assets.tmdb.transport import AsyncTransport  # noqa: PLC0415 - slow; not all who import ask

            self._transport = AsyncTransport(
                self.base_url, self._credential, connections=self.max_concurrent, timeout=self.timeout
            )
            self._is_open = True
        return self._transport

    async def _take_slot(self, conversation: Conversation[T]) -> None:
        # One at a time: a slot reserved long before it is due could not be taken back by a 429 to anybody.
        async with self._slots:
            started = time.monotonic()
            while (seconds := self._limiter.reserve()) > 0:
                conversation.waiting_for_slot(seconds)
                due = time.monotonic() + seconds
                await asyncio.sleep(seconds)
                if time.monotonic() - due <= LATENESS:
                    break
        conversation.waited(time.monotonic() - started)
