"""What ``/3/movie/{id}`` and what lies beneath it answer."""

from collections import Counter
from itertools import islice
from typing import Any

from tmdb_assets.fake_tmdb.documents import PART_NAMES, Json
from tmdb_assets.fake_tmdb.entries import Entry
from tmdb_assets.fake_tmdb.errors import ApiError
from tmdb_assets.fake_tmdb.languages import localized
from tmdb_assets.fake_tmdb.lists import PAGE_SIZE, Question, film_page

_MOST_APPENDED = 20
_RELATED_LISTS = frozenset({"recommendations", "similar"})
_MOST_RELATED = 2 * PAGE_SIZE
_LOOKED_AT = 200
SUBRESOURCES = PART_NAMES | _RELATED_LISTS


def film_id_of(question: Question, reference: str) -> int:
    """Return the id of the film that a path names by TMDB's id or IMDb's."""
    catalogue = question.catalogue
    film_id = int(reference) if reference.isdecimal() else catalogue.by_imdb_id.get(reference)
    if film_id is None or film_id not in catalogue.entries:
        raise ApiError(34)
    return film_id


def details(question: Question, film_id: int) -> Json:
    """Answer ``/3/movie/{id}``; names that cannot be appended are ignored."""
    names = [name for name in question.query.get("append_to_response", "").split(",") if name]
    if len(names) > _MOST_APPENDED:
        raise ApiError(27)
    appended = {name: _part(question, film_id, name) for name in names if name in SUBRESOURCES}
    return localized(question.catalogue, film_id, question.language) | appended


def subresource(question: Question, film_id: int, name: str) -> Json:
    """Answer ``/3/movie/{id}/{name}``: what would be appended, with the film's id."""
    part = _part(question, film_id, name)
    return part if name in _RELATED_LISTS else {"id": film_id} | part


def _part(question: Question, film_id: int, name: str) -> Json:
    if name in _RELATED_LISTS:
        return _related_films(question, film_id, name)
    part = question.catalogue.part(film_id, name)
    match name:
        case "images":
            return _images(question, part)
        case "videos":
            return _videos(question, part)
        case "alternative_titles":
            country = question.query.get("country")
            titles = [title for title in part["titles"] if not country or title["iso_3166_1"] == country]
            return part | {"titles": titles}
        case "reviews":
            reviews = part["results"]
            return {"page": 1, "results": reviews, "total_pages": 1, "total_results": len(reviews)}
        case _:
            return part


def _images(question: Question, part: Json) -> Json:
    """Keep the images of the languages that are asked for; ``null`` names those without words."""
    included = question.query.get("include_image_language")
    if not included and not question.language.is_given:
        return part
    codes = set((included or question.language.code).split(","))
    wanted: set[Any] = {None if code == "null" else code.partition("-")[0] for code in codes}
    return {
        name: [image for image in images if image["iso_639_1"] in wanted] for name, images in part.items()
    }


def _videos(question: Question, part: Json) -> Json:
    wanted = {question.language.code, *question.query.get("include_video_language", "").split(",")}
    return part | {"results": [video for video in part["results"] if video["iso_639_1"] in wanted]}


def _related_films(question: Question, film_id: int, name: str) -> Json:
    catalogue = question.catalogue
    entry = catalogue.entries[film_id]
    select = _recommended if name == "recommendations" else _similar
    return film_page(question, select(question, entry), has_media_type=name == "recommendations")


def _recommended(question: Question, entry: Entry) -> list[int]:
    """Return the films that share most keywords with a film, the rarest keywords first."""
    by_keyword = question.catalogue.by_keyword
    shared: Counter[int] = Counter()
    for keyword_id in sorted(entry.keyword_ids, key=lambda each: len(by_keyword[each])):
        shared.update(islice(by_keyword[keyword_id], _LOOKED_AT))
    del shared[entry.id]
    entries = question.catalogue.entries
    return sorted(shared, key=lambda each: (-shared[each], -entries[each].popularity, each))[:_MOST_RELATED]


def _similar(question: Question, entry: Entry) -> list[int]:
    """Return films of the same year that share most genres with a film."""
    genres = set(entry.genre_ids)
    peers = question.catalogue.by_year.get(entry.year or 0, {}).values()
    ranked = [
        (-len(genres.intersection(peer.genre_ids)), -peer.popularity, peer.id)
        for peer in islice(peers, _LOOKED_AT)
        if peer is not entry and not genres.isdisjoint(peer.genre_ids)
    ]
    return [film_id for _, _, film_id in sorted(ranked)[:_MOST_RELATED]]
