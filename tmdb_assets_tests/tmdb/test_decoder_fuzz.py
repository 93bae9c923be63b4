"""Whatever becomes of a recorded answer on its way: it is read, or a ``DecodeError`` names the place."""

import copy
import json
import re
from functools import cache
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tmdb_assets.tmdb.decoding import decode, decode_readable
from tmdb_assets.tmdb.errors import DecodeError
from tmdb_assets.tmdb.models import Credits, MovieDetails, MovieListItem, Page
from tmdb_assets.tmdb.recordings.operations import operation_of
from tmdb_assets_tests.tmdb.conftest import RECORDINGS

pytestmark = pytest.mark.skipif(not RECORDINGS.exists(), reason="the recordings are not beside this checkout")
fuzzed = settings(
    max_examples=400,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
KEPT_ITEMS = 2
LONGEST_BODY = 20_000
DEEP = 100_000
ODD_VALUES = [
    None, "", "x", "5", "0", "\ud800", 0, 1, -1, 5.0, 5.5, True, False, [], {}, [[]], [None], [{}], {"": ""},
    {"id": None}, {"id": "x"}, 10**20, 10**40, 10**4000, 1e308, float("nan"), float("inf"), "a" * 1000,
]  # fmt: skip
ODD_BYTES = [b'""', b"null", b"\\", b'"', b"\xff", b"\xed\xa0\x80", b"[", b"{", b"\0", b"1e999"]
CHANGES = ["drop", "null", "retype", "nest in a list", "nest in an object", "repeat", "empty"]


class Recorded(NamedTuple):
    """A recorded answer, its lists cut to their first items."""

    kind: Any
    answer: Any


@cache
def recorded() -> list[Recorded]:
    found: list[Recorded] = []
    for file in sorted(RECORDINGS.glob("*/*.json")):
        # "movie-_id-watch-providers" is a folder, "/movie/_id/watch/providers" a path.
        operation = operation_of(file.parent.name.replace("-", "/"))
        if operation is not None and file.stat().st_size < LONGEST_BODY:
            found.append(Recorded(operation.answer, shortened(json.loads(file.read_bytes()))))
    return found


def shortened(value: Any) -> Any:  # noqa: ANN401 -- any JSON
    if isinstance(value, dict):
        members = value if len(value) < 50 else dict(list(value.items())[:KEPT_ITEMS])  # countries
        return {name: shortened(item) for name, item in members.items()}
    if isinstance(value, list):
        return [shortened(item) for item in value[:KEPT_ITEMS]]
    return value


def places(value: Any) -> list[tuple[Any, Any]]:  # noqa: ANN401 -- any JSON
    """Return the containers of all values at any depth, and the key of each value in its container."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [each for key, item in items for each in [(value, key), *places(item)]]


@st.composite
def changed(draw: st.DrawFn) -> Recorded:
    """Draw a recorded answer with up to three of its values changed."""
    kind, answer = draw(st.sampled_from(recorded()))
    answer = copy.deepcopy(answer)
    for _ in range(draw(st.integers(1, 3))):
        where = places(answer)
        if where:
            change(draw, *draw(st.sampled_from(where)))
        else:
            answer = copy.deepcopy(draw(st.sampled_from(ODD_VALUES)))
    return Recorded(kind, answer)


def change(draw: st.DrawFn, within: Any, key: Any) -> None:  # noqa: ANN401 -- a list or an object
    """Change one value where it stands."""
    match draw(st.sampled_from(CHANGES)):
        case "drop":
            del within[key]
        case "null":
            within[key] = None
        case "retype":
            within[key] = copy.deepcopy(draw(st.sampled_from(ODD_VALUES)))
        case "nest in a list":
            within[key] = [within[key]]
        case "nest in an object":
            within[key] = {"nested": within[key]}
        case "repeat" if isinstance(within, list):
            within.append(copy.deepcopy(within[key]))
        case "repeat":
            within[draw(st.sampled_from(sorted(within)))] = copy.deepcopy(within[key])
        case _:
            within[key] = ""


@st.composite
def damaged(draw: st.DrawFn) -> tuple[Any, bytes]:
    """Draw the bytes of a recorded answer, cut, with other bytes in some places, or with some inserted."""
    kind, answer = draw(st.sampled_from(recorded()))
    body = bytearray(json.dumps(answer, ensure_ascii=False).encode())
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(body)))
        length = draw(st.integers(0, 8))
        body[start : start + length] = draw(st.sampled_from(ODD_BYTES) | st.binary(max_size=4))
    return kind, bytes(body[: draw(st.integers(0, len(body)))] if draw(st.booleans()) else body)


def is_there(where: str, value: Any) -> bool:  # noqa: ANN401 -- any JSON
    """Say whether something stands at a place that an error names; ``[...]`` is under any name."""
    if not where:
        return True
    if where.startswith("[...]"):
        return any(is_there(where[len("[...]") :], item) for item in value.values())
    if item := re.match(r"\[(\d+)\]", where):
        return is_there(where[item.end() :], value[int(item[1])])
    if not isinstance(value, dict):
        return False
    names = [name for name in value if where.startswith(f".{name}")]
    return any(is_there(where[1 + len(name) :], value[name]) for name in names)


@fuzzed
@given(changed())
def test_a_changed_answer_is_read_or_an_error_names_the_place(sent: Recorded) -> None:
    body = json.dumps(sent.answer).encode()

    found = decode(body, sent.kind)

    if isinstance(found, DecodeError):
        assert found.body == body
        assert found.where[0] == "$"
        assert is_there(found.where[1:], sent.answer)
    else:
        assert type(found).__name__ == getattr(sent.kind, "__origin__", sent.kind).__name__


@fuzzed
@given(damaged())
def test_a_damaged_answer_is_read_or_an_error(sent: tuple[Any, bytes]) -> None:
    kind, body = sent

    found = decode(body, kind)

    assert isinstance(found, DecodeError) or type(found).__name__ in str(kind)


@fuzzed
@given(changed())
def test_what_is_readable_of_a_changed_page_is_a_page_or_an_error(sent: Recorded) -> None:
    found = decode_readable(json.dumps(sent.answer).encode(), MovieListItem)

    assert isinstance(found, (Page, DecodeError))


@fuzzed
@given(changed())
def test_no_text_that_is_read_is_empty(sent: Recorded) -> None:
    found = decode(json.dumps(sent.answer).encode(), sent.kind)

    assert re.search(r"[=( ]''[,)]", repr(found)) is None


@pytest.mark.parametrize(
    "body",
    [
        b"[" * DEEP,
        b'{"id":1,"x":' + b"[" * DEEP + b"]" * DEEP + b"}",
        b'{"id":1,"genres":' + b"[" * DEEP + b"]" * DEEP + b"}",
        b'{"id":1,"title":' + b'{"a":' * DEEP + b"1" + b"}" * DEEP + b"}",
        b'{"id":' + b"9" * DEEP + b"}",
        b'{"id":1,"runtime":NaN}',
        b'{"id":1,"runtime":-Infinity}',
        b'{"id":1,"popularity":1e999}',
        b'{"id":1,"popularity":' + b"9" * 4000 + b"}",
        b'{"id":1,"title":"\\ud800"}',
        b'{"id":1,"title":"\\udc00\\ud800"}',
        b'{"id":1,"title":"\xed\xa0\x80"}',
        b'{"id":1,"title":"\xc0\x80"}',
        b'{"id":1,"title":"\x00"}',
        b'{"id":1,"genres":null,"title":NaN}',
        b'{"\x80":1}',
        b'{"id":1,"id":"x"}',
        b'{"id":1}{"id":2}',
        b'{"id":1,}',
        b'{"id":1,"popularity":"' + b"9" * DEEP + b'"}',
        b'{"id":1,"popularity":"1e' + b"9" * DEEP + b'"}',
    ],
    ids=range(21),
)
def test_no_bytes_bring_forth_another_error(body: bytes) -> None:
    assert isinstance(decode(body, MovieDetails), DecodeError)
    assert isinstance(decode(body, Credits), (Credits, DecodeError))
    assert isinstance(decode_readable(body, MovieListItem), (Page, DecodeError))


def test_the_last_of_two_fields_of_one_name_counts() -> None:
    found = decode(b'{"id":1,"title":"one","id":2,"title":"two"}', MovieDetails)

    assert isinstance(found, MovieDetails)
    assert (found.id, found.title) == (2, "two")
