"""Operations: which path of TMDB's is answered by which model, read off the endpoint functions themselves."""

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args
from urllib.parse import urlsplit

from tmdb_assets.tmdb.binding import bound, paged
from tmdb_assets.tmdb.domains import Domains
from tmdb_assets.tmdb.endpoint import Endpoint

__all__ = ["Operation", "operation_of", "operations"]

_TEMPLATED = r"\{[^/{}]+\}|_\w*id|<[^/<>]+>|:\w+"
_TEXT = r"[^/]+"
# A title may follow the number, as in TMDB's own links; IMDb's ids name movies and people, too.
_NUMBER = rf"\d+(?:-[^/]*)?|[a-z]{{2}}\d+|{_TEMPLATED}"
_FIRST_PLACEHOLDER = 987_654_321


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of TMDB's that the client has."""

    path: str
    """The path, with the names of what varies: ``/movie/{movie_id}/credits``."""
    answer: Any
    """The model, or the page of models, that it answers."""
    pattern: re.Pattern[str]


def operation_of(path: str) -> Operation | None:
    """Return the operation that a path asks for; None when the client has none for it.

    Parameters
    ----------
    path
        As ``/3/movie/550/credits``, with or without ``/3``; an id may stand as ``_id`` or ``{movie_id}``, and
        the path may be a whole URL.
    """
    try:
        found = urlsplit(path.strip().removeprefix("GET ")).path
    except ValueError:
        return None
    found = "/" + found.strip("/ ").removeprefix("3/")
    return next((each for each in operations() if each.pattern.fullmatch(found)), None)


@cache
def operations() -> tuple[Operation, ...]:
    """Return every operation that the clients have, those with fixed paths first."""
    by_path = {operation.path: operation for operation in _operations()}
    # "/movie/popular" is no movie, whatever an id may look like.
    return tuple(sorted(by_path.values(), key=lambda each: each.path.count("{")))


class _Echo(Domains["_Echo"]):
    """A client that asks nobody: it answers each question with the question."""

    def send(self, endpoint: Endpoint[Any]) -> Endpoint[Any]:
        return endpoint

    def pages(self, endpoint: Endpoint[Any]) -> Endpoint[Any]:
        return endpoint


def _operations() -> Iterator[Operation]:
    echo = _Echo()
    for name, each in vars(Domains).items():
        if isinstance(each, property) and not name.startswith("_"):
            domain: object = getattr(echo, name)
            for method_name, method in vars(type(domain)).items():
                if isinstance(method, (bound, paged)):
                    yield _operation(getattr(domain, method_name))


def _operation(ask: Callable[..., Endpoint[Any]]) -> Operation:
    """Ask with placeholders for what must be given, and see where in the path they turn up."""
    required = [
        each
        for each in inspect.signature(ask).parameters.values()
        if each.default is each.empty and each.kind not in {each.VAR_POSITIONAL, each.VAR_KEYWORD}
    ]
    variable = {each.name: _NUMBER if _is_number(each.annotation) else _TEXT for each in required}
    numbers = range(_FIRST_PLACEHOLDER, _FIRST_PLACEHOLDER + len(required))
    endpoint = ask(**{
        each.name: number if variable[each.name] is _NUMBER else str(number)
        for each, number in zip(required, numbers, strict=True)
    })  # fmt: skip
    path, pattern = endpoint.path, re.escape(endpoint.path)
    for each, number in zip(required, numbers, strict=True):
        path = path.replace(str(number), f"{{{each.name}}}")
        pattern = pattern.replace(str(number), f"(?:{variable[each.name]})")
    return Operation(path, endpoint.answer, re.compile(pattern))


def _is_number(annotation: object) -> bool:
    return int in (get_args(annotation) or (annotation,))
