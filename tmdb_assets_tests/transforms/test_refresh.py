import datetime as dt

import pytest

from tmdb_assets.transforms.refresh import details_age, discovery_age

TODAY = dt.date(2026, 11, 21)


@pytest.mark.parametrize(("year", "days"), [(1874, 30), (2025, 30), (2026, 1), (2027, 1), (2030, 1)])
def test_past_years_are_discovered_again_less_often(year: int, days: int) -> None:
    assert discovery_age(year, TODAY).days == days


@pytest.mark.parametrize(
    ("days_out", "kept_days"),
    [
        (-900, 5),
        (-1, 5),
        (0, 5),
        (60, 5),
        (61, 15),
        (180, 15),
        (181, 30),
        (365, 30),
        (366, 90),
        (40_000, 90),
    ],
)
def test_the_details_of_older_films_are_kept_longer(days_out: int, kept_days: int) -> None:
    assert details_age(TODAY - dt.timedelta(days=days_out), TODAY).days == kept_days


def test_an_undated_film_counts_as_not_yet_released() -> None:
    assert details_age(None, TODAY) == details_age(TODAY + dt.timedelta(days=1), TODAY)
