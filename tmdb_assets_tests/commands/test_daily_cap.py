"""With TMDB_ASSETS_DAILY_REQUESTS work stops in good order, and goes on the next day."""

import json
import sqlite3
from pathlib import Path

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets_tests.commands.conftest import Filled
from tmdb_assets_tests.commands.running import details_asked, environment, finished, tables

YEARS = ("run", "--years", "2018-2020")


def let_a_day_pass(data: Path) -> None:
    """Let all that was asked so far have been asked yesterday."""
    with sqlite3.connect(data / "state.db") as state:
        for table in ("api_usage", "request_leases"):
            state.execute(f"UPDATE {table} SET day = date(day, '-1 day')")  # noqa: S608 -- our own names
    state.close()


def test_a_run_stops_at_the_cap_in_a_sentence_and_later_ones_finish_it(tmp_path: Path) -> None:
    with FakeTMDB(films=1000) as fake:
        undisturbed = finished(*YEARS, env=environment(fake, tmp_path / "other"))
        wanted = fake.stats()["requests"]
    env = environment(fake, tmp_path / "data", TMDB_ASSETS_DAILY_REQUESTS=75)
    with FakeTMDB(films=1000, port=fake.port) as fake:
        first = finished(*YEARS, env=env)
        asked = fake.stats()["requests"]
        same_day = finished(*YEARS, env=env)
        dry = finished("run", "--years", "2005", "--dry-run", env=env)
        asked_then = fake.stats()["requests"]
        status = json.loads(finished("status", "--json", env=env).stdout)
        let_a_day_pass(tmp_path / "data")
        next_day = finished(*YEARS, env=env | {"TMDB_ASSETS_DAILY_REQUESTS": "1000"})
        details = details_asked(fake)
        in_all = fake.stats()["requests"]

    assert (undisturbed.returncode, wanted > 85) == (0, True)
    assert first.returncode == 1
    assert first.stderr.splitlines()[-1] == (
        "tmdb-assets: The daily cap of 75 requests (TMDB_ASSETS_DAILY_REQUESTS) is reached: what was got is "
        "kept, and work resumes tomorrow, at 00:00 UTC."
    )
    assert (same_day.returncode, dry.returncode) == (1, 1)
    assert "work resumes tomorrow" in same_day.stderr
    assert "Traceback" not in first.stderr + same_day.stderr + dry.stderr
    assert asked == asked_then == 75
    assert (status["daily_requests"], status["requests_left_today"]) == (75, 0)
    assert next_day.returncode == 0, next_day.stderr
    assert len(set(details)) == len(details)
    assert in_all == wanted
    assert tables(tmp_path / "data") == tables(tmp_path / "other")


def test_a_dry_run_counts_as_estimate(filled: Filled) -> None:
    before = filled.fake.stats()["requests"]
    finished("run", "--years", "2019", "--dry-run", env=filled.env)
    spent = filled.fake.stats()["requests"] - before
    status = json.loads(finished("status", "--json", env=filled.env).stdout)

    assert {each["asset"]: each["request_count"] for each in status["usage"]}["estimate"] == spent > 0


def test_fetching_stops_at_the_cap_and_goes_on_the_next_day(tmp_path: Path) -> None:
    films, fetch = tmp_path / "films", ("fetch", "movie", *map(str, range(1, 31)), "--to")
    with FakeTMDB(films=300) as fake:
        env = environment(fake, tmp_path / "data", TMDB_ASSETS_DAILY_REQUESTS=20)
        capped = finished(*fetch, str(films), env=env)
        kept = len(list((films / "pending").iterdir()))
        let_a_day_pass(tmp_path / "data")
        later = finished(*fetch, str(films), env=env)
        asked = details_asked(fake)

    assert (capped.returncode, kept) == (1, 20)
    assert "work resumes tomorrow" in capped.stderr
    assert (later.returncode, len(asked), len(set(asked))) == (0, 30, 30)


def test_a_dry_run_over_a_missing_folder_counts_for_the_cap(tmp_path: Path) -> None:
    dry_run = ("run", "--years", "2018-2020", "--dry-run")
    with FakeTMDB(films=300) as fake:
        env = environment(fake, tmp_path / "data", TMDB_ASSETS_DAILY_REQUESTS=8)
        first, second = (finished(*dry_run, env=env) for _ in range(2))
        asked = fake.stats()["requests"]

    assert (first.returncode, second.returncode, asked) == (0, 1, 8)
