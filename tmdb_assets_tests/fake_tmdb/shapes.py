"""What an endpoint's answers look like: every path through the JSON, and the types that stand there."""

from collections.abc import Iterable

Shape = dict[str, set[str]]

_MAPS_BY_COUNTRY = frozenset({"results"})


def shape_of(answers: Iterable[object]) -> Shape:
    """Return the types at every path, over all answers of one endpoint.

    Integers and floats are one type, ``number``: JSON has only one. A map by country is one path, ``*``.
    """
    shape: Shape = {}
    for answer in answers:
        _walk(answer, "", shape)
    return shape


def _walk(value: object, path: str, shape: Shape) -> None:
    shape.setdefault(path, set()).add(_type_of(value))
    match value:
        case dict():
            is_map = path.rpartition(".")[2] in _MAPS_BY_COUNTRY
            for name, each in value.items():
                _walk(each, f"{path}.{'*' if is_map else name}", shape)
        case list():
            for each in value:
                _walk(each, f"{path}[]", shape)
        case _:
            pass


def _type_of(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case _:
            return type(value).__name__
