import datetime as dt

from tmdb_assets.commands.spent import requests_by_day, spent_lines
from tmdb_assets.tables import ApiUsage

TODAY = dt.date(2026, 11, 21)
ASSETS = (
    "keyword_ids",
    "discovered_movies",
    "movie_details",
    "enriched_uploads",
    "movie_changes",
    "estimate",
)


def day(days_ago: int, count: int) -> list[ApiUsage]:
    """Return what all tables asked on a day, in millions."""
    return [
        ApiUsage(
            day=TODAY - dt.timedelta(days=days_ago),
            asset=asset,
            request_count=count + number,
            ok_count=count,
            waited_seconds=90_000,
            received_bytes=1_234_567_890_123,
        )
        for number, asset in enumerate(ASSETS)
    ]


def test_today_is_told_by_table_and_the_days_before_by_day() -> None:
    lines = spent_lines([*day(2, 10), *day(1, 1000), *day(0, 500)], TODAY)

    assert [line.split()[0] for line in lines[1:7]] == list(reversed(ASSETS))
    assert [line.split(":")[0] for line in lines if "2026-11-" in line] == [
        "  2026-11-20     6,015",
        "  2026-11-19        75",
    ]


def test_lines_fit_on_a_terminal_of_a_hundred_columns() -> None:
    lines = spent_lines([*day(1, 123_456_789), *day(0, 1_234_567)], TODAY)

    assert max(map(len, lines)) <= 100


def test_without_requests_it_says_so() -> None:
    assert spent_lines([], TODAY) == ["requests today: none"]


def test_the_requests_of_a_day_are_those_of_all_tables() -> None:
    assert requests_by_day([*day(1, 10), *day(0, 0)]) == {"2026-11-20": 75, "2026-11-21": 15}
