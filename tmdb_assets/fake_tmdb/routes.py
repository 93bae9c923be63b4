"""Which path is which operation."""

from collections.abc import Callable
from dataclasses import dataclass

from tmdb_assets.fake_tmdb.changes import changed_movies
from tmdb_assets.fake_tmdb.details import SUBRESOURCES, details, film_id_of, subresource
from tmdb_assets.fake_tmdb.discover import discover, popular
from tmdb_assets.fake_tmdb.documents import Json
from tmdb_assets.fake_tmdb.errors import ApiError
from tmdb_assets.fake_tmdb.lists import Question
from tmdb_assets.fake_tmdb.reference import GENRES, LANGUAGES, configuration
from tmdb_assets.fake_tmdb.search import find, search_keywords, search_movies

_DAY, _EIGHT_HOURS, _TEN_MINUTES = 86_400, 28_800, 600


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the API, bound to what its path names."""

    template: str
    """The path with ``{id}`` for what varies: what statistics count by."""
    answer: Callable[[Question], Json | list[Json]]
    max_age: int = _TEN_MINUTES
    """For how many seconds the answer may be cached."""
    film: str | None = None
    """The film whose details are asked for, as the path names it."""
    is_list: bool = False
    """Whether the answer is a page of a list, which may drift."""
    is_of_now: bool = False
    """Whether the answer depends on the time at which it is asked for."""


def operation_of(path: str) -> Operation:
    """Return the operation that a path names; one that TMDB lacks, too, answers: not found."""
    fixed = _FIXED.get(path)
    if fixed is not None:
        return fixed
    match path.strip("/").split("/"):
        case ["3", "find", external_id]:
            return Operation("/3/find/{id}", lambda question: find(question, external_id))
        case ["3", "keyword", keyword_id]:
            return Operation("/3/keyword/{id}", lambda question: _keyword(question, keyword_id), _EIGHT_HOURS)
        case ["3", "movie", film]:
            return Operation(
                "/3/movie/{id}", lambda each: details(each, film_id_of(each, film)), _EIGHT_HOURS, film
            )
        case ["3", "movie", film, *rest] if (name := "/".join(rest)) in SUBRESOURCES:
            return Operation(
                f"/3/movie/{{id}}/{name}",
                lambda each: subresource(each, film_id_of(each, film), name),
                _EIGHT_HOURS,
            )
        case _:
            return _UNKNOWN


def _genres(_: Question) -> Json:
    return {"genres": [{"id": genre_id, "name": name} for genre_id, name in GENRES.items()]}


def _languages(_: Question) -> list[Json]:
    return [
        {"iso_639_1": code, "english_name": english_name, "name": name}
        for code, (english_name, name) in LANGUAGES.items()
    ]


def _keyword(question: Question, keyword_id: str) -> Json:
    name = question.catalogue.keywords.get(int(keyword_id)) if keyword_id.isdecimal() else None
    if name is None:
        raise ApiError(34)
    return {"id": int(keyword_id), "name": name}


def _nothing(_: Question) -> Json:
    raise ApiError(34)


_UNKNOWN = Operation("(unknown)", _nothing)
_FIXED = {
    operation.template: operation
    for operation in (
        Operation("/3/configuration", lambda question: configuration(question.address), _DAY),
        Operation("/3/configuration/languages", _languages, _DAY),
        Operation("/3/genre/movie/list", _genres, _DAY),
        Operation("/3/search/keyword", search_keywords, is_list=True),
        Operation("/3/search/movie", search_movies, is_list=True),
        Operation("/3/discover/movie", discover, is_list=True),
        Operation("/3/movie/popular", popular, is_list=True),
        Operation("/3/movie/changes", changed_movies, is_list=True, is_of_now=True),
    )
}
