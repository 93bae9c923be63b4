"""The walk through a list: which page comes next, and which of its items are new; no I/O."""

import logging
from collections.abc import Iterator
from typing import Generic, TypeVar

from tmdb_assets.tmdb.endpoint import Endpoint
from tmdb_assets.tmdb.models.base import Page

__all__ = ["LAST_PAGE", "PageWalk"]

T = TypeVar("T")

logger = logging.getLogger("tmdb_assets.tmdb")

LAST_PAGE = 500
"""TMDB serves no page beyond this one, whatever ``total_pages`` says."""


class PageWalk(Generic[T]):
    """Where one goes through a list: which page comes next, and which of its items are new.

    Lists move while they are read, so neighbouring pages may share items and disagree on the totals.
    """

    def __init__(self, endpoint: Endpoint[Page[T]]) -> None:
        self._endpoint = endpoint
        self._number = int(endpoint.params.get("page", 1))
        self._last = LAST_PAGE
        self._seen: set[object] = set()

    def next_page(self) -> Endpoint[Page[T]] | None:
        """Return the question for the next page, or ``None`` after the last."""
        return self._endpoint.having(page=self._number) if self._number <= self._last else None

    def rest(self) -> Iterator[Endpoint[Page[T]]]:
        """Return the questions for all pages that are still to come, as far as TMDB has said."""
        return (self._endpoint.having(page=number) for number in range(self._number, self._last + 1))

    def new_items(self, page: Page[T]) -> list[T]:
        """Take note of the page, and return those of its items that no earlier page had."""
        self._number += 1
        self._last = min(page.total_pages, LAST_PAGE)
        if self._number > LAST_PAGE < page.total_pages:
            logger.warning(
                "TMDB serves %d of the %d pages of GET %s: narrow the request to reach the rest",
                LAST_PAGE,
                page.total_pages,
                self._endpoint.path,
            )
        new: list[T] = []
        for item in page.results:
            identity = getattr(item, "id", None)
            if identity is None or identity not in self._seen:
                self._seen.add(identity)
                new.append(item)
        return new
