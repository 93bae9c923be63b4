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
from tmdb_assets.tmdb.options import checked
from tmdb_assets.tmdb.pages import AsyncPages
from tmdb_assets.tmdb.usage import Counter

__all__ = ["AsyncTMDBClient"]

R = TypeVar("R")
T = TypeVar("T")


class AsyncTMDBClient(AsyncSender, Domains["AsyncTMDBClient"]):
    """A client of TMDB for one event loop; it answers what ``TMDBClient`` answers, awaited.

    The options are those of ``TMDBClient``, too; a second loop wants a client of its own.

    Examples
    --------
    >>> async with AsyncTMDBClient() as client:
    ...     movie = await client.movies.details(550, append_to_response=["credits"])
    """

    async def send(self, endpoint: Endpoint[T]) -> T:
        """Return what an endpoint answers.

        Parameters
        ----------
        endpoint
            The question, such as ``endpoints.movies.credits(550)``.

        Raises
        ------
        TMDBError
            What ``TMDBClient.send`` raises, of the kind that says what to do next.
        """
        return (await self.answer(endpoint)).value

    async def answer(self, endpoint: Endpoint[T], counter: Counter | None = None) -> Answer[T]:
        """Return what an endpoint answers with the untouched body and how it was obtained.

        Parameters
        ----------
        endpoint
            The question, such as ``endpoints.movies.credits(550)``.
        counter
            Is told what the client's own ``usage`` counts of this question, also of one that fails.

        Raises
        ------
        TMDBError
            What ``TMDBClient.send`` raises, of the kind that says what to do next.
        """
        return await self._answer(endpoint, counter)

    def pages(self, endpoint: Endpoint[Page[T]]) -> AsyncPages[T]:
        """Return the pages of a list endpoint, from the one that it names onwards; nothing is asked yet.

        Parameters
        ----------
        endpoint
            The question for the first of them, such as ``endpoints.movies.popular()``.
        """
        return AsyncPages(self, endpoint)

    discover_movies = planned(discovery)

    async def get_movie_details(self, tmdb_id: int = 550) -> MovieDetails:
        """Return a movie with credits, keywords, and everything else of ``DETAILS_APPENDED``.

        Parameters
        ----------
        tmdb_id
            TMDB's id, from 1 upwards.

        Raises
        ------
        TMDBError
            What ``TMDBClient.send`` raises, of the kind that says what to do next.
        """
        return self._keep(await self.answer(full_details(tmdb_id, language=self.language)))

    async def get_batch_movie_details(
        self, ids: Iterable[int], progress_callback: ProgressCallback | None = None
    ) -> Batch[MovieDetails]:
        """Return many movies as ``get_movie_details`` does, a failure in place of each that cannot be had.

        Parameters
        ----------
        ids
            TMDB's ids; repeated ones are asked once.
        progress_callback
            Is called with how many are done and how many there are, in the event loop.

        Returns
        -------
        Batch
            A list in the order of the ids, of movies and errors; ``.found`` has the movies, ``.failed`` the
            errors by id. It stops early when the credential is refused, or ten in a row get no answer.
        """
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
        """Ask many endpoints at a time, and yield what became of each, in their order.

        Leaving the loop early cancels what is on its way. Otherwise it is as ``TMDBClient.stream``.

        Parameters
        ----------
        endpoints
            The questions, such as ``map(endpoints.movies.details, ids)``; taken as they can be asked.
        concurrent
            How many are asked at a time; by default, and at most, ``max_concurrent``.
        ahead
            How many may be asked before the first of them is yielded; by default 25 times ``concurrent``.

        Yields
        ------
        T | TMDBError
            The value, or the error that ``send`` would raise.
        """
        for name, count in {"concurrent": concurrent, "ahead": ahead}.items():
            checked(name, count, "a whole number from 1", lambda count: count is None or count >= 1)
        return self._stream(endpoints, operator.attrgetter("value"), concurrent=concurrent, ahead=ahead)

    async def follow(self, plan: Generator[Endpoint[Any], Any, R]) -> R:
        """Return the result of a plan, whose questions are asked one after the other.

        Parameters
        ----------
        plan
            A generator that yields endpoints, is sent their values, and returns the result.

        Raises
        ------
        TMDBError
            What ``TMDBClient.send`` raises, of the kind that says what to do next.
        """
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
