"""Whose exports are read, and how."""

import datetime as dt

import pytest

from tmdb_assets.transforms.upload_files import UploadedRow
from tmdb_assets_tests.transforms.uploading import films, only_row, parsed

_LIST = (
    "Date,Name,Tags,URL,Description\r\n"
    '2019-11-25,Palme d\'Or,"cannes, project",https://boxd.it/4g5I2,"Two\r\nlines"\r\n'
    "\r\n"
    "Position,Name,Year,URL,Description\r\n"
    "1,Parasite,2019,https://boxd.it/hTha,\r\n"
    "2,Shoplifters,2018,https://boxd.it/ifY6,\r\n"
)
_IMDB = (
    "Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type,IMDb Rating,Year,Release Date\n"
    "tt0113277,4,2020-01-02,Heat,Heat,https://www.imdb.com/title/tt0113277,Movie,8.3,1995,1996-02-15\n"
)


def test_a_row_of_letterboxd_is_read_whole() -> None:
    row = only_row(
        "Date,Name,Year,Letterboxd URI,Rating\n2021-07-06,Backcountry,2014,https://boxd.it/6KQI,1.5\n"
    )

    assert row == UploadedRow(
        row_number=1,
        line_number=2,
        title="Backcountry",
        year=2014,
        uri="https://boxd.it/6KQI",
        rating=3.0,
        listed_on=dt.date(2021, 7, 6),
        problem=None,
    )


def test_the_date_of_a_log_is_no_release_year() -> None:
    assert only_row("Date,Name,Year,Letterboxd URI\n2021-07-06,Heat,,https://boxd.it/x\n").year is None


def test_a_diary_counts_the_day_of_watching() -> None:
    row = only_row(
        "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date\n"
        '2021-07-06,Heat,1995,https://boxd.it/x,5,Yes,"night, gym",2021-07-04\n'
    )

    assert (row.listed_on, row.rating) == (dt.date(2021, 7, 4), 10)


@pytest.mark.parametrize("before", ["", "\n", "Letterboxd list export v7\n"])
def test_a_list_of_letterboxd_has_its_name_and_its_films(before: str) -> None:
    result = parsed(before + _LIST)

    offset = before.count("\n")
    assert result.list_title == "Palme d'Or"
    assert [(row.row_number, row.line_number, row.title) for row in result.rows] == [
        (1, 6 + offset, "Parasite"),
        (2, 7 + offset, "Shoplifters"),
    ]
    assert result.rows[0].uri == "https://boxd.it/hTha"
    assert not result.problems


def test_a_list_of_letterboxd_without_a_name_is_called_after_its_file() -> None:
    result = parsed(_LIST.replace("Palme d'Or", ""))

    assert (result.list_title, len(result.rows)) == ("My films", 2)


def test_columns_that_only_look_like_those_of_a_list_are_a_table() -> None:
    result = parsed("Date,Name,Tags,URL,Description\n2020-01-02,Heat (1995),,,\n2020-01-03,Alien (1979),,,\n")

    assert [row.title for row in result.rows] == ["Heat", "Alien"]


def test_a_row_of_imdb_is_read_by_imdbs_scale() -> None:
    row = only_row(_IMDB)

    assert (row.title, row.year, row.uri, row.rating) == ("Heat", 1995, "tt0113277", 4)
    assert row.listed_on == dt.date(2020, 1, 2)


def test_a_list_of_imdb_of_2016_is_read() -> None:
    row = only_row(
        '"position","const","created","modified","description","Title","Title type","Directors","You rated"\n'
        '"1","tt0113277","Sat Dec  3 00:00:00 2016","","","Heat (1995)","Feature Film","Michael Mann","9"\n'
    )

    assert (row.title, row.year, row.rating, row.listed_on) == ("Heat", 1995, 9, dt.date(2016, 12, 3))


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Matrix, The (1999)", "The Matrix"),
        ("Good, the Bad and the Ugly, The (1999)", "The Good, the Bad and the Ugly"),
        ("American in Paris, An (1999)", "An American in Paris"),
        ("City of Lost Children, The (Cité des enfants perdus, La) (1999)", "The City of Lost Children"),
        ("Avventura, L' (a.k.a. Adventure, The) (L'Avventura) (1999)", "L'Avventura"),
        ("Dolce Vita, La (1999)", "La Dolce Vita"),
        ("Birdman: Or (The Unexpected Virtue of Ignorance) (1999)", None),
        ("Me, Myself & I (1999)", None),
        ("2001: A Space Odyssey (1999)", None),
    ],
)
def test_a_title_of_movielens_says_its_year_and_ends_in_its_article(title: str, expected: str | None) -> None:
    [film] = films(f'movieId,title,genres\n6,"{title}",Action|Crime\n')

    assert film == (expected or title.removesuffix(" (1999)"), 1999)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Matrix, The", "The Matrix"),
        ("Letter to Momo, A", "A Letter to Momo"),
        ("Live, Die", "Live, Die"),
        ("Dolce Vita, La", "Dolce Vita, La"),
        ("Girl, the", "Girl, the"),
    ],
)
def test_elsewhere_only_an_english_article_goes_to_the_front(title: str, expected: str) -> None:
    assert films(f'Title,Year\n"{title}",1999\n') == [(expected, 1999)]


