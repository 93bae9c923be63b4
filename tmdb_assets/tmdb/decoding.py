"""Decoding: the bytes of an answer as the type that was promised, tolerant of what TMDB leaves out."""

import re
from functools import cache
from typing import TypeVar, cast

import msgspec

from tmdb_assets.tmdb.errors import DecodeError
from tmdb_assets.tmdb.models.base import Page

__all__ = ["decode", "decode_readable"]

T = TypeVar("T")

_NOT_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def decode(body: bytes, kind: type[T]) -> "T | DecodeError":
    """Return the value, or the error that says where the answer is odd.

    Parameters
    ----------
    body
        An answer, as it came.
    kind
        A model, or a page of them.
    """
    # In JSON two quotes after a colon can be nothing but a member's empty text: TMDB's way to say "missing".
    present = body.replace(b':""', b":null")
    if b'": ' in body[:100]:  # TMDB sends it compact; a file may be written otherwise
        present = present.replace(b': ""', b": null")
    try:
        return _decoder(kind).decode(present)
    except msgspec.ValidationError:
        return _without_nulls(present, kind, body)
    except _NOT_JSON:
        return _not_json(body)


def decode_readable(body: bytes, kind: type[T]) -> "Page[T] | DecodeError":
    """Return a page without those of its items that cannot be read; the totals stay what TMDB says.

    Parameters
    ----------
    body
        A page of a list, as it came.
    kind
        The model of its items.
    """
    page = decode(body, Page[msgspec.Raw])
    if isinstance(page, DecodeError):
        return page
    items = (decode(bytes(item), kind) for item in page.results)
    readable = tuple(item for item in items if not isinstance(item, DecodeError))
    return Page(
        id=page.id,
        page=page.page,
        results=readable,
        total_pages=page.total_pages,
        total_results=page.total_results,
    )


@cache
def _decoder(kind: type[T]) -> "msgspec.json.Decoder[T]":
    return msgspec.json.Decoder(kind)


def _without_nulls(present: bytes, kind: type[T], body: bytes) -> "T | DecodeError":
    """Read it once more, with every null as if it were absent; slower, and seldom needed."""
    try:
        return msgspec.convert(_pruned(msgspec.json.decode(present)), kind)
    except msgspec.ValidationError as error:
        why, _, where = str(error).partition(" - at ")
    except _NOT_JSON:
        return _not_json(body)
    failure = DecodeError(
        f"the answer is not of the shape that TMDB promises ({why}{' at ' + where if where else ''}): "
        "skip this one, and report it.",
        status=200,
        body=body,
    )
    failure.where = where.strip("`") or "$"
    return failure


def _pruned(value: object) -> object:
    if isinstance(value, dict):
        members = cast("dict[str, object]", value)
        return {name: _pruned(item) for name, item in members.items() if item is not None}
    if isinstance(value, list):
        return [_pruned(item) for item in cast("list[object]", value) if item is not None]
    return value


def _not_json(body: bytes) -> DecodeError:
    start = body[:200].lstrip()
    what = (
        "empty"
        if not start
        else "a page of HTML"
        if re.match(rb"<(!|html)", start, re.IGNORECASE)
        else "cut or damaged"
    )
    error = DecodeError(f"the answer is {what}, not JSON: ask later.", status=200, body=body)
    error.retryable = True
    return error
