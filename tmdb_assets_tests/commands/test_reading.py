import json
import subprocess
import sys
from pathlib import Path

import pytest

from tmdb_assets.commands.sql import sql
from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.settings import StoredDataError
from tmdb_assets.tables import LAKE_TABLES
from tmdb_assets_tests.commands.conftest import Filled
from tmdb_assets_tests.commands.running import KEY, environment, finished


def test_help_imports_nothing_heavy() -> None:
    """So that it is there in a tenth of a second."""
    code = "import sys, tmdb_assets.cli; print(*sorted(m for m in sys.modules if '.' not in m))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert not {"dagster", "polars", "duckdb", "httpx", "aiohttp", "deltalake"} & set(done.stdout.split())


def test_status_says_what_is_there(filled: Filled) -> None:
    status = json.loads(finished("status", "--json", env=filled.env).stdout)

    assert status["origin"] == filled.fake.base_url
    assert status["journal"]["segments"] >= 1
    assert status["journal"]["bytes"] > 0
    assert [table["table"] for table in status["tables"]] == [table.table for table in LAKE_TABLES]
    assert sum(status["requests_by_day"].values()) == filled.request_count


def test_status_of_an_empty_folder_names_the_command_that_fills_it(tmp_path: Path) -> None:
    done = finished("status", env=environment(None, tmp_path / "data"))

    assert "tmdb-assets run" in done.stdout


def test_status_says_when_tmdb_was_asked_last(filled: Filled) -> None:
    asked = json.loads(finished("status", "--json", env=filled.env).stdout)
    finished("run", "--years", "2020", env=filled.env)

    now = json.loads(finished("status", "--json", env=filled.env).stdout)

    checked_at = {table["table"]: table["checked_at"] for table in asked["tables"]}
    assert checked_at["keyword_ids"] is not None
    assert {table["table"]: table["checked_at"] for table in now["tables"]} == checked_at


def test_a_folder_in_the_snapshots_place_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMDB_ASSETS_DATA", str(tmp_path))
    (tmp_path / "warehouse.duckdb").mkdir()

    with pytest.raises(StoredDataError, match="is a folder: move it away"):
        sql("FROM movies", as_json=False)


def test_sql_prints_a_table_or_json(filled: Filled) -> None:
    env = filled.env
    query = "SELECT count(*) AS films FROM movies"

    table = finished("sql", query, env=env)
    rows = finished("sql", "--json", query, env=env)
    wrong = finished("sql", "SELECT nothing FROM movies", env=env)

    assert "films" in table.stdout
    assert json.loads(rows.stdout)["films"] > 0
    assert (wrong.returncode, "nothing" in wrong.stderr) == (2, True)


def test_the_log_level_is_the_users(tmp_path: Path) -> None:
    with FakeTMDB(films=300, faults="500@3") as fake:
        env = environment(fake, tmp_path / "data", TMDB_ASSETS_LOG_LEVEL="DEBUG")
        dry = finished("run", "--years", "2020", "--dry-run", env=env)

    assert "GET /discover/movie" in dry.stderr
    assert KEY not in dry.stderr


def test_sql_shows_columns_of_the_same_name(filled: Filled) -> None:
    query = "SELECT 1 AS one, 2 AS one"

    table = finished("sql", query, env=filled.env)
    rows = finished("sql", "--json", query, env=filled.env)

    assert "one_2" in table.stdout
    assert json.loads(rows.stdout) == {"one": 1, "one_2": 2}
