"""What msgspec finds wrong with a file, in words for those who wrote the file."""

import re

_KINDS = {
    "int": "a whole number",
    "float": "a number",
    "str": "a text",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "empty",
}
_EXPECTED = re.compile(r"Expected `(\w+)[^`]*`")
_PLACE = re.compile(r"at `\$\.?([^`]*)`")
_MISSING = re.compile(r"missing required field `(\w+)`")


def misfit_in_words(said: str) -> str:
    """Return what is wrong as a part of a sentence, such as ``its runtime is not a whole number``."""
    if missing := _MISSING.search(said):
        return f"its {missing[1]} is missing"
    place = _PLACE.search(said)
    of = f"its {place[1]}" if place and place[1] else "it"
    if "datetime" in said:
        return f"{of} is no moment, such as 2026-01-31T12:00:00Z"
    if "date" in said.partition(" at `")[0]:
        return f"{of} is no date, such as 2026-01-31"
    if (expected := _EXPECTED.search(said)) and "got" in said:
        return f"{of} is not {_KINDS.get(expected[1], expected[1])}"
    return f"{of} does not fit" if place else said.rstrip(".")
