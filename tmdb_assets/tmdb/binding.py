"""Binding: what turns an endpoint function into a method of both clients, with the right types for each."""

from collections.abc import Awaitable, Callable, Generator
from functools import wraps
from typing import Any, Generic, ParamSpec, Self, TypeVar, overload

from tmdb_assets.tmdb.asking import Asks, AsksAwaited
from tmdb_assets.tmdb.endpoint import Endpoint
from tmdb_assets.tmdb.models.base import Page
from tmdb_assets.tmdb.pages import AsyncPages, Pages

__all__ = ["Bound", "bound", "paged", "planned"]

C_co = TypeVar("C_co", covariant=True)
P = ParamSpec("P")
T = TypeVar("T")


class Bound(Generic[C_co]):
    """The endpoints of one domain, bound to a client."""

    def __init__(self, client: C_co) -> None:
        self._client = client

    @property
    def client(self) -> C_co:
        """The client that asks."""
        return self._client


class bound(Generic[P, T]):  # noqa: N801 - reads as a decorator does
    """An endpoint as a method: it answers the value, or on the async client an awaitable of it."""

    def __init__(self, endpoint: Callable[P, Endpoint[T]]) -> None:
        self._endpoint = endpoint
        self.__doc__ = endpoint.__doc__

    @overload
    def __get__(self, instance: None, owner: type | None = None) -> Self: ...
    @overload
    def __get__(self, instance: Bound[Asks], owner: type | None = None) -> Callable[P, T]: ...
    @overload
    def __get__(
        self, instance: Bound[AsksAwaited], owner: type | None = None
    ) -> Callable[P, Awaitable[T]]: ...
    def __get__(self, instance: Bound[Any] | None, owner: type | None = None) -> Any:
        if instance is None:
            return self
        client, endpoint = instance.client, self._endpoint

        @wraps(endpoint)
        def ask(*args: P.args, **kwargs: P.kwargs) -> Any:  # noqa: ANN401 - the overloads say what
            return client.send(endpoint(*args, **kwargs))

        return ask


class paged(Generic[P, T]):  # noqa: N801 - reads as a decorator does
    """A list endpoint as a method: it answers the pages, from the one named onwards; nothing is asked yet."""

    def __init__(self, endpoint: Callable[P, Endpoint[Page[T]]]) -> None:
        self._endpoint = endpoint
        self.__doc__ = endpoint.__doc__

    @overload
    def __get__(self, instance: None, owner: type | None = None) -> Self: ...
    @overload
    def __get__(self, instance: Bound[Asks], owner: type | None = None) -> Callable[P, Pages[T]]: ...
    @overload
    def __get__(
        self, instance: Bound[AsksAwaited], owner: type | None = None
    ) -> Callable[P, AsyncPages[T]]: ...
    def __get__(self, instance: Bound[Any] | None, owner: type | None = None) -> Any:
        if instance is None:
            return self
        client, endpoint = instance.client, self._endpoint

        @wraps(endpoint)
        def ask(*args: P.args, **kwargs: P.kwargs) -> Any:  # noqa: ANN401 - the overloads say what
            return client.pages(endpoint(*args, **kwargs))

        return ask


class planned(Generic[P, T]):  # noqa: N801 - reads as a decorator does
    """A plan of several questions as a method of a client: it answers the plan's result."""

    def __init__(self, plan: Callable[P, Generator[Endpoint[Any], Any, T]]) -> None:
        self._plan = plan
        self.__doc__ = plan.__doc__

    @overload
    def __get__(self, instance: None, owner: type | None = None) -> Self: ...
    @overload
    def __get__(self, instance: Asks, owner: type | None = None) -> Callable[P, T]: ...
    @overload
    def __get__(self, instance: AsksAwaited, owner: type | None = None) -> Callable[P, Awaitable[T]]: ...
    def __get__(self, instance: Any | None, owner: type | None = None) -> Any:
        if instance is None:
            return self
        plan = self._plan

        @wraps(plan)
        def ask(*args: P.args, **kwargs: P.kwargs) -> Any:  # noqa: ANN401 - the overloads say what
            return instance.follow(plan(*args, **kwargs))

        return ask
