"""Whatever a user of the client can reach says what it takes, what comes back, and what may go wrong."""

import inspect
from collections.abc import Callable, Coroutine, Iterator
from types import ModuleType
from typing import Any, get_type_hints, is_typeddict

import msgspec
import pytest

import tmdb_assets.tmdb
from tmdb_assets.tmdb import AsyncPages, AsyncTMDBClient, Pages, TMDBClient, TMDBError, endpoints, models
from tmdb_assets.tmdb.binding import Bound, bound, paged
from tmdb_assets.tmdb.images import ImageURLs
from tmdb_assets.tmdb.limiter_redis import RedisLimiter
from tmdb_assets_tests.tmdb.docstrings import (
    faults_of_class,
    faults_of_function,
    faults_of_model,
    faults_of_text,
)

MODULES = [tmdb_assets.tmdb, endpoints, models, *(getattr(endpoints, name) for name in endpoints.__all__)]
HANDED_OUT = {AsyncPages, Pages}
EXPORTED = {
    f"{module.__name__}.{name}": getattr(module, name) for module in MODULES for name in module.__all__
}
ASKING = {"answer", "discover_movies", "first", "follow", "get_movie_details", "page", "send"}


def exported(kind: Callable[[Any], bool]) -> list[Any]:
    """Return everything of a kind that users import, each once."""
    # What a setting or an attribute of a client gives them counts, too.
    reached = {each.__qualname__: each for each in (ImageURLs, RedisLimiter)}
    found = {id(each): (name, each) for name, each in (EXPORTED | reached).items() if kind(each)}
    return [pytest.param(each, id=name.removeprefix("tmdb_assets.")) for name, each in found.values()]


def is_model(each: object) -> bool:
    return isinstance(each, type) and issubclass(each, msgspec.Struct)


def is_domain(each: object) -> bool:
    return isinstance(each, type) and issubclass(each, Bound)


def is_error(each: object) -> bool:
    return isinstance(each, type) and issubclass(each, TMDBError)


def is_made_by_users(each: object) -> bool:
    """Say whether it is a class of which users make objects; not a protocol, which they write."""
    if not isinstance(each, type) or each in HANDED_OUT or getattr(each, "_is_protocol", False):
        return False
    return not any(is_kind(each) for is_kind in (is_model, is_domain, is_error, is_typeddict))


def members() -> Iterator[Any]:
    """Yield the public methods and properties of the exported classes, inherited ones of ours as well."""
    for param in exported(inspect.isclass):
        cls = param.values[0]
        for base in cls.__mro__:
            if base.__module__.startswith("tmdb_assets.") and not is_domain(base):
                for name, member in vars(base).items():
                    if (inspect.isroutine(member) or isinstance(member, property)) and not name.startswith(
                        "_"
                    ):
                        yield pytest.param(cls, name, id=f"{cls.__name__}.{name}")


def methods() -> Iterator[Any]:
    """Yield the methods that ask endpoints, as ``help(client.movies.credits)`` gets them."""
    for domain in (param.values[0] for param in exported(is_domain)):
        for name, method in vars(domain).items():
            if isinstance(method, (bound, paged)):
                for client in (TMDBClient, AsyncTMDBClient):
                    ask = getattr(domain(client), name)
                    yield pytest.param(ask, id=f"{client.__name__}.{domain.__name__.lower()}.{name}")


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_a_module_says_what_is_in_it(module: ModuleType) -> None:
    assert list(faults_of_text(module.__doc__)) == []


@pytest.mark.parametrize("function", exported(inspect.isfunction))
def test_a_function_says_what_it_takes_and_returns(function: Callable[..., Any]) -> None:
    is_endpoint = function.__module__.startswith("tmdb_assets.tmdb.endpoints.")

    assert list(faults_of_function(function, function.__doc__, cites=is_endpoint)) == []


@pytest.mark.parametrize("method", list(methods()))
def test_a_method_also_says_what_may_go_wrong(method: Callable[..., Any]) -> None:
    assert list(faults_of_function(method, method.__doc__, asks=True, cites=True)) == []


