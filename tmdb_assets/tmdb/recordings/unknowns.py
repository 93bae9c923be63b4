"""Unknowns: the fields and values of an answer that its model does not know; no error, but worth a look."""

from collections.abc import Iterator
from typing import NamedTuple, cast

from msgspec import inspect

from tmdb_assets.tmdb.mending import plain

__all__ = ["Unknown", "unknowns"]


class Unknown(NamedTuple):
    """A place such as ``$.credits.cast[].mood``; ``*`` stands for any country, ``[]`` for any item."""

    field: str
    is_value: bool
    """Whether the field is known, and the value is not."""
    value: object = None


def unknowns(value: object, wanted: inspect.Type, where: str = "$") -> Iterator[Unknown]:
    """Yield what the type does not know of a JSON value, in the value's order.

    Parameters
    ----------
    value
        What ``json.loads`` returns.
    wanted
        A type as ``mending.type_of`` describes it.
    where
        The value's own place.
    """
    extra = cast("dict[str, tuple[object, ...]] | None", getattr(wanted, "extra", None)) or {}
    known = extra.get("known", ())
    if known and value not in (None, "", *known):
        yield Unknown(where, is_value=True, value=value)
    kind = plain(wanted)
    match value, kind:
        case dict(), inspect.StructType():
            fields = {field.encode_name: field.type for field in kind.fields}
            for name, item in cast("dict[str, object]", value).items():
                if name in fields:
                    yield from unknowns(item, fields[name], f"{where}.{name}")
                else:
                    yield Unknown(f"{where}.{name}", is_value=False)
        case dict(), inspect.DictType():
            for item in cast("dict[str, object]", value).values():
                yield from unknowns(item, kind.value_type, f"{where}.*")
        case list(), inspect.VarTupleType() | inspect.ListType():
            for item in cast("list[object]", value):
                yield from unknowns(item, kind.item_type, f"{where}[]")
        case _:
            pass
