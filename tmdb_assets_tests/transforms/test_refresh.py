import datetime as dt

import msgspec
import pytest

from tmdb_assets.storage.policy_file import SHIPPED_POLICY, shipped_policy
from tmdb_assets.tables import NEVER_COMPARED, MovieDetail
from tmdb_assets.transforms.refresh import Check, RefreshPolicyError, parse_policy

POLICY = shipped_policy()
NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
TODAY = NOW.date()
OLD = dt.date(1979, 5, 25)


def hours(count: float) -> dt.timedelta:
    return dt.timedelta(hours=count)


@pytest.mark.parametrize(("year", "days"), [(1874, 30), (2025, 30), (2026, 1), (2027, 1), (2030, 1)])
def test_past_years_are_discovered_again_less_often(year: int, days: int) -> None:
    assert POLICY.discovery_age(year, TODAY).days == days


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
    assert POLICY.details_age(TODAY - dt.timedelta(days=days_out), TODAY).days == kept_days


def test_an_undated_film_counts_as_not_yet_released() -> None:
    assert POLICY.details_age(None, TODAY).days == 5


@pytest.mark.parametrize(("today", "kept_days"), [(dt.date(2025, 2, 28), 30), (dt.date(2025, 3, 1), 90)])
def test_a_film_of_a_leap_day_is_a_year_old_after_365_days(today: dt.date, kept_days: int) -> None:
    assert POLICY.details_age(dt.date(2024, 2, 29), today).days == kept_days


@pytest.mark.parametrize(
    ("days_out", "unchanged_count", "kept_days"),
    [(366, 2, 90), (366, 3, 180), (366, 4, 180), (365, 3, 30), (60, 9, 5), (-1, 9, 5)],
)
def test_an_old_film_that_was_seen_unchanged_three_times_is_kept_longest(
    days_out: int, unchanged_count: int, kept_days: int
) -> None:
    released = TODAY - dt.timedelta(days=days_out)

    assert POLICY.details_age(released, TODAY, unchanged_count=unchanged_count).days == kept_days


@pytest.mark.parametrize(
    ("checked_hours_ago", "marked_hours_ago", "due"),
    [
        (24 * 90 - 0.1, None, "fresh"),
        (24 * 90, None, "aged"),
        (24, 1, "marked"),
        (12, 1, "marked"),
        (11.9, 1, "fresh"),  # never within 12 hours: the second look brings it
        (11.9, 7.9, "fresh"),
        (11.9, 8, "marked"),
        (1, 8, "marked"),  # the second look: it was checked while TMDB could answer from before
        (0.1, 8, "marked"),
        (0.1, 8.2, "fresh"),  # checked after the eight hours
        (5, 30, "fresh"),
        (30, 100, "fresh"),
        (24, -1, "fresh"),  # a mark that another clock set is not there yet
        (-1, None, "fresh"),  # another machine's clock is a little ahead
        (-13, None, "aged"),  # the clock was far ahead
    ],
)
def test_when_a_film_is_asked_for(checked_hours_ago: float, marked_hours_ago: float | None, due: str) -> None:
    marked_at = None if marked_hours_ago is None else NOW - hours(marked_hours_ago)
    film = Check(checked_at=NOW - hours(checked_hours_ago), release_date=OLD)

    assert POLICY.due(film, NOW, marked_at=marked_at) == due


def test_a_film_that_tmdb_never_answered_is_pending() -> None:
    assert POLICY.due(None, NOW, marked_at=NOW) == "pending"


def test_no_age_is_under_twelve_hours() -> None:
    eager = msgspec.structs.replace(
        POLICY, details=msgspec.structs.replace(POLICY.details, older_every_days=0.1)
    )

    assert eager.due(Check(checked_at=NOW - hours(11.9), release_date=OLD), NOW) == "fresh"
    assert eager.due(Check(checked_at=NOW - hours(12), release_date=OLD), NOW) == "aged"


def test_all_facts_of_a_film_are_compared_in_the_shipped_policy() -> None:
    assert set(POLICY.change.fields) == set(MovieDetail.schema()) - NEVER_COMPARED


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("older_every_days: 90", "older_every_days: often", "older_every_days"),
        ("older_every_days: 90", "older_every_days: 0", "older_every_days"),
        ("older_every_days: 90", "older_every_days: 90000000000000", "older_every_days"),
        ("older_every_days: 90", "older_every_days: .inf", "older_every_days"),
        ("never_within_hours: 12", "never_within_hours: .nan", "never_within_hours"),
        ("keywords_every_days: 7", "keyword_days: 7", "keyword"),
        ("- title\n", "- popularity\n", "names popularity under change: fields"),
        ("up_to_days: 60", "up_to_days: 200", "from small to large"),
        ("details:", "details: [", "is not a refresh policy"),
    ],
)
def test_a_wrong_policy_is_refused_in_one_sentence(old: str, new: str, why: str) -> None:
    text = SHIPPED_POLICY.read_text().replace(old, new, 1)

    with pytest.raises(RefreshPolicyError, match=why) as raised:
        parse_policy(text.encode(), source="own.yaml")

    assert str(raised.value).startswith("own.yaml ")
    assert "\n" not in str(raised.value)
