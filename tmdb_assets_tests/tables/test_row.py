import datetime as dt
from typing import Annotated, Any, ClassVar

import msgspec
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmdb_assets.tables import CastMember, MovieDetail, Row, SyncAudit
from tmdb_assets.tables.columns import frame_of, frame_of_lines
from tmdb_assets.tables.row import Column, UtcInstant, Year
from tmdb_assets_tests.tables.rows import AT, audit, detail, discovered, keyword


class Odd(Row, frozen=True):
    """A row of every kind of column."""

    table: ClassVar[str] = "odd"
    grain: ClassVar[str] = "One row per number."
    key: ClassVar[tuple[str, ...]] = ("number",)

    number: Annotated[int, Column(description="A number.")]
    year: Annotated[Year, Column(description="A year.")]
    text: str | None
    share: float | None
    is_odd: bool | None
    day: dt.date | None
    at: UtcInstant | None
    texts: list[str]
    cast: list[CastMember]


SCHEMA = {
    "number": pl.Int64,
    "year": pl.Int32,
    "text": pl.String,
    "share": pl.Float64,
    "is_odd": pl.Boolean,
    "day": pl.Date,
    "at": pl.Datetime("us", "UTC"),
    "texts": pl.List(pl.String),
    "cast": pl.List(
        pl.Struct(
            {"person_id": pl.Int64, "name": pl.String, "character": pl.String, "order": pl.Int64},
        )
    ),
}


def odd(**values: Any) -> Odd:  # noqa: ANN401 -- any column
    given: dict[str, Any] = dict.fromkeys(Odd.__struct_fields__)
    return Odd(**{**given, "number": 1, "year": 1979, "texts": [], "cast": [], **values})


BIG = 2**63 - 1
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
ODD_ROWS = st.builds(
    Odd,
    number=st.integers(-BIG, BIG),
    year=st.integers(1874, 9999),
    text=st.none() | TEXTS,
    share=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    is_odd=st.none() | st.booleans(),
    day=st.none() | st.dates(),
    at=st.none() | st.datetimes(timezones=st.just(dt.UTC)),
    texts=st.lists(TEXTS, max_size=3),
    cast=st.lists(
        st.builds(
            CastMember,
            person_id=st.none() | st.integers(1, BIG),
            name=st.none() | TEXTS,
            character=st.none() | TEXTS,
            order=st.none() | st.integers(0, 500),
        ),
        max_size=2,
    ),
)


def test_each_kind_of_column_has_its_type() -> None:
    assert Odd.schema() == pl.Schema(SCHEMA)


def test_the_outermost_description_counts() -> None:
    assert Odd.descriptions()["year"] == "A year."


def test_a_hint_that_is_no_column_type_is_refused() -> None:
    class Strange(Row, frozen=True):
        """A row with a column that no table can have."""

        number: complex

    with pytest.raises(TypeError, match="complex"):
        Strange.schema()


@given(ODD_ROWS)
def test_a_row_comes_back_from_its_line(row: Odd) -> None:
    assert msgspec.json.decode(row.as_line(), type=Odd) == row


@given(st.lists(ODD_ROWS, max_size=4))
def test_rows_come_back_from_their_frame(rows: list[Odd]) -> None:
    frame = Odd.frame(rows)

    assert [msgspec.convert(row, Odd) for row in frame.iter_rows(named=True)] == rows
    assert frame.schema == Odd.schema()


@given(st.lists(ODD_ROWS, max_size=4))
def test_columns_make_the_same_frame(rows: list[Odd]) -> None:
    assert frame_of(Odd, rows).equals(Odd.frame(rows))
    assert frame_of(Odd, rows).schema == Odd.schema()


def test_many_lines_make_one_frame_in_their_order() -> None:
    rows = [odd(number=number) for number in range(1_201)]

    assert frame_of_lines(Odd, [row.as_line() for row in rows]).equals(Odd.frame(rows))
    assert frame_of_lines(Odd, []).equals(Odd.frame())


@pytest.mark.parametrize("odd_values", [{"number": 2**63}, {"text": 5}, {"texts": [1]}, {"is_odd": "no"}])
def test_columns_refuse_a_value_of_another_kind(odd_values: dict[str, object]) -> None:
    with pytest.raises((TypeError, OverflowError)):
        frame_of(Odd, [odd(), odd(**odd_values)])


@pytest.mark.parametrize(
    "row", [detail(348), discovered(348), keyword("alien"), audit()], ids=lambda row: row.table
)
def test_our_rows_come_back_from_their_frame(row: Row) -> None:
    [values] = type(row).frame([row]).to_dicts()

    assert msgspec.convert(values, type(row)) == row


def test_a_line_is_one_line() -> None:
    assert b"\n" not in detail(1, overview="One\nTwo\r\nThree\u2028Four").as_line()


def test_no_rows_are_an_empty_frame_with_the_schema() -> None:
    frame = MovieDetail.frame()

    assert (frame.height, frame.schema) == (0, MovieDetail.schema())


@pytest.mark.parametrize("day", [dt.date(1874, 12, 9), dt.date(1899, 12, 31), dt.date(1, 1, 1)])
def test_dates_before_1900_keep_their_day(day: dt.date) -> None:
    assert Odd.frame([odd(day=day)])["day"].to_list() == [day]


def test_a_moment_of_another_zone_is_the_same_moment_at_utc() -> None:
    at = AT.astimezone(dt.timezone(dt.timedelta(hours=-9, minutes=-30)))

    frame = Odd.frame([odd(at=at), odd(at=AT)])

    assert frame["at"].to_list() == [AT, AT]


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": "7"},
        {"number": 1.5},
        {"number": None},
        {"number": True},
        {"text": 7},
        {"day": "tomorrow"},
        {"at": dt.datetime(2026, 1, 1)},  # noqa: DTZ001 -- a moment without zone is the point
        {"texts": None},
        {"texts": [1]},
        {"cast": [{"name": "Weaver", "person_id": "x"}]},
    ],
    ids=str,
)
def test_a_value_of_another_type_is_refused(wrong: dict[str, Any]) -> None:
    row = odd(**wrong)

    with pytest.raises(msgspec.ValidationError):
        row.as_line()


def test_what_is_not_a_number_is_unknown() -> None:
    assert Odd.frame([odd(share=float("nan"))])["share"].to_list() == [None]


def test_an_integer_beyond_64_bits_is_refused_rather_than_stored_as_null() -> None:
    with pytest.raises(pl.exceptions.ComputeError):
        Odd.frame([odd(number=2**63)])


def test_an_unknown_column_is_refused() -> None:
    line = audit().as_line().replace(b'"run_id"', b'"run"')

    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(line, type=SyncAudit)