@pytest.mark.parametrize("cls", exported(lambda each: is_made_by_users(each) and each is not AsyncTMDBClient))
def test_a_class_says_what_it_is_made_with(cls: type) -> None:
    assert list(faults_of_class(cls)) == []


def test_the_async_client_takes_what_the_sync_one_says() -> None:
    assert "The options are those of ``TMDBClient``" in str(AsyncTMDBClient.__doc__)
    assert inspect.signature(AsyncTMDBClient) == inspect.signature(TMDBClient)


@pytest.mark.parametrize("error", exported(is_error))
def test_an_error_says_what_to_do_and_what_it_holds(error: type[TMDBError]) -> None:
    own = set(vars(error).get("__annotations__", {})) - {"retryable"}

    assert list(faults_of_text(error.__doc__)) == []
    assert [name for name in own if f"``{name}``" not in str(error.__doc__)] == []


@pytest.mark.parametrize("model", exported(is_model))
def test_a_model_explains_what_its_field_names_do_not(model: type[msgspec.Struct]) -> None:
    assert list(faults_of_model(model)) == []


@pytest.mark.parametrize("filters", exported(is_typeddict))
def test_filters_are_explained(filters: type) -> None:
    assert list(faults_of_class(filters, set(get_type_hints(filters)))) == []


@pytest.mark.parametrize(("cls", "name"), list(members()))
def test_a_member_says_what_it_does(cls: type, name: str) -> None:
    member = inspect.getattr_static(cls, name)
    asks = name in ASKING and hasattr(cls, "prefetch" if name in {"first", "page"} else "send")

    if isinstance(member, property):
        faults = list(faults_of_text(member.__doc__))
    else:
        method = member.__get__(object(), cls)
        faults = list(faults_of_function(method, inspect.getdoc(method), asks=asks))

    assert faults == []


@pytest.mark.parametrize(
    ("client", "answer", "pages"),
    [
        (TMDBClient, models.Credits, Pages[models.Review]),
        (AsyncTMDBClient, Coroutine[Any, Any, models.Credits], AsyncPages[models.Review]),
    ],
)
def test_the_signature_names_the_answer_and_not_the_endpoint(
    client: type, answer: object, pages: object
) -> None:
    movies = endpoints.movies.Movies(client)

    assert inspect.signature(movies.credits).return_annotation == answer
    assert inspect.signature(movies.reviews).return_annotation == pages


def test_a_docstring_that_leaves_something_out_is_found() -> None:
    def credits_of(movie_id: int, *, language: str) -> list[str]:  # noqa: ARG001 -- only its docstring counts
        """Ask for the cast
        of a movie.

        Parameters
        ----------
        movie_id, page
            TMDB's id, and a page that it does not take.
        """  # noqa: D205 -- on purpose
        return []

    faults = list(faults_of_function(credits_of, credits_of.__doc__, asks=True, cites=True))

    assert faults == [
        "has no summary of one line with a full stop",
        "has no blank line after its summary",
        "does not name language under Parameters",
        "names page under Parameters, which it does not have",
        "does not say what it returns",
        "does not name every error under Raises, nor TMDBError and the method that names them",
        "does not name its page in TMDB's reference under References",
    ]


def test_a_function_without_a_docstring_is_found() -> None:
    assert list(faults_of_function(lambda movie_id: movie_id, None)) == [
        "has no summary of one line with a full stop",
        "does not name movie_id under Parameters",
    ]


def test_a_field_that_needs_words_is_found() -> None:
    class Reel(models.Model, frozen=True, kw_only=True):
        """A reel.

        Attributes
        ----------
        title, colour
            What it is called, and a field that it does not have.
        """

        title: str | None = None
        length: int | None = None

    assert list(faults_of_model(Reel)) == [
        "does not explain length",
        "explains colour under Attributes, which it does not have",
    ]
