import polars as pl

from tmdb_assets.assets.examples import first_of_each_year, most_of_each_year

FILMS = pl.DataFrame(
    {
        "release_year": [1999] * 7 + [2000],
        "tmdb_id": range(1, 9),
        "title": list("abcdefgh"),
        "votes": [3, None, 7, 0, 7, 1, 2, None],
    }
).lazy()


def test_the_films_with_the_highest_numbers_come_first_and_an_unknown_number_is_none() -> None:
    shown = most_of_each_year(FILMS, "votes", ["title"])

    assert [shown(year)["title"].to_list() for year in (1999, 2000, 2001)] == [list("ceagf"), ["h"], []]


def test_a_few_rows_of_each_year_are_shown() -> None:
    shown = first_of_each_year(FILMS, ["title"])

    assert [shown(year)["title"].to_list() for year in (1999, 2000, 2001)] == [list("abcde"), ["h"], []]
