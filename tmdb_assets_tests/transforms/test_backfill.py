import datetime as dt
import itertools

from hypothesis import given
from hypothesis import strategies as st

from tmdb_assets.transforms.backfill import YearNeed, refresh_limit, year_ranges, years_most_in_need

LONG_AGO = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
YEARS = st.integers(1874, 2030)
COUNTS = st.integers(0, 3000)
NEEDS = st.lists(
    st.builds(
        YearNeed,
        year=YEARS,
        is_incomplete=st.booleans(),
        list_requests=COUNTS,
        new_films=COUNTS,
        stale_films=COUNTS,
        checked_at=st.none() | st.datetimes(timezones=st.just(dt.UTC), min_value=dt.datetime(2000, 1, 1)),  # noqa: DTZ001 -- hypothesis wants it naive
    ),
    unique_by=lambda need: need.year,
)
ALLOWANCES = st.integers(1, 10_000)


def stale(year: int, films: int = 10, *, days: int = 0) -> YearNeed:
    return YearNeed(
        year=year, is_incomplete=False, stale_films=films, checked_at=LONG_AGO + dt.timedelta(days=days)
    )


def incomplete(year: int, films: int = 10) -> YearNeed:
    return YearNeed(year=year, is_incomplete=True, new_films=films, checked_at=None)


def test_incomplete_years_come_first_newest_first_then_those_checked_longest_ago() -> None:
    needs = [
        stale(2020, days=5),
        incomplete(1950),
        stale(1990, days=1),
        incomplete(2001),
        stale(1960, days=9),
    ]

    assert years_most_in_need(needs, 1000) == [2001, 1950, 1990, 2020, 1960]


def test_an_incomplete_year_comes_by_its_year_however_old_its_other_films_are() -> None:
    old = YearNeed(year=1950, is_incomplete=True, new_films=1, stale_films=5, checked_at=LONG_AGO)

    assert years_most_in_need([old, incomplete(2001)], 1000) == [2001, 1950]


def test_a_stale_year_of_which_nobody_knows_when_it_was_checked_counts_as_the_oldest() -> None:
    unknown = YearNeed(year=2010, is_incomplete=False, list_requests=2)

    assert years_most_in_need([stale(1990), unknown], 1000) == [2010, 1990]


def test_a_dear_year_does_not_hold_up_a_cheaper_one_further_down() -> None:
    needs = [stale(1990, 60, days=1), stale(1991, 70, days=2), stale(1992, 40, days=3)]

    assert years_most_in_need(needs, 100) == [1990, 1992]


def test_the_year_most_in_need_is_chosen_also_when_it_takes_more_than_the_allowance() -> None:
    assert years_most_in_need([stale(1990, 500, days=1), stale(1991, 10, days=2)], 100) == [1990]


def test_nothing_in_need_is_nothing_to_ask_for() -> None:
    assert years_most_in_need([], 100) == []


@given(NEEDS, ALLOWANCES)
def test_the_allowance_is_kept_unless_a_single_year_takes_more(needs: list[YearNeed], allowance: int) -> None:
    chosen = years_most_in_need(needs, allowance)

    by_year = {need.year: need for need in needs}
    assert len(set(chosen)) == len(chosen)
    assert bool(chosen) == bool(needs)
    taken = sum(by_year[year].requests for year in chosen)
    assert taken <= allowance or len(chosen) == 1


@given(NEEDS, ALLOWANCES)
def test_a_year_that_is_left_out_would_not_have_fitted(needs: list[YearNeed], allowance: int) -> None:
    chosen = years_most_in_need(needs, allowance)

    left = allowance - sum(need.requests for need in needs if need.year in chosen)
    assert all(need.requests > left for need in needs if need.year not in chosen)


@given(NEEDS, ALLOWANCES)
def test_all_years_have_their_turn_within_as_many_nights(needs: list[YearNeed], allowance: int) -> None:
    waiting = list(needs)

    for _ in needs:
        chosen = years_most_in_need(waiting, allowance)
        waiting = [need for need in waiting if need.year not in chosen]

    assert not waiting


@given(st.sets(YEARS), st.integers(1, 12))
def test_ranges_cover_exactly_the_years_newest_first(years: set[int], at_most: int) -> None:
    ranges = year_ranges(years, at_most=at_most)

    assert [year for one in ranges for year in reversed(one)] == sorted(years, reverse=True)
    assert all(1 <= len(one) <= at_most for one in ranges)
    touching = [(new, old) for new, old in itertools.pairwise(ranges) if old.stop == new.start]
    assert all(len(newer) == at_most for newer, _ in touching)


def test_only_a_year_that_alone_takes_more_than_the_allowance_is_asked_for_in_part() -> None:
    need = YearNeed(year=1990, is_incomplete=True, list_requests=20, new_films=30, stale_films=400)

    assert refresh_limit(need, 450) is None
    assert refresh_limit(need, 449) == 399
    assert refresh_limit(need, 40) == 0
