"""What ``/3/search/keyword``, ``/3/search/movie`` and ``/3/find`` find."""

from collections.abc import Mapping

from tmdb_assets.fake_tmdb.documents import Json
from tmdb_assets.fake_tmdb.errors import ApiError
from tmdb_assets.fake_tmdb.lists import Question, film_page, list_item, page_of
from tmdb_assets.fake_tmdb.titles import title_words, titles_of


def search_keywords(question: Question) -> Json:
    """Answer ``/3/search/keyword``."""
    catalogue = question.catalogue
    query = _query(question)
    found = catalogue.selections.get(
        ("keyword", query.casefold()), lambda: matching_keywords(catalogue.keywords, query)
    )
    ids, totals = page_of(question, found)
    results = [{"id": each, "name": catalogue.keywords[each]} for each in ids]
    return {"page": question.page, "results": results, **totals}


def search_movies(question: Question) -> Json:
    """Answer ``/3/search/movie``: films with every word of the query, whole titles first, by popularity."""
    query = _query(question)
    filters = {
        name: question.query.get(name, "") for name in ("primary_release_year", "year", "include_adult")
    }
    key = ("movie", query, *filters.values())
    return film_page(
        question, question.catalogue.selections.get(key, lambda: _matching_films(question, query, filters))
    )


def find(question: Question, external_id: str) -> Json:
    """Answer ``/3/find/{external_id}``; people and series are never found."""
    source = question.query.get("external_source")
    if not source:
        raise ApiError(5)
    film_id = question.catalogue.by_imdb_id.get(external_id) if source == "imdb_id" else None
    movies = (
        []
        if film_id is None
        else [list_item(question.catalogue, film_id, question.language, has_media_type=True)]
    )
    others = ("person_results", "tv_results", "tv_episode_results", "tv_season_results")
    return {"movie_results": movies} | {name: [] for name in others}


def matching_keywords(keywords: Mapping[int, str], query: str) -> list[int]:
    """Return the ids of keywords like a query: the same, with its words, around it, spelled nearly so."""
    wanted = query.casefold().strip()
    words = wanted.split()
    ranked: list[tuple[int, str, int]] = []
    for keyword_id, name in keywords.items():
        folded = name.casefold()
        if folded == wanted:
            ranked.append((0, folded, keyword_id))
            continue
        parts = folded.split()
        if all(word in parts for word in words):
            ranked.append((1, folded, keyword_id))
        elif wanted in folded:
            ranked.append((2, folded, keyword_id))
        elif all(any(is_within_one_edit(word, part) for part in parts) for word in words):
            ranked.append((3, folded, keyword_id))
    return [keyword_id for _, _, keyword_id in sorted(ranked)]


def is_within_one_edit(one: str, other: str) -> bool:
    """Say whether one letter put in, left out or exchanged makes two words the same."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    same = 0
    while same < len(short) and short[same] == long[same]:
        same += 1
    rest = same + 1 if len(short) == len(long) else same
    return short[rest:] == long[same + 1 :]


def _query(question: Question) -> str:
    query = question.query.get("query", "").strip()
    if not query:
        raise ApiError(5)
    return query


def _matching_films(question: Question, query: str, filters: dict[str, str]) -> list[int]:
    for name in ("primary_release_year", "year"):
        if filters[name] and not filters[name].isdecimal():
            raise ApiError(5)
    wanted = title_words(query)
    entries = [question.catalogue.entries[each] for each in question.catalogue.titles.find(query)]
    if filters["include_adult"].lower() != "true":
        entries = [entry for entry in entries if not entry.adult]
    if year := filters["primary_release_year"]:
        entries = [entry for entry in entries if entry.year == int(year)]
    if year := filters["year"]:
        entries = [entry for entry in entries if int(year) in entry.release_years]
    entries.sort(
        key=lambda entry: (
            all(title_words(title) != wanted for title in titles_of(entry)),
            -entry.popularity,
            entry.id,
        )
    )
    return [entry.id for entry in entries]
