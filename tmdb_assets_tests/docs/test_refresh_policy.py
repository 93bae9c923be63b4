from pathlib import Path

from tmdb_assets.storage.policy_file import shipped_policy

PAGE = (Path(__file__).parents[2] / "docs" / "refresh.md").read_text()


def test_the_table_of_the_page_is_the_policy_that_is_shipped() -> None:
    rules = shipped_policy().details
    expected = [
        ("is yet to come, or has no date", rules.unreleased_every_days),
        *((f"came out up to {rule.up_to_days} days ago", rule.every_days) for rule in rules.by_age),
        ("is older", rules.older_every_days),
        (f"is older, and was seen unchanged {rules.settled_checks} times in a row", rules.settled_every_days),
        ("TMDB's lists name and its details do not have", rules.not_found_every_days),
    ]

    table = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| ")][1:]

    assert table == [[film, f"{days:g} days"] for film, days in expected]


def test_the_page_names_what_else_the_policy_says() -> None:
    policy = shipped_policy()

    assert f"within {policy.details.never_within_hours:g} hours" in PAGE
    assert f"again {policy.details.cached_hours:g} hours later" in PAGE
    change = policy.change
    assert f"{change.vote_average_points:g} points" in PAGE
    assert f"{change.vote_count_percent:g} % and {change.vote_count_least:g} votes" in PAGE
    discovery = policy.discovery
    assert f"keywords ({policy.keywords_every_days:g} days)" in PAGE
    assert f"({discovery.current_year_every_days:g} day for this year" in PAGE
    assert f"{discovery.past_years_every_days:g} days for past years" in PAGE
    assert f"titles ({policy.searches_every_days:g} days)" in PAGE