@pytest.mark.parametrize(
    "header",
    [
        *(
            "title,year",
            "TITLE,YEAR",
            " Name , Release Year ",
            "film,release_date",
            "Movie,Released",
            "titre,année",
        ),
        *(
            "Movie-Title,Release-Year",
            "movie_title,Premiere",
            "primaryTitle,startYear",
            "Film Title,Year Released",
        ),
        *("Titel,Jahr", "Título,Año", "Título,Ano", "titolo,anno", "название,год", "Original Title,Year"),
    ],
)
def test_columns_go_by_many_names(header: str) -> None:
    assert films(f"{header}\nHeat,1995\n") == [("Heat", 1995)]


def test_the_original_title_stands_in_for_a_missing_title() -> None:
    content = "Original Title,Title,Year\n기생충,Parasite,2019\n괴물,,2006\n"

    assert films(content) == [("Parasite", 2019), ("괴물", 2006)]


@pytest.mark.parametrize(
    ("cell", "year"),
    [
        *(("1995", 1995), (" 1995 ", 1995), ("1995.0", 1995), ("1995-12-15", 1995), ("15.12.1995", 1995)),
        *(("12/15/1995", 1995), ("15 December 1995 (USA)", 1995), ("1995-12-15T20:15:00Z", 1995)),
        *(("", None), ("-", None), ("N/A", None), ("\\N", None), ("0", None)),
    ],
)
def test_a_year_is_read_as_people_write_it(cell: str, year: int | None) -> None:
    result = parsed(f"Title,Year\nHeat,{cell}\n")

    assert result.rows[0].year == year
    assert not result.problems


def test_a_release_date_gives_the_year_that_is_missing() -> None:
    assert films("Title,Year,Release Date\nHeat,,1995-12-15\n") == [("Heat", 1995)]


@pytest.mark.parametrize(
    ("title", "year", "expected"),
    [
        ("Heat (1995)", "", ("Heat", 1995)),
        ("Heat [1995]", "", ("Heat", 1995)),
        ("Heat (1995)", "1995", ("Heat", 1995)),
        ("Heat (1995)", "1996", ("Heat (1995)", 1996)),
        ("2012 (2009)", "", ("2012", 2009)),
        ("1984", "", ("1984", None)),
        ("(1984)", "", ("(1984)", None)),
        ("Room (237)", "", ("Room (237)", None)),
    ],
)
def test_a_year_at_the_end_of_a_title_counts_where_no_other_does(
    title: str, year: str, expected: tuple[str, int | None]
) -> None:
    assert films(f"Title,Year\n{title},{year}\n") == [expected]


@pytest.mark.parametrize(
    ("ratings", "expected"),
    [
        (["5", "0.5", "3,5"], [10, 1, 7]),
        (["5", "6"], [5, 6]),
        (["10", "7.5", ""], [10, 7.5, None]),
        (["100", "85", "0"], [10, 8.5, 0]),
    ],
)
def test_ratings_become_points_of_ten_by_the_greatest(
    ratings: list[str], expected: list[float | None]
) -> None:
    content = "Title;Rating\n" + "".join(f"Heat;{rating}\n" for rating in ratings)

    assert [row.rating for row in parsed(content).rows] == expected


@pytest.mark.parametrize(
    ("cell", "date"),
    [
        ("2020-03-04", dt.date(2020, 3, 4)),
        ("2020-03-04 20:15:00", dt.date(2020, 3, 4)),
        ("4.3.2020", dt.date(2020, 3, 4)),
        ("4 Mar 2020", dt.date(2020, 3, 4)),
        ("March 4; 2020", None),
        ("March 4, 2020", dt.date(2020, 3, 4)),
        ("03/04/2020", None),
        ("2020-13-01", None),
    ],
)
def test_a_date_is_read_where_it_has_one_meaning(cell: str, date: dt.date | None) -> None:
    result = parsed(f'Title,Date\nHeat,"{cell}"\n')

    assert result.rows[0].listed_on == date
    assert result.problems == (() if date else ("Dates that cannot be read: line 2.",))


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("letterboxd-watched.csv", "Letterboxd watched"),
        ("anna/my_best__films.csv", "My best films"),
        ("seen-until-2020-12-31.csv", "Seen until 2020-12-31"),
        ("Любимые фильмы.csv", "Любимые фильмы"),
        (".csv", ".csv"),
        ("---.csv", "---"),
    ],
)
def test_a_list_without_a_name_is_called_after_its_file(name: str, title: str) -> None:
    assert parsed("Title\nHeat\n", name).list_title == title
