"""Pages of films: twenty to a page, at most five hundred pages, moving now and then."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from tmdb_assets.fake_tmdb.catalogue import Catalogue
from tmdb_assets.fake_tmdb.documents import Json
from tmdb_assets.fake_tmdb.errors import ApiError
from tmdb_assets.fake_tmdb.languages import Language, localized

PAGE_SIZE = 20
LAST_PAGE = 500
_ITEM_FIELDS = (
    "adult", "backdrop_path", "id", "original_language", "original_title", "overview", "popularity",
    "poster_path", "release_date", "title", "video", "vote_average", "vote_count",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """What a request asks of the catalogue."""

    catalogue: Catalogue
    query: dict[str, str]
    drift: int = 0
    """By how much a list's total is off; its pages shift too. 0: the list stands still."""
    address: str = ""
    """The host and port that the request was sent to."""
    now: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))
    """When it was asked, UTC."""

    @property
    def language(self) -> Language:
        """The language that is asked for."""
        return Language.parse(self.query.get("language"))

    @property
    def page(self) -> int:
        """The page that is asked for.

        Raises
        ------
        ApiError
            When it is no number from 1 to 500.
        """
        page = self.query.get("page", "1")
        if not page.isdecimal() or not 1 <= int(page) <= LAST_PAGE:
            raise ApiError(22)
        return int(page)


def page_of(question: Question, items: Sequence[int], *, size: int = PAGE_SIZE) -> tuple[Sequence[int], Json]:
    """Return the items of the page that is asked for, and the list's totals."""
    page, total = question.page, len(items)
    start = (page - 1) * size
    if question.drift and total:
        total = max(1, total + question.drift)
        # The list grew at its head since the last page was read: a film comes again, and another is lost.
        start = max(0, start - 1)
    totals = {"total_pages": max(1, -(-total // size)), "total_results": total}
    return items[start : start + size], totals


def film_page(question: Question, film_ids: Sequence[int], *, has_media_type: bool = False) -> Json:
    """Return the page of films that is asked for."""
    ids, totals = page_of(question, film_ids)
    language = question.language
    results = [list_item(question.catalogue, each, language, has_media_type=has_media_type) for each in ids]
    return {"page": question.page, "results": results, **totals}


def list_item(
    catalogue: Catalogue, film_id: int, language: Language, *, has_media_type: bool = False
) -> msgspec.Raw:
    """Return a film as lists show it, encoded: it is in the lists of many other films."""
    extra = {"media_type": "movie"} if has_media_type else {}

    def encode() -> msgspec.Raw:
        details = localized(catalogue, film_id, language)
        item = {name: details[name] for name in _ITEM_FIELDS}
        item["genre_ids"] = [genre["id"] for genre in details["genres"]]
        return msgspec.Raw(msgspec.json.encode(item | extra))

    return catalogue.list_items.get((film_id, language, has_media_type), encode)
