"""The clients: they carry out what a conversation asks for, and decide nothing."""

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Self, TypeAlias, TypeVar

from tmdb_assets.tmdb.batch import Batch, BatchRun
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
from tmdb_assets.tmdb.pages import Pages

if TYPE_CHECKING:
    from tmdb_assets.tmdb.transport import SyncTransport

__all__ = ["ProgressCallback", "TMDBClient"]

T = TypeVar("T")

ProgressCallback: TypeAlias = Callable[[int, int], object]
"""Is told how many are done, and of how many."""


class TMDBClient(ClientCore, Domains["TMDBClient"]):
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
        The budget of all processes together; TMDB's limit is about 40.
    max_concurrent
        How many requests are on their way at a time, from 1 to 1000.
    timeout
        Seconds until an answer must be complete.
    output_dir
        Where ``get_movie_details`` and ``get_batch_movie_details`` write each film, as ``movies/<id>.json``.
    retry
        When to ask again.
    limiter
        Who may send when; by default one that all processes of this machine share.
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

    _transport: "SyncTransport | None" = None

    def send(self, endpoint: Endpoint[T]) -> T:
        """Ask an endpoint, and return the value.

        Parameters
        ----------
        endpoint
            The question, such as ``endpoints.movies.credits(550)``.

        Raises
        ------
        RateLimitError, ServerError, TransportError
            After all attempts: ask later.
        AuthenticationError, NotFoundError, ValidationError, DecodeError
            At once: asking again would not help.
        """
        return self.answer(endpoint).value

    def answer(self, endpoint: Endpoint[T]) -> Answer[T]:
        """Ask an endpoint, and return the value with the untouched body and how it was obtained.

        It raises what ``send`` raises.
        """
        endpoint, conversation = self._converse(endpoint)
        transport = self._opened()  # before a slot is taken: it is slow the first time
        while step := conversation.next_step():
            if isinstance(step, Send):
                with self._places:
                    self._take_slot(conversation)
                    started = time.monotonic()
                    reply = transport.ask(endpoint.method, endpoint.path, endpoint.params)
                conversation.came(reply, time.monotonic() - started)
            elif isinstance(step, Push):
                self._limiter.push(step.seconds)
            else:
                time.sleep(step.seconds)
                conversation.waited(step.seconds)
        return conversation.answer

    def pages(self, endpoint: Endpoint[Page[T]]) -> Pages[T]:
        """Return the pages of a list endpoint, from the one that it names onwards; nothing is asked yet."""
        return Pages(self, endpoint)

    def discover_movies(
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
        """Return the movies first released in a range of years, each once.

        TMDB serves the first 10,000 of a request, and a warning says so when there are more. Sorted by
        ``primary_release_date``, every year is a request of its own.

        Parameters
        ----------
        start_year, end_year
            Both included; without an end, up to the current year.
        min_vote_count
            How many votes a movie must have.
        max_pages
            How many pages of 20 to ask for, in all.
        include_adult, include_video
            Whether adult films, and what is not a feature, are found, too.
        sort_by
            TMDB's order, such as ``"popularity.desc"``.
        """
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
                endpoint = steps.send(self.send(endpoint))
        except StopIteration as stop:
            return stop.value

    def get_movie_details(self, tmdb_id: int = 550) -> MovieDetails:
        """Return a movie with credits, keywords, and everything else of ``DETAILS_APPENDED``.

        It raises what ``send`` raises.
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
        run = BatchRun[MovieDetails](ids, progress_callback)
        with ThreadPoolExecutor(self.max_concurrent, "tmdb_assets") as pool:
            pending: dict[Future[MovieDetails | TMDBError], int] = {}
            while True:
                while len(pending) < self.max_concurrent and (id_ := run.next_id()) is not None:
                    pending[pool.submit(self._details_or_error, id_)] = id_
                if not pending:
                    return run.result()
                for future in wait(pending, return_when=FIRST_COMPLETED).done:
                    run.done(pending.pop(future), future.result())

    def close(self) -> None:
        """Close all connections; the client can be used again, and opens new ones."""
        with self._opening:
            transport, self._transport, self._is_open = self._transport, None, False
        if transport is not None:
            transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _prepare(self) -> None:
        self._places = threading.BoundedSemaphore(self.max_concurrent)
        self._slots = threading.Lock()
        self._opening = threading.Lock()

    def _opened(self) -> "SyncTransport":
        with self._opening:
            if self._transport is None:
                from tmdb_assets.tmdb.transport import SyncTransport  # noqa: PLC0415 - slow; not all who import ask

                self._transport = SyncTransport(
                    self.base_url, self._credential, connections=self.max_concurrent, timeout=self.timeout
                )
                self._is_open = True
            return self._transport

    def _take_slot(self, conversation: Conversation[T]) -> None:
        # One at a time: a slot reserved long before it is due could not be taken back by a 429 to anybody.
        with self._slots:
            started = time.monotonic()
            while (seconds := self._limiter.reserve()) > 0:
                conversation.waiting_for_slot(seconds)
                due = time.monotonic() + seconds
                time.sleep(seconds)
                if time.monotonic() - due <= LATENESS:
                    break
        conversation.waited(time.monotonic() - started)

    def _details_or_error(self, tmdb_id: int) -> MovieDetails | TMDBError:
        try:
            return self.get_movie_details(tmdb_id)
        except TMDBError as error:
            return error
