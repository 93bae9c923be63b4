"""Decoding: the bytes of an answer as the type that was promised, tolerant of what TMDB leaves out."""

import codecs
import re
from dataclasses import dataclass
from functools import cache
from typing import TypeVar, cast

import msgspec
from msgspec import inspect

from tmdb_assets.tmdb.errors import DecodeError
from tmdb_assets.tmdb.mending import Misfit, mended, type_of
from tmdb_assets.tmdb.models.base import Page

__all__ = ["Unreadable", "decode", "decode_readable", "read"]

T = TypeVar("T")

_NOT_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
# In JSON two quotes in a row, the first of which is not escaped, are an empty text; where no colon follows,
# it is TMDB's way to say "missing". One pass of this costs half of what `bytes.replace` does.
_EMPTY_TEXT = re.compile(rb'""(?<!\\"")(?!\s*:)')


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why an answer cannot be read, and at which place in it."""

    where: str
    why: str
    is_json: bool

    def as_error(self, body: bytes) -> DecodeError:
        """Return the error for a client's user."""
        if self.is_json:
            place = f" at `{self.where}`" if self.where != "$" else ""
            error = DecodeError(
                f"the answer is not of the shape that TMDB promises ({self.why}{place}): "
                "skip this one, and report it.",
                status=200,
                body=body,
            )
        else:
            error = DecodeError(f"the answer is {self.why}: ask later.", status=200, body=body)
        error.where, error.retryable = self.where, not self.is_json
        return error


def decode(body: bytes, kind: type[T]) -> "T | DecodeError":
    """Return the value, or the error that says where the answer is odd.

    Parameters
    ----------
    body
        An answer, as it came.
    kind
        A model, or a page of them.
    """
    value = read(body, kind)
    return value.as_error(body) if isinstance(value, Unreadable) else value


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
    items = (read(bytes(item), kind) for item in page.results)
    readable = tuple(item for item in items if not isinstance(item, Unreadable))
    return Page(
        id=page.id,
        page=page.page,
        results=readable,
        total_pages=page.total_pages,
        total_results=page.total_results,
    )


def read(body: bytes, kind: type[T]) -> "T | Unreadable":
    """Return the value, or what is odd about the bytes.

    Parameters
    ----------
    body
        An answer, as it came.
    kind
        A model, or a page of them.
    """
    present = _EMPTY_TEXT.sub(b"null", body.removeprefix(codecs.BOM_UTF8))
    decoder, empty = cast("tuple[msgspec.json.Decoder[T], T | None]", _reader(kind))
    try:
        value = decoder.decode(present)
        if value == empty and _is_foreign(present, kind):
            return Unreadable("$", "no field of it is known", is_json=True)
    except msgspec.ValidationError as error:
        return _mended(present, kind, error)
    except _NOT_JSON:
        return _not_json(body)
    return value


@cache
def _reader(kind: type[T]) -> "tuple[msgspec.json.Decoder[T], T | None]":
    """Return a decoder, and what it makes of an empty object where that is an answer."""
    decoder = msgspec.json.Decoder(kind)
    try:
        return decoder, decoder.decode(b"{}")
    except msgspec.ValidationError:
        return decoder, None


def _mended(present: bytes, kind: type[T], first: msgspec.ValidationError) -> "T | Unreadable":
    """Read it once more, seeing through dress; slower, and seldom needed."""
    try:
        return msgspec.convert(mended(msgspec.json.decode(present), type_of(kind)), kind)
    except Misfit as misfit:
        return Unreadable(misfit.where, misfit.why, is_json=True)
    except msgspec.ValidationError:
        # A number beyond all bounds, or what no model foresees: the first reading knew the place.
        why, _, where = str(first).partition(" - at ")
        return Unreadable(where.strip("`") or "$", why, is_json=True)
    except _NOT_JSON:
        return _not_json(present)


def _is_foreign(present: bytes, kind: type[object]) -> bool:
    """Say whether an object has members, but none that was promised: it is no empty answer, but another."""
    members = msgspec.json.decode(present, type=dict[str, msgspec.Raw])
    wanted = cast("inspect.StructType", type_of(kind))
    return bool(members) and members.keys().isdisjoint(field.encode_name for field in wanted.fields)


def _not_json(body: bytes) -> Unreadable:
    start = body[:200].lstrip()
    what = (
        "empty"
        if not start
        else "a page of HTML"
        if re.match(rb"<(!|html)", start, re.IGNORECASE)
        else "cut or damaged"
    )
    return Unreadable("$", f"{what}, not JSON", is_json=False)
