"""Binding: what turns an endpoint function into a method of both clients, with the right types for each."""

import inspect
from collections.abc import Callable, Coroutine, Generator
from functools import wraps
from typing import Any, Generic, ParamSpec, Self, TypeVar, get_args, overload

from tmdb_assets.tmdb.asking import Asks, AsksAwaited
from tmdb_assets.tmdb.endpoint import Endpoint
from tmdb_assets.tmdb.models.base import Page
from tmdb_assets.tmdb.pages import AsyncPages, Pages

__all__ = ["Bound", "bound", "paged", "planned"]

C_co = TypeVar("C_co", covariant=True)
P = ParamSpec("P")
T = TypeVar("T")

_ERRORS = """
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
_PAGES = """
Notes
-----
The method asks nothing yet, and so raises nothing. What it returns asks page after page while one iterates,
and gives each item once; ``.first(50)``, ``.pages()``, ``.page(3)``, ``.total``, ``.truncated`` and
``.prefetch(4)`` are the other ways to read it.
"""


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
        self.__name__ = endpoint.__name__
        self.__doc__ = _explained(endpoint, _ERRORS)
        self._signature = _answering(endpoint, lambda answer: answer)
        self._awaited_signature = _answering(endpoint, lambda answer: Coroutine[Any, Any, answer])

    @overload
    def __get__(self, instance: None, owner: type | None = None) -> Self: ...
    @overload
    def __get__(self, instance: Bound[Asks], owner: type | None = None) -> Callable[P, T]: ...
    @overload
    def __get__(
        self, instance: Bound[AsksAwaited], owner: type | None = None
    ) -> Callable[P, Coroutine[Any, Any, T]]: ...
    def __get__(self, instance: Bound[Any] | None, owner: type | None = None) -> Any:
        if instance is None:
            return self
        client, endpoint = instance.client, self._endpoint

        @wraps(endpoint)
        def ask(*args: P.args, **kwargs: P.kwargs) -> Any:  # noqa: ANN401 - the overloads say what
            return client.send(endpoint(*args, **kwargs))

        is_awaited = inspect.iscoroutinefunction(client.send)
        ask.__doc__ = self.__doc__
        vars(ask)["__signature__"] = self._awaited_signature if is_awaited else self._signature
        return ask


class paged(Generic[P, T]):  # noqa: N801 - reads as a decorator does
    """A list endpoint as a method: it answers the pages, from the one named onwards; nothing is asked yet."""

    def __init__(self, endpoint: Callable[P, Endpoint[Page[T]]]) -> None:
        self._endpoint = endpoint
        self.__name__ = endpoint.__name__
        self.__doc__ = _explained(endpoint, _ERRORS + _PAGES)
        self._signature = _answering(endpoint, lambda page: Pages[get_args(page)])
        self._awaited_signature = _answering(endpoint, lambda page: AsyncPages[get_args(page)])

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

        is_awaited = inspect.iscoroutinefunction(client.send)
        ask.__doc__ = self.__doc__
        vars(ask)["__signature__"] = self._awaited_signature if is_awaited else self._signature
        return ask


class planned(Generic[P, T]):  # noqa: N801 - reads as a decorator does
    """A plan of several questions as a method of a client: it answers the plan's result."""

    def __init__(self, plan: Callable[P, Generator[Endpoint[Any], Any, T]]) -> None:
        self._plan = plan
        self.__name__ = plan.__name__
        self.__doc__ = plan.__doc__
        self._signature = _answering(plan, lambda answer: answer)
        self._awaited_signature = _answering(plan, lambda answer: Coroutine[Any, Any, answer])

    @overload
    def __get__(self, instance: None, owner: type | None = None) -> Self: ...
    @overload
    def __get__(self, instance: Asks, owner: type | None = None) -> Callable[P, T]: ...
    @overload
    def __get__(
        self, instance: AsksAwaited, owner: type | None = None
    ) -> Callable[P, Coroutine[Any, Any, T]]: ...
    def __get__(self, instance: Any | None, owner: type | None = None) -> Any:
        if instance is None:
            return self
        plan = self._plan

        @wraps(plan)
        def ask(*args: P.args, **kwargs: P.kwargs) -> Any:  # noqa: ANN401 - the overloads say what
            return instance.follow(plan(*args, **kwargs))

        is_awaited = inspect.iscoroutinefunction(getattr(instance, "send", None))
        vars(ask)["__signature__"] = self._awaited_signature if is_awaited else self._signature
        return ask


def _explained(endpoint: Callable[..., object], more: str) -> str:
    """Return what ``help`` shows of the method: the endpoint's docstring, and what is true of all of them."""
    text = inspect.cleandoc(endpoint.__doc__ or "")
    text, references, addresses = text.partition("References\n----------\n")
    return f"{text.rstrip()}\n{more}\n{references}{addresses}".rstrip()


def _answering(endpoint: Callable[..., object], form: Callable[[Any], object]) -> inspect.Signature:
    """Return the endpoint's signature with what the method answers: no endpoint, but its value."""
    signature = inspect.signature(endpoint)
    answers = get_args(signature.return_annotation)
    return signature.replace(return_annotation=form(answers[-1])) if answers else signature
