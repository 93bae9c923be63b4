"""The async client: what ``client.py`` holds, awaited."""

import operator
from collections.abc import AsyncGenerator, Generator, Iterable
from contextlib import aclosing
from typing import Any, Self, TypeVar

from tmdb_assets.tmdb.async_sender import AsyncSender
from tmdb_assets.tmdb.batch import Batch, ProgressCallback
from tmdb_assets.tmdb.binding import planned
from tmdb_assets.tmdb.discovery import discovery
from tmdb_assets.tmdb.domains import Domains
from tmdb_assets.tmdb.endpoint import Endpoint
from tmdb_assets.tmdb.endpoints.movies import full_details
from tmdb_assets.tmdb.errors import TMDBError
from tmdb_assets.tmdb.exchange import Answer
from tmdb_assets.tmdb.models import MovieDetails, Page
from tmdb_assets.tmdb.pages import AsyncPages

__all__ = ["AsyncTMDBClient"]

R = TypeVar("R")
T = TypeVar("T")


class AsyncTMDBClient(AsyncSender, Domains["AsyncTMDBClient"]):
    """A client of TMDB for one event loop; it answers what ``TMDBClient`` answers, awaited.

    The options are those of ``TMDBClient``, too.

    Examples
    --------
    >>> async with AsyncTMDBClient() as client:
    ...     movie = await client.movies.details(550, append_to_response=["credits"])
    """

    async def send(self, endpoint: Endpoint[T]) -> T:
        """Ask an endpoint, and return the value; see ``TMDBClient.send``."""
        return (await self.answer(endpoint)).value

    async def answer(self, endpoint: Endpoint[T]) -> Answer[T]:
        """Ask an endpoint, and return the value with the untouched body and how it was obtained.

        It raises what ``TMDBClient.send`` raises.
        """
        return await self._answer(endpoint)

    def pages(self, endpoint: Endpoint[Page[T]]) -> AsyncPages[T]:
        """Return the pages of a list endpoint, from the one that it names onwards; nothing is asked yet."""
        return AsyncPages(self, endpoint)

    discover_movies = planned(discovery)

    async def get_movie_details(self, tmdb_id: int = 550) -> MovieDetails:
        """Return a movie with everything of ``DETAILS_APPENDED``; see ``TMDBClient.get_movie_details``."""
        return self._keep(await self.answer(full_details(tmdb_id, language=self.language)))

    async def get_batch_movie_details(
        self, ids: Iterable[int], progress_callback: ProgressCallback | None = None
    ) -> Batch[MovieDetails]:
        """Return many movies, failures as values; see ``TMDBClient.get_batch_movie_details``."""
        ids = tuple(ids)
        unique = dict.fromkeys(ids)
        outcomes = self._stream(
            (full_details(id_, language=self.language) for id_ in unique),
            self._keep,
            on_done=progress_callback and (lambda count: progress_callback(count, len(unique))),
        )
        async with aclosing(outcomes):
            return Batch(ids, dict(zip(unique, [outcome async for outcome in outcomes], strict=True)))

    def stream(
        self, endpoints: Iterable[Endpoint[T]], *, concurrent: int | None = None, ahead: int | None = None
    ) -> AsyncGenerator[T | TMDBError]:
        """Ask many endpoints at a time, and yield what became of each, in order; see ``TMDBClient.stream``.

        Leaving the loop early cancels what is on its way.
        """
        return self._stream(endpoints, operator.attrgetter("value"), concurrent=concurrent, ahead=ahead)

    async def follow(self, plan: Generator[Endpoint[Any], Any, R]) -> R:
        """Ask what a plan asks for, one after the other, and return its result; see ``TMDBClient.follow``."""
        try:
            endpoint = next(plan)
            while True:
                endpoint = plan.send(await self.send(endpoint))
        except StopIteration as stop:
            return stop.value

    async def aclose(self) -> None:
        """Close all connections; the client can be used again, and opens new ones."""
        await self._close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()
