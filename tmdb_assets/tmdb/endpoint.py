"""An endpoint: one question to TMDB and the type of its answer, as a value; the clients ask it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, TypeAlias, TypeVar
from urllib.parse import quote

__all__ = ["Endpoint", "Param", "any_of", "path", "query"]

T = TypeVar("T")

Param: TypeAlias = str | float | bool | date | Iterable[str | int] | None
"""What a parameter may be; several values are joined by ``,``, which TMDB reads as *and*."""


@dataclass(frozen=True, slots=True)
class Endpoint(Generic[T]):
    """One question: ``GET`` a path with parameters, and read the answer as a type.

    Attributes
    ----------
    path
        As in TMDB's reference, without ``/3``: ``/movie/550/credits``.
    answer
        The model, or the page of models, that is answered.
    params
        The query, without the credential.
    fills
        The parameters that a client fills from its own settings when they are left open.
    method
        HTTP's.
    """

    path: str
    answer: type[T]
    params: Mapping[str, str]
    fills: tuple[str, ...] = ("language",)
    method: str = "GET"

    def having(self, **params: Param) -> "Endpoint[T]":
        """Return the same question with these parameters set.

        Parameters
        ----------
        **params
            By TMDB's names; those that are ``None`` stay as they are.
        """
        return replace(self, params={**self.params, **query(params)})

    def filled(self, defaults: Mapping[str, str | None]) -> "Endpoint[T]":
        """Return the question with the open parameters that it wants filled taken from the defaults.

        Parameters
        ----------
        defaults
            Values by TMDB's names, such as the client's language.
        """
        missing = {
            name: value
            for name in self.fills
            if name not in self.params and (value := defaults.get(name)) is not None
        }
        return replace(self, params={**self.params, **missing}) if missing else self


def path(template: str, *parts: str | int) -> str:
    """Return the path with each ``{}`` filled by a part that cannot break out of its segment."""
    return template.format(*(quote(str(part), safe="") for part in parts))


def query(params: Mapping[str, Param]) -> dict[str, str]:
    """Return the parameters as TMDB reads them, without those that are ``None``."""
    return {name: _text(value) for name, value in params.items() if value is not None}


def any_of(*values: str | int) -> str:
    """Return a parameter that matches any of the values, such as ``with_keywords=any_of(818, 9672)``.

    Parameters
    ----------
    *values
        Ids or names; a list in place of it means that all must match.
    """
    return "|".join(map(str, values))


def _text(value: Param) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return ",".join(map(str, value or ()))
