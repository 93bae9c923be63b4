"""What a public docstring must say, as a check: the house style's sentence on docstrings.

The linter sees to the form of the sections. It cannot see which parameters are missing from them, nor the
errors that a method raises far below, nor the page of TMDB's reference; nor can pydoclint and numpydoc.
"""

import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

__all__ = ["ERRORS", "faults_of_class", "faults_of_function", "faults_of_model", "faults_of_text"]

_SECTION = re.compile(r"^(\w[\w ]*)\n-{3,}$", re.MULTILINE)
_TELLS_WHAT = re.compile(r"(Return|Yield|Iterate|Whether)\b")
_POINTER = re.compile(r"What ``(TMDBClient\.)?send`` raises")
_REFERENCE = "https://developer.themoviedb.org/"

ERRORS = {
    *("AuthenticationError", "DecodeError", "NotFoundError", "RateLimitError", "ServerError"),
    *("TransportError", "ValidationError"),
}
"""What whoever asks TMDB may have to catch."""

SPEAKING = {
    *(
        "author",
        "backdrops",
        "bytes",
        "cast",
        "character",
        "content",
        "credits",
        "crew",
        "department",
        "genres",
    ),
    *(
        "height",
        "homepage",
        "id",
        "images",
        "job",
        "keywords",
        "logos",
        "name",
        "original_name",
        "original_title",
    ),
    *("overview", "page", "posters", "production_companies", "production_countries", "results", "reviews"),
    *("tagline", "title", "titles", "translations", "username", "videos", "width", "english_name", "url"),
    *("facebook_id", "imdb_id", "instagram_id", "twitter_id", "wikidata_id", "external_ids", "release_dates"),
    *("alternative_titles", "recommendations", "similar", "watch_providers", "spoken_languages"),
}
"""Fields whose meaning is their name; every other one wants words."""


def faults_of_text(doc: str | None) -> Iterator[str]:
    """Yield what is wrong with the first line, which is one sentence."""
    first, *more = inspect.cleandoc(doc or "").splitlines() or [""]
    if not first.endswith("."):
        yield "has no summary of one line with a full stop"
    if more and more[0]:
        yield "has no blank line after its summary"


def faults_of_function(
    function: Callable[..., Any], doc: str | None, *, asks: bool = False, cites: bool = False
) -> Iterator[str]:
    """Yield what the docstring of a function does not say.

    Parameters
    ----------
    function
        Whose signature counts.
    doc
        What ``help`` shows of it.
    asks
        Whether it asks TMDB, and so raises what TMDB's refusals are.
    cites
        Whether it is an operation of TMDB's, and so has an address.
    """
    yield from faults_of_text(doc)
    found = sections(doc or "")
    signature = inspect.signature(function)
    yield from _differences(found, "Parameters", signature.parameters.keys() - {"self", "cls"})
    is_answering = signature.return_annotation not in {None, signature.empty}
    if is_answering and not ({"Returns", "Yields"} & found.keys() or _TELLS_WHAT.match(doc or "")):
        yield "does not say what it returns"
    told = set(found.get("Raises", []))
    if asks and not (told >= ERRORS or ("TMDBError" in told and _POINTER.search(doc or ""))):
        yield "does not name every error under Raises, nor TMDBError and the method that names them"
    if cites and not any(line.startswith(_REFERENCE) for line in found.get("References", [])):
        yield "does not name its page in TMDB's reference under References"


def faults_of_class(cls: type, fields: set[str] | None = None) -> Iterator[str]:
    """Yield what the docstring of a class does not say of what it is made with, or of its fields."""
    doc = inspect.cleandoc(cls.__doc__ or "")
    yield from faults_of_text(doc)
    found = sections(doc)
    section = "Attributes" if fields or "Attributes" in found else "Parameters"
    yield from _differences(found, section, fields or set(inspect.signature(cls).parameters))


def faults_of_model(model: type[msgspec.Struct]) -> Iterator[str]:
    """Yield the fields of a model that neither their names nor its docstring, nor its parent's, explain."""
    doc = inspect.cleandoc(model.__doc__ or "")
    yield from faults_of_text(doc)
    fields = set(model.__struct_fields__)
    named = {name for each in model.__mro__ for name in _explained(each)}
    for name in sorted(fields - named - SPEAKING):
        yield f"does not explain {name}"
    for name in sorted(set(sections(doc).get("Attributes", [])) - fields):
        yield f"explains {name} under Attributes, which it does not have"


def sections(doc: str) -> dict[str, list[str]]:
    """Return what stands at the margin of each section of a NumPy docstring: names, or lines of text."""
    parts = _SECTION.split(inspect.cleandoc(doc))
    return {
        title: [
            name.strip().lstrip("*")
            for line in body.splitlines()
            if line and not line.startswith(" ")
            for name in line.split(",")
        ]
        for title, body in zip(parts[1::2], parts[2::2], strict=True)
    }


def _explained(cls: type) -> Iterator[str]:
    if cls.__module__.startswith("tmdb_assets."):
        yield from sections(cls.__doc__ or "").get("Attributes", [])
        yield from re.findall(r"``(\w+)``", cls.__doc__ or "")


def _differences(found: dict[str, list[str]], section: str, wanted: set[str]) -> Iterator[str]:
    named = set(found.get(section, []))
    for name in sorted(wanted - named):
        yield f"does not name {name} under {section}"
    for name in sorted(named - wanted):
        yield f"names {name} under {section}, which it does not have"
