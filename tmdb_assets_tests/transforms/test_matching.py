import datetime as dt
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmdb_assets.tables import Candidate
from tmdb_assets.transforms.matching import KEPT_CANDIDATES, Match, index_by_title, match, normalised_title


def film(
    tmdb_id: int, title: str | None, year: int | None, *, original_title: str | None = None
) -> Candidate:
    """Return a film released on 1 July of a year."""
    released = dt.date(year, 7, 1) if year else None
    return Candidate(
        tmdb_id=tmdb_id, title=title, original_title=original_title or title, release_date=released
    )


def ids(found: Match) -> list[int]:
    return [candidate.tmdb_id for candidate in found.candidates]


titles = st.sampled_from(["Suspiria", "suspiria!", "Target", None])
films = st.lists(
    st.builds(film, st.integers(1, 9), titles, st.none() | st.integers(2015, 2020), original_title=titles),
    unique_by=lambda one: one.tmdb_id,
)
years = st.none() | st.integers(2015, 2020)


def test_the_one_film_of_the_title_and_year_is_matched() -> None:
    found = match(
        "amelie", 2001, [film(194, "Amélie", 2001), film(2, "Amélie", 2012), film(3, "Other", 2001)]
    )

    assert found == Match(status="matched", tmdb_id=194, score=1.0)


def test_the_original_title_counts_as_well() -> None:
    found = match("기생충", 2019, [film(496243, "Parasite", 2019, original_title="기생충")])

    assert found.tmdb_id == 496243


def test_a_film_of_the_year_before_does_not_make_a_match_doubtful() -> None:
    found = match("Robin Hood", 2018, [film(1, "Robin Hood", 2018), film(2, "Robin Hood", 2017)])

    assert (found.status, found.tmdb_id, found.score) == ("matched", 1, 1.0)


def test_the_only_film_of_a_title_is_matched_without_a_year() -> None:
    found = match("Heat", None, [film(949, "Heat", 1995), film(2, "Heath", 1995)])

    assert found == Match(status="matched", tmdb_id=949, score=0.8)


def test_a_film_that_comes_twice_counts_once() -> None:
    found = match("Heat", 1995, [film(949, "Heat", 1995), film(949, "Heat", 1995)])

    assert found.status == "matched"


@pytest.mark.parametrize(("year", "expected"), [(1995, None), (None, 7)])
def test_a_film_without_a_date_is_meant_only_where_the_row_has_no_year(
    year: int | None, expected: int | None
) -> None:
    assert match("Heat", year, [film(7, "Heat", None)]).tmdb_id == expected


def test_several_films_of_the_title_and_year_are_ambiguous() -> None:
    films = [
        film(9, "Target", 2018),
        film(8, "Target", 2017),
        film(3, "Target", 2018),
        film(4, "Target", 2018),
    ]

    found = match("Target", 2018, films)

    assert (found.status, found.tmdb_id, found.score) == ("ambiguous", None, None)
    assert ids(found) == [3, 4, 9, 8]
    assert found.problem == "Three films of 2018 have this title."


@pytest.mark.parametrize(
    ("year", "problem"),
    [
        (2018, "Two films of 2018 have this title."),
        (2020, "The only film of this title near 2020 is of 2019."),
        (2017, "No film of 2017 has this title, but two films of 2018 have."),
        (None, "Four films have this title, and the row has no year."),
        (2024, "TMDB has no film of this title and year."),
    ],
)
def test_the_problem_says_what_speaks_against_a_match(year: int | None, problem: str) -> None:
    films = [
        film(1, "Target", 2018),
        film(2, "Target", 2018),
        film(3, "Target", 2019),
        film(4, "Target", None),
    ]
    if year == 2017:
        films = films[:2]

    assert match("Target", year, films).problem == problem


def test_a_title_that_no_film_has_is_not_found() -> None:
    found = match("Se7en", None, [film(807, "Seven", 1995)])

    assert found == Match(status="not_found", problem="TMDB has no film of this title.")


def test_a_film_two_years_off_is_another_film() -> None:
    assert match("Heat", 1997, [film(949, "Heat", 1995)]).status == "not_found"


@pytest.mark.parametrize("title", ["", " \t"])
def test_a_blank_title_means_no_film(title: str) -> None:
    assert (
        match(title, None, [film(1, "", None), film(2, None, None), film(3, " ", None)]).status == "not_found"
    )


def test_a_very_common_title_keeps_twenty_candidates() -> None:
    found = match("Home", 2015, [film(tmdb_id, "Home", 2015) for tmdb_id in range(1, 31)])

    assert ids(found) == list(range(1, KEPT_CANDIDATES + 1))
    assert found.problem == "30 films of 2015 have this title."


@given(films, years)
def test_a_match_is_the_only_film_of_its_title_and_year(known: list[Candidate], year: int | None) -> None:
    found = match("Suspiria", year, known)

    same = [one for one in known if {"Suspiria", "suspiria!"} & {one.title, one.original_title}]
    of_year = [one.tmdb_id for one in same if one.release_date and one.release_date.year == year]
    fitting = [one.tmdb_id for one in same] if year is None else of_year
    assert ([found.tmdb_id] == fitting) is (found.status == "matched") is (len(fitting) == 1)


@given(films, years)
def test_every_answer_is_whole(known: list[Candidate], year: int | None) -> None:
    found = match("Suspiria", year, known)

    assert (found.tmdb_id is None) is (found.score is None) is (found.status != "matched")
    assert bool(found.candidates) is (found.status == "ambiguous")
    assert (found.problem is None) is (found.status == "matched")


@given(films, years, st.randoms())
def test_the_order_of_the_films_does_not_matter(
    known: list[Candidate], year: int | None, random: Random
) -> None:
    shuffled = known[:]
    random.shuffle(shuffled)

    assert match("Suspiria", year, shuffled) == match("Suspiria", year, known)


@given(films, years)
def test_the_index_has_every_film_that_counts(known: list[Candidate], year: int | None) -> None:
    index = index_by_title(known)

    assert match("Suspiria", year, index.get("suspiria", [])) == match("Suspiria", year, known)


def test_the_index_has_both_titles_of_a_film() -> None:
    parasite = film(496243, "Parasite", 2019, original_title="기생충")

    index = index_by_title([parasite, film(949, "Heat", 1995), film(1, None, 1995)])

    assert sorted(index) == ["heat", "parasite", normalised_title("기생충")]
    assert index["parasite"] == index["기생충"] == [parasite]
    assert len(index["heat"]) == 1
