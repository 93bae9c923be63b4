"""What all answers of TMDB share: how missing values look, and the page."""

from typing import Generic, TypeVar

import msgspec

__all__ = ["UNSET", "Model", "Page", "UnsetType"]

T = TypeVar("T")

UNSET = msgspec.UNSET
UnsetType = msgspec.UnsetType


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """An object of TMDB's, under TMDB's own field names.

    Whatever is not an identity may be missing: then text, numbers and dates are ``None`` and lists are empty,
    also where TMDB sent ``""`` or ``null``. Dates stay text, since TMDB knows partial ones. New fields are
    ignored.
    """


class Page(Model, Generic[T], frozen=True, kw_only=True):
    """One page of a list, at most 20 items (of changes: 100).

    ``total_pages`` and ``total_results`` are not capped: they count what lies beyond page 500, too, the last
    one that TMDB serves.
    """

    id: int | None = None
    page: int = 1
    results: tuple[T, ...] = ()
    total_pages: int = 1
    total_results: int = 0
