"""What ``/3/discover/movie`` and ``/3/movie/popular`` select, and in which order."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable

from tmdb_assets.fake_tmdb.documents import Json
from tmdb_assets.fake_tmdb.entries import Entry, year_of
from tmdb_assets.fake_tmdb.errors import ApiError
from tmdb_assets.fake_tmdb.lists import Question, film_page

Predicate = Callable[[Entry], bool]
Query = dict[str, str]

_SORTS: dict[str, Callable[[Entry], float | str]] = {
    "original_title": lambda entry: entry.original_title.casefold(),
    "popularity": lambda entry: entry.popularity,
    "primary_release_date": lambda entry: entry.release_date,
    "release_date": lambda entry: entry.release_date,
    "revenue": lambda entry: entry.revenue,
    "title": lambda entry: entry.title.casefold(),
    "vote_average": lambda entry: entry.vote_average,
    "vote_count": lambda entry: entry.vote_count,
}
_NUMBERS: dict[str, Callable[[Entry], float]] = {
    "vote_average": lambda entry: entry.vote_average,
    "vote_count": lambda entry: entry.vote_count,
    "with_runtime": lambda entry: entry.runtime,
}
_SETS: dict[str, Callable[[Entry], Collection[int]]] = {
    "genres": lambda entry: entry.genre_ids,
    "keywords": lambda entry: entry.keyword_ids,
}
_IGNORED = frozenset({"api_key", "language", "page"})


def discover(question: Question) -> Json:
    """Answer ``/3/discover/movie``; parameters that the fake does not know are ignored, as TMDB does."""
    query = {name: value for name, value in question.query.items() if name not in _IGNORED and value}
    key = ("discover", tuple(sorted(query.items())))
    return film_page(question, question.catalogue.selections.get(key, lambda: _select(question, query)))


def popular(question: Question) -> Json:
    """Answer ``/3/movie/popular``, which is discover without a filter."""
    found = question.catalogue.selections.get(("discover", ()), lambda: _select(question, {}))
    return film_page(question, found)


def _select(question: Question, query: Query) -> list[int]:
    predicates = [
        *_plain(query),
        *_numbers(query),
        *_dates(query),
        *_sets(query),
        *_releases(question, query),
    ]
    entries = [entry for entry in _candidates(question, query) if all(holds(entry) for holds in predicates)]
    field, _, direction = query.get("sort_by", "").partition(".")
    if field not in _SORTS or direction not in {"asc", "desc"}:
        field, direction = "popularity", "desc"
    entries.sort(key=lambda entry: entry.id)
    entries.sort(key=_SORTS[field], reverse=direction == "desc")
    return [entry.id for entry in entries]


def _candidates(question: Question, query: Query) -> Iterable[Entry]:
    """Return a superset of the films that match, as small as the indexes make it."""
    catalogue = question.catalogue
    if "with_keywords" in query:
        wanted = _expression(query["with_keywords"])[0]
        return {
            entry.id: entry for each in wanted for entry in catalogue.by_keyword.get(each, {}).values()
        }.values()
    for name in ("primary_release_year", "year"):
        if name in query:
            return catalogue.by_year.get(_integer(query[name]), {}).values()
    first = query.get("primary_release_date.gte") or query.get("release_date.gte")
    if not first:
        return catalogue.entries.values()
    last = query.get("primary_release_date.lte") or query.get("release_date.lte") or "9999-12-31"
    low, high = year_of(_date(first)) or 0, year_of(_date(last)) or 0
    years = sorted(year for year in catalogue.by_year if low <= year <= high)
    return {entry.id: entry for year in years for entry in catalogue.by_year[year].values()}.values()


def _plain(query: Query) -> Iterable[Predicate]:
    if query.get("include_adult", "false").lower() != "true":
        yield lambda entry: not entry.adult
    if query.get("include_video", "false").lower() != "true":
        yield lambda entry: not entry.video
    if "with_original_language" in query:
        codes = set(query["with_original_language"].split("|"))
        yield lambda entry: entry.original_language in codes


def _numbers(query: Query) -> Iterable[Predicate]:
    for name, value_of in _NUMBERS.items():
        if f"{name}.gte" in query:
            low = _number(query[f"{name}.gte"])
            yield lambda entry, low=low, value_of=value_of: value_of(entry) >= low
        if f"{name}.lte" in query:
            high = _number(query[f"{name}.lte"])
            yield lambda entry, high=high, value_of=value_of: value_of(entry) <= high


def _dates(query: Query) -> Iterable[Predicate]:
    if "primary_release_date.gte" in query:
        first = _date(query["primary_release_date.gte"])
        yield lambda entry: entry.release_date >= first
    if "primary_release_date.lte" in query:
        last = _date(query["primary_release_date.lte"])
        yield lambda entry: bool(entry.release_date) and entry.release_date <= last
    if "primary_release_year" in query:
        primary_year = _integer(query["primary_release_year"])
        yield lambda entry: entry.year == primary_year
    if "year" in query:
        year = _integer(query["year"])
        yield lambda entry: year in entry.release_years


def _sets(query: Query) -> Iterable[Predicate]:
    for name, ids_of in _SETS.items():
        if f"with_{name}" in query:
            wanted = _expression(query[f"with_{name}"])
            yield lambda entry, wanted=wanted, ids_of=ids_of: all(
                not alternatives.isdisjoint(ids_of(entry)) for alternatives in wanted
            )
        if f"without_{name}" in query:
            # Either separator lists what must not occur.
            unwanted = set[int]().union(*_expression(query[f"without_{name}"]))
            yield lambda entry, unwanted=unwanted, ids_of=ids_of: unwanted.isdisjoint(ids_of(entry))


def _releases(question: Question, query: Query) -> Iterable[Predicate]:
    """Compare every release of a film, not the primary one alone; dear, so it comes last."""
    if "release_date.gte" not in query and "release_date.lte" not in query:
        return
    first, last = (
        _date(query.get("release_date.gte", "0001-01-01")),
        _date(query.get("release_date.lte", "9999-12-31")),
    )
    yield lambda entry: any(first <= day <= last for day in question.catalogue.release_dates(entry))


def _expression(value: str) -> list[set[int]]:
    """Read ``1,2|3`` as 1 AND (2 OR 3); what is no number matches nothing."""
    return [
        {int(each) if each.strip().isdecimal() else -1 for each in alternatives.split("|")}
        for alternatives in value.split(",")
    ]


def _date(value: str) -> str:
    try:
        return dt.date.fromisoformat(value[:10]).isoformat()
    except ValueError:
        raise ApiError(23) from None


def _integer(value: str) -> int:
    if not value.isdecimal():
        raise ApiError(5)
    return int(value)


def _number(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise ApiError(5) from None
