"""Pages: lists that TMDB hands out 20 at a time, as one sequence."""

import sys
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator
from contextlib import aclosing, closing
from itertools import islice
from typing import Generic, Self, TypeVar

from tmdb_assets.tmdb.asking import Asks, AsksAwaited
from tmdb_assets.tmdb.endpoint import Endpoint
from tmdb_assets.tmdb.errors import TMDBError
from tmdb_assets.tmdb.models.base import Page
from tmdb_assets.tmdb.options import checked
from tmdb_assets.tmdb.page_walk import LAST_PAGE, PageWalk

__all__ = ["AsyncPages", "Pages"]

A = TypeVar("A")
T = TypeVar("T")


class _List(Generic[A, T]):
    """What both kinds of list have."""

    def __init__(self, client: A, endpoint: Endpoint[Page[T]], *, ahead: int = 0) -> None:
        self._client = client
        self._endpoint = endpoint
        self._ahead = _checked("prefetch", ahead)
        self._start: Page[T] | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._endpoint.path!r})"

    def prefetch(self, count: int) -> Self:
        """Return the same list, with so many pages asked for ahead of the one that is read.

        Parameters
        ----------
        count
            From 0, which is as before, upwards; more than the client's ``max_concurrent`` gain nothing.

        Raises
        ------
        ValueError
            For a number below 0.
        """
        return type(self)(self._client, self._endpoint, ahead=count)


class Pages(_List[Asks, T]):
    """A list of TMDB's: iterating asks page after page, and yields each item once, at most 500 pages.

    A page is asked for when its first item is wanted, so leaving the loop early wastes nothing. Neighbouring
    pages of a list that moves may share items, and repeat none here. Reading it raises what ``client.send``
    raises; what was yielded until then is right.

    Examples
    --------
    >>> for movie in client.movies.popular():
    ...     print(movie.title)
    """

    def __iter__(self) -> Iterator[T]:
        walk = PageWalk(self._endpoint)
        with closing(self._walk(walk)) as pages:
            for page in pages:
                yield from walk.new_items(page)

    def pages(self) -> Iterator[Page[T]]:
        """Iterate over the pages as TMDB sends them, repeated items included; raises as ``page`` does."""
        walk = PageWalk(self._endpoint)
        with closing(self._walk(walk)) as pages:
            for page in pages:
                walk.new_items(page)
                yield page

    def page(self, number: int) -> Page[T]:
        """Return one page as TMDB sends it: at most 20 items, and the totals.

        Parameters
        ----------
        number
            From 1 to 500; TMDB refuses others.

        Raises
        ------
        TMDBError
            What ``TMDBClient.send`` raises, of the kind that says what to do next.
        """
        return self._ask(self._endpoint.having(page=number))

    def first(self, count: int) -> list[T]:
        """Return the first so many items, or all when there are fewer; as many pages are asked as it takes.

        Parameters
        ----------
        count
            From 0 upwards.

        Raises
        ------
        TMDBError
            What ``TMDBClient.send`` raises, of the kind that says what to do next.
        """
        return list(islice(self, _checked("first", count)))

    @property
    def total(self) -> int:
        """How many items TMDB says there are; more than 10,000 cannot be reached."""
        return self._ask(self._endpoint).total_results

    @property
    def truncated(self) -> bool:
        """Whether TMDB has more pages than the 500 that it serves; iterating then ends with a warning."""
        return self._ask(self._endpoint).total_pages > LAST_PAGE

    def _walk(self, walk: PageWalk[T]) -> Generator[Page[T]]:
        while endpoint := walk.next_page():
            yield self._ask(endpoint)
            if self._ahead:
                with closing(
                    self._client.stream(walk.rest(), concurrent=self._ahead, ahead=self._ahead)
                ) as rest:
                    for page in rest:
                        yield _or_raise(page)

    def _ask(self, endpoint: Endpoint[Page[T]]) -> Page[T]:
        if endpoint.params != self._endpoint.params:
            return self._client.send(endpoint)
        if self._start is None:
            self._start = self._client.send(endpoint)
        return self._start


class AsyncPages(_List[AsksAwaited, T]):
    """A list of TMDB's, for ``async for``; everything else as ``Pages``, awaited.

    Examples
    --------
    >>> async for movie in client.movies.popular():
    ...     print(movie.title)
    """

    async def __aiter__(self) -> AsyncIterator[T]:
        walk = PageWalk(self._endpoint)
        async with aclosing(self._walk(walk)) as pages:
            async for page in pages:
                for item in walk.new_items(page):
                    yield item

    async def pages(self) -> AsyncIterator[Page[T]]:
        """Iterate over the pages as TMDB sends them, repeated items included; raises as ``page`` does."""
        walk = PageWalk(self._endpoint)
        async with aclosing(self._walk(walk)) as pages:
            async for page in pages:
                walk.new_items(page)
                yield page

    async def page(self, number: int) -> Page[T]:
        """Return one page as TMDB sends it: at most 20 items, and the totals.

        Parameters
        ----------
        number
            From 1 to 500; TMDB refuses others.

        Raises
        ------
        TMDBError
            What ``TMDBClient.send`` raises, of the kind that says what to do next.
        """
        return await self._ask(self._endpoint.having(page=number))

    async def first(self, count: int) -> list[T]:
        """Return the first so many items, or all when there are fewer; as many pages are asked as it takes.

        Parameters
        ----------
        count
            From 0 upwards.

        Raises
        ------
        TMDBError
            What ``TMDBClient.send`` raises, of the kind that says what to do next.
        """
        items: list[T] = []
        if not _checked("first", count):
            return items
        async for item in self:
            items.append(item)
            if len(items) == count:
                break
        return items

    async def total(self) -> int:
        """Return how many items TMDB says there are; more than 10,000 cannot be reached.

        Raises
        ------
        TMDBError
            What ``TMDBClient.send`` raises, of the kind that says what to do next.
        """
        return (await self._ask(self._endpoint)).total_results

    async def truncated(self) -> bool:
        """Return whether TMDB has more pages than the 500 that it serves.

        Raises
        ------
        TMDBError
            What ``TMDBClient.send`` raises, of the kind that says what to do next.
        """
        return (await self._ask(self._endpoint)).total_pages > LAST_PAGE

    async def _walk(self, walk: PageWalk[T]) -> AsyncGenerator[Page[T]]:
        while endpoint := walk.next_page():
            yield await self._ask(endpoint)
            if self._ahead:
                rest = self._client.stream(walk.rest(), concurrent=self._ahead, ahead=self._ahead)
                async with aclosing(rest):
                    async for page in rest:
                        yield _or_raise(page)

    async def _ask(self, endpoint: Endpoint[Page[T]]) -> Page[T]:
        if endpoint.params != self._endpoint.params:
            return await self._client.send(endpoint)
        if self._start is None:
            self._start = await self._client.send(endpoint)
        return self._start


def _checked(name: str, count: int) -> int:
    return checked(name, count, "a whole number from 0 upwards", lambda count: count in range(sys.maxsize))


def _or_raise(page: Page[T] | TMDBError) -> Page[T]:
    if isinstance(page, TMDBError):
        raise page
    return page
