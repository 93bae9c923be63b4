"""Mending: JSON that differs from what was promised in dress only, as it was promised.

Read after the plain decoding has failed, so it may be slow. What plainly says "missing" is missing, what is
plainly the same value is taken, and anything else is a ``Misfit``: nothing is guessed or dropped. Missing say
``null``, ``""``, ``false`` where no boolean was promised, and an empty list or object where neither was (PHP,
which knows no difference, writes one for the other). The same are ``5.0`` and ``"5"`` for 5, ``"7.3"`` for
7.3, ``1984`` for a text, and ``0``, ``1``, ``"true"``, ``"false"`` for a boolean.
"""

import math
import re
from enum import Enum
from functools import cache
from typing import cast

import msgspec
from msgspec import inspect

__all__ = ["Misfit", "mended", "plain", "type_of"]

_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?")
_BOOLEANS: dict[object, bool] = {0: False, 1: True, "0": False, "1": True, "false": False, "true": True}
_SCALARS = (inspect.IntType, inspect.FloatType, inspect.BoolType, inspect.StrType)
_LARGEST_EXACT = 2**53
_JSON_NAMES = {"list": "array", "dict": "object", "NoneType": "null"}
_WANTED_NAMES = {"struct": "object", "dict": "object", "vartuple": "array", "list": "array"}


class Misfit(Exception):  # noqa: N818 -- a finding; DecodeError is what callers see
    """A value that cannot be read as what was promised: ``where`` it stands, and ``why``."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{why} - at `{where}`")
        self.where = where
        self.why = why


class _Missing(Enum):
    MISSING = "missing"


_MISSING = _Missing.MISSING


@cache
def type_of(kind: object) -> inspect.Type:
    """Describe a type; described once."""
    return inspect.type_info(kind)


def plain(wanted: inspect.Type) -> inspect.Type:
    """Return what a value is if it is there: without remarks, and without ``None``."""
    if isinstance(wanted, inspect.Metadata):
        return plain(wanted.type)
    if isinstance(wanted, inspect.UnionType):
        kinds = [each for each in wanted.types if not isinstance(each, inspect.NoneType)]
        return plain(kinds[0]) if len(kinds) == 1 else wanted
    return wanted


def mended(value: object, wanted: inspect.Type) -> object:
    """Return the JSON from which the wanted type can be made.

    Raises
    ------
    Misfit
        Where the first value stands that cannot be read, and why.
    """
    found = _mended(value, plain(wanted), "$")
    if found is not _MISSING:
        return found
    if isinstance(wanted, inspect.StructType) and isinstance(value, dict):
        raise _lacking(wanted, {}, "$")
    raise _misfit(value, wanted, "$")


def _mended(value: object, wanted: inspect.Type, where: str) -> object:
    if _says_missing(value, wanted):
        return _MISSING
    match wanted:
        case inspect.StructType():
            return _object(value, wanted, where)
        case inspect.VarTupleType() | inspect.ListType():
            return _list(value, wanted, where)
        case inspect.DictType():
            return _mapping(value, wanted, where)
        case inspect.RawType():
            return msgspec.Raw(msgspec.json.encode(value))
        case _:
            return _scalar(value, wanted, where) if isinstance(wanted, _SCALARS) else value


def _says_missing(value: object, wanted: inspect.Type) -> bool:
    if isinstance(wanted, inspect.RawType) or not _says_nothing(value):
        return False
    if value is False:
        return not isinstance(wanted, inspect.BoolType)
    return not isinstance(value, (list, dict)) or isinstance(wanted, _SCALARS)


def _says_nothing(value: object) -> bool:
    return value is None or value is False or value in ("", [], {})


def _object(value: object, wanted: inspect.StructType, where: str) -> object:
    if not isinstance(value, dict) and value != []:
        raise _misfit(value, wanted, where)
    members = cast("dict[str, object]", value or {})
    found: dict[str, object] = {}
    for field in wanted.fields:
        if field.encode_name in members:
            name = field.encode_name
            member = _mended(members[name], plain(field.type), f"{where}.{name}")
            if member is not _MISSING:
                found[name] = member
    if all(field.encode_name in found for field in wanted.fields if field.required):
        return found
    if all(_says_nothing(member) for member in members.values()):
        return _MISSING
    raise _lacking(wanted, found, where)


def _list(value: object, wanted: inspect.VarTupleType | inspect.ListType, where: str) -> list[object]:
    if value == {}:
        return []
    if not isinstance(value, list):
        raise _misfit(value, wanted, where)
    kind = plain(wanted.item_type)
    items = enumerate(cast("list[object]", value))
    found = [_mended(item, kind, f"{where}[{number}]") for number, item in items]
    return [item for item in found if item is not _MISSING]


def _mapping(value: object, wanted: inspect.DictType, where: str) -> dict[str, object]:
    if value == []:
        return {}
    if not isinstance(value, dict):
        raise _misfit(value, wanted, where)
    kind = plain(wanted.value_type)
    items = cast("dict[str, object]", value).items()
    found = {name: _mended(item, kind, f"{where}.{name}") for name, item in items}
    return {name: item for name, item in found.items() if item is not _MISSING}


def _scalar(value: object, wanted: inspect.Type, where: str) -> object:
    found: object = None
    match wanted:
        case inspect.BoolType():
            found = value if isinstance(value, bool) else _boolean(value)
        case inspect.StrType():
            found = value if isinstance(value, str) else _digits(value)
        case inspect.IntType():
            found = _whole(_number(value))
        case inspect.FloatType():
            found = _real(_number(value))
        case _:
            pass
    if found is None:
        raise _misfit(value, wanted, where)
    return found


def _boolean(value: object) -> bool | None:
    return _BOOLEANS.get(value) if isinstance(value, (int, str)) else None


def _digits(value: object) -> str | None:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _number(value: object) -> float | None:
    if isinstance(value, str):
        match = _NUMBER.fullmatch(value)
        if match is None:
            return None
        value = float(value) if match[2] or match[3] else int(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return value if isinstance(value, int) or math.isfinite(value) else None


def _real(value: float | None) -> float | None:
    try:
        return None if value is None else float(value)
    except OverflowError:  # an integer beyond all bounds
        return None


def _whole(value: float | None) -> int | None:
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) <= _LARGEST_EXACT else None
    return value


def _misfit(value: object, wanted: inspect.Type, where: str) -> Misfit:
    name, got = type(wanted).__name__.removesuffix("Type").lower(), type(value).__name__
    return Misfit(where, f"Expected `{_WANTED_NAMES.get(name, name)}`, got `{_JSON_NAMES.get(got, got)}`")


def _lacking(wanted: inspect.StructType, found: dict[str, object], where: str) -> Misfit:
    name = next(each.encode_name for each in wanted.fields if each.required and each.encode_name not in found)
    return Misfit(where, f"Object missing required field `{name}`")
