"""The three real exports, against what the files plainly say."""

import csv
import io
from pathlib import Path

import pytest

from tmdb_assets.transforms.upload_files import ParsedUpload, parse_upload

UPLOADS = Path(__file__).parents[3] / "shared" / "uploads"


def real(name: str) -> tuple[str, ParsedUpload]:
    """Return a real export's text and what is read from it."""
    path = UPLOADS / name
    if not path.exists():
        pytest.skip(f"the real exports are not beside this checkout: {path}")
    return path.read_text(encoding="utf-8"), parse_upload(path.read_bytes(), name=name)


@pytest.mark.parametrize(("name", "count"), [("letterboxd-watched.csv", 2604), ("letterboxd-ratings.csv", 5)])
def test_every_film_of_a_real_export_is_read(name: str, count: int) -> None:
    text, result = real(name)

    expected = [
        (film["Name"], int(film["Year"]) if film["Year"] else None, film["Letterboxd URI"], film["Date"])
        for film in csv.DictReader(io.StringIO(text))
    ]
    read = [(row.title, row.year, row.uri, str(row.listed_on)) for row in result.rows]
    assert len(read) == count
    assert read == expected
    assert result.problems == ()


@pytest.mark.parametrize("name", ["letterboxd-watched.csv", "letterboxd-ratings.csv", "letterboxd-list.csv"])
def test_a_real_row_stands_on_the_line_that_it_names(name: str) -> None:
    text, result = real(name)

    lines = text.split("\n")
    assert result.rows
    for row in result.rows:
        assert str(row.title).replace('"', '""') in lines[row.line_number - 1]
        assert str(row.uri) in lines[row.line_number - 1]


def test_stars_of_a_real_export_count_double() -> None:
    _, result = real("letterboxd-ratings.csv")

    assert [row.rating for row in result.rows] == [10, 10, 3, 10, 10]


def test_a_real_list_has_its_name_and_its_films() -> None:
    _, result = real("letterboxd-list.csv")

    assert result.list_title == "Palme d'Or Winners Project"
    assert len(result.rows) == 92
    assert (result.rows[0].title, result.rows[-1].title) == ("Parasite", "Union Pacific")
