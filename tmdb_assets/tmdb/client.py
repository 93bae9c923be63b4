"""The client: TMDB's domains, batches, and what it takes to collect films; threads may share it."""

import operator
from collections.abc import Generator, Iterable
from typing import Any, Self, TypeVar

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
from tmdb_assets.tmdb.pages import Pages
from tmdb_assets.tmdb.sync_sender import SyncSender

__all__ = ["TMDBClient"]

R = TypeVar("R")
T = TypeVar("T")


class TMDBClient(SyncSender, Domains["TMDBClient"]):
    """A client of TMDB; threads may share it.

    What is not given is what the environment or ``.env`` says; the credential is ``TMDB_API_KEY``.

    Parameters
    ----------
    api_key
        A v3 key or a v4 token.
    base_url
        Another server than TMDB's; ``https``, unless it is this machine.
    language
        Of texts, such as ``"de-DE"``.
    region
        Of release dates, such as ``"DE"``.
    requests_per_second
        The budget of all processes together, above 0, by default 38; TMDB's limit is about 40.
    max_concurrent
        How many requests are on their way at a time, from 1 to 1000, by default 20.
    timeout
        Seconds until an answer must be complete, above 0, by default 30; or ``Timeouts``, which tells apart
        what is waited for.
    output_dir
        Where ``get_movie_details`` and ``get_batch_movie_details`` write each film, as ``movies/<id>.json``.
    retry
        When to ask again, and whether to wait for the rate limit.
    limiter
        Who may send when; by default one that all processes of this machine share.
    cache
        Where answers are kept for as long as TMDB allows, such as ``MemoryCache()`` or ``DiskCache(path)``;
        by default none are. What it holds takes no request and none of the budget; what is too old is sent
        again only if it changed. Errors, and what concerns one account, are never kept. Clients may share it,
        whatever their credentials.
    image_base_url
        Where ``client.images`` finds pictures; by default TMDB's image server.

    Raises
    ------
    AuthenticationError
        When there is no credential.
    ValueError
        When an option has a value that is not allowed.

    Examples
    --------
    >>> with TMDBClient() as client:
    ...     movie = client.movies.details(550, append_to_response=["credits"])
    """

    def send(self, endpoint: Endpoint[T]) -> T:
        """Return what an endpoint answers.

        Parameters
        ----------
        endpoint
            The question, such as ``endpoints.movies.credits(550)``.

        Raises
        ------
        RateLimitError, ServerError, TransportError
            After all attempts: ask later, after ``retry_after`` seconds where the error has them.
        NotFoundError
            TMDB has no such id, or not any more: leave it out.
        ValidationError
            TMDB refuses a parameter: change it.
        AuthenticationError
            TMDB refuses the credential: check ``TMDB_API_KEY``.
        DecodeError
            The answer cannot be read: ask later where it is ``retryable``, else leave it out and report it.
        """
        return self.answer(endpoint).value

    def answer(self, endpoint: Endpoint[T]) -> Answer[T]:
        """Return what an endpoint answers with the untouched body and how it was obtained.

        Parameters
        ----------
        endpoint
            The question, such as ``endpoints.movies.credits(550)``.

        Raises
        ------
        TMDBError
            What ``send`` raises, of the kind that says what to do next.
        """
        return self._answer(endpoint, self._never)

    def pages(self, endpoint: Endpoint[Page[T]]) -> Pages[T]:
        """Return the pages of a list endpoint, from the one that it names onwards; nothing is asked yet.

        Parameters
        ----------
        endpoint
            The question for the first of them, such as ``endpoints.movies.popular()``.
        """
        return Pages(self, endpoint)

    discover_movies = planned(discovery)

    def get_movie_details(self, tmdb_id: int = 550) -> MovieDetails:
        """Return a movie with credits, keywords, and everything else of ``DETAILS_APPENDED``.

        Parameters
        ----------
        tmdb_id
            TMDB's id, from 1 upwards.

        Raises
        ------
        TMDBError
            What ``send`` raises, of the kind that says what to do next.
        """
        return self._keep(self.answer(full_details(tmdb_id, language=self.language)))

    def get_batch_movie_details(
        self, ids: Iterable[int], progress_callback: ProgressCallback | None = None
    ) -> Batch[MovieDetails]:
        """Return many movies as ``get_movie_details`` does, a failure in place of each that cannot be had.

        Parameters
        ----------
        ids
            TMDB's ids; repeated ones are asked once.
        progress_callback
            Is called with how many are done and how many there are, in this thread.

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
        return Batch(ids, dict(zip(unique, outcomes, strict=True)))

    def stream(
        self, endpoints: Iterable[Endpoint[T]], *, concurrent: int | None = None, ahead: int | None = None
    ) -> Generator[T | TMDBError]:
        """Ask many endpoints at a time, and yield what became of each, in their order.

        Endpoints are taken as they can be asked, and a bounded number of outcomes is held, so the memory for
        100,000 is that for 1,000. It stops early as ``get_batch_movie_details`` does; what was not asked then
        yields the error that stopped it.

        Parameters
        ----------
        endpoints
            The questions, such as ``map(endpoints.movies.details, ids)``.
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

    def follow(self, plan: Generator[Endpoint[Any], Any, R]) -> R:
        """Return the result of a plan, whose questions are asked one after the other.

        Parameters
        ----------
        plan
            A generator that yields endpoints, is sent their values, and returns the result.

        Raises
        ------
        TMDBError
            What ``send`` raises, of the kind that says what to do next.
        """
        try:
            endpoint = next(plan)
            while True:
                endpoint = plan.send(self.send(endpoint))
        except StopIteration as stop:
            return stop.value

    def close(self) -> None:
        """Close all connections; the client can be used again, and opens new ones."""
        self._close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
