import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.storage.snapshot import open_snapshot
from tmdb_assets_tests.commands.running import KEY, details_asked, environment, finished

YEARS = range(2009, 2012)


def plain_films(films_file: Path, keyword_ids: set[int]) -> dict[int, dict[str, Any]]:
    """Compute from the file what the tables must hold."""
    with gzip.open(films_file, "rt", encoding="utf-8") as lines:
        films = [json.loads(line) for line in lines]
    return {
        film["id"]: film
        for film in films
        if film["release_date"]
        and int(film["release_date"][:4]) in YEARS
        and (film["vote_count"] >= 200 or keyword_ids & {keyword["id"] for keyword in film["keywords"]})
    }


def expected_row(film: dict[str, Any]) -> dict[str, Any]:
    """Return a film's values as the table must have them: unknown is NULL."""
    texts = ("title", "original_title", "original_language", "overview", "tagline", "homepage", "status")
    return {
        "tmdb_id": film["id"],
        "release_year": int(film["release_date"][:4]),
        "release_date": film["release_date"],
        **{name: film[name] or None for name in (*texts, "budget", "revenue", "runtime")},
        **{name: film[name] for name in ("vote_average", "vote_count", "popularity")},
        "genres": [genre["name"] for genre in film["genres"]],
        "genre_ids": [genre["id"] for genre in film["genres"]],
        "keywords": [keyword["name"] for keyword in film["keywords"]],
        "keyword_ids": [keyword["id"] for keyword in film["keywords"]],
        "production_companies": [company["name"] for company in film["production_companies"]],
        "production_company_ids": [company["id"] for company in film["production_companies"]],
        "production_countries": [country["iso_3166_1"] for country in film["production_countries"]],
        "spoken_languages": [language["iso_639_1"] for language in film["spoken_languages"]],
        "cast": [],
        "crew": [],
        "directors": [],
    }


def test_real_films_reach_the_tables_value_by_value(films_file: Path, tmp_path: Path) -> None:
    """Against a server that refuses the 41st request of a second, with 80 ms latency.

    The budget is a little lower than usual: the machine runs other tests at the same time.
    """
    data = tmp_path / "data"
    with FakeTMDB(films_file=films_file, requests_per_second=40, latency_ms=80) as fake:
        env = environment(fake, data, TMDB_REQUESTS_PER_SECOND="36")
        done = finished("run", "--years", "2009-2011", "--json", env=env)
        stats, asked = fake.stats(), details_asked(fake)

    assert (done.returncode, done.stderr.count("Traceback")) == (0, 0), done.stderr
    with open_snapshot(data / "warehouse.duckdb") as snapshot:
        ids = snapshot.execute("SELECT keyword_id FROM keyword_ids WHERE keyword_id IS NOT NULL").fetchall()
        films = plain_films(films_file, {keyword_id for (keyword_id,) in ids})
        details = snapshot.execute(
            "SELECT * REPLACE (release_date::VARCHAR AS release_date) FROM movie_details"
        )
        names = [column[0] for column in details.description]
        rows = {row[0]: dict(zip(names, row, strict=True)) for row in details.fetchall()}
        discovered = snapshot.execute("SELECT tmdb_id, release_year FROM discovered_movies").fetchall()
    assert set(discovered) == {(film["id"], int(film["release_date"][:4])) for film in films.values()}
    assert set(rows) == set(films)
    for tmdb_id, film in films.items():
        expected = expected_row(film)
        assert {name: rows[tmdb_id][name] for name in expected} == expected
    assert sorted(asked) == sorted(films)
    assert stats["by_status"].get("429", 0) == 0
    statistics = json.loads(done.stdout)
    assert statistics["tables"]["movie_details"]["ok"] == len(films)
    assert statistics["requests"] == stats["requests"]


def test_a_second_run_asks_for_nothing(tmp_path: Path) -> None:
    with FakeTMDB(films=300) as fake:
        env = environment(fake, tmp_path / "data")
        finished("run", "--years", "2015-2020", env=env)
        asked = fake.stats()["requests"]
        again = finished("run", "--years", "2015-2020", env=env)

        assert again.returncode == 0, again.stderr
        assert fake.stats()["requests"] == asked > 0
    assert "all fresh, no request" in again.stdout


def test_without_a_credential_it_works_with_fictional_films_and_says_so(tmp_path: Path) -> None:
    data = tmp_path / "data"

    done = finished("run", "--years", "2024", env=environment(None, data))

    assert done.returncode == 0, done.stderr
    assert "These films are invented" in done.stdout
    assert "  1. " in done.stdout
    assert "tmdb-assets sql" in done.stdout
    assert json.loads((data / "origin.json").read_bytes()) == {"base_url": "fake-tmdb", "is_fictional": True}


def test_fictional_films_are_set_aside_when_real_ones_come(films_file: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    finished("run", "--years", "2015", env=environment(None, data))

    with FakeTMDB(films_file=films_file) as fake:
        done = finished("run", "--years", "2015", env=environment(fake, data))

    assert done.returncode == 0, done.stderr
    [aside] = data.glob("fictional-*")
    assert (aside / "lake").is_dir()
    with open_snapshot(data / "warehouse.duckdb") as snapshot:
        [(least,)] = snapshot.execute("SELECT max(tmdb_id) FROM movies").fetchall()
    assert least < 9_000_000


def test_progress_in_a_pipe_is_plain_lines(tmp_path: Path) -> None:
    with FakeTMDB(films=300) as fake:
        done = finished("run", "--years", "2020", env=environment(fake, tmp_path / "data"))

    lines = [line for line in done.stderr.splitlines() if line.strip()]
    assert lines
    assert all(line.startswith(("discovered_movies: ", "movie_details: ")) for line in lines), done.stderr
    assert "\r" not in done.stderr


WRONG = {
    "a year": (["run", "--years", "19x9"], {}, "19x9"),
    "years backwards": (["run", "--years", "2015-2010"], {}, "2010-2015"),
    "a year before film": (["run", "--years", "1492"], {}, "1874"),
    "an option": (["run", "--colour"], {}, "--colour"),
    "an option's value": (["run", "--min-votes", "many"], {}, "--min-votes"),
    "no credential": (["run", "--no-fake"], {}, "TMDB_API_KEY"),
    "an address without credential": (["run"], {"TMDB_BASE_URL": "https://example.org/3"}, "TMDB_API_KEY"),
    "a setting": (["run"], {"TMDB_REQUESTS_PER_SECOND": "fast"}, "TMDB_REQUESTS_PER_SECOND"),
    "a themes file": (["run"], {"TMDB_ASSETS_THEMES": "nowhere.yaml"}, "nowhere.yaml"),
    "a films file": (["fake-tmdb", "--port", "0", "--films-file", "nowhere.jsonl"], {}, "nowhere.jsonl"),
    "faults": (["fake-tmdb", "--port", "0", "--faults", "lightning:0.1"], {}, "lightning"),
    "nothing published": (["sql", "FROM movies"], {}, "tmdb-assets run"),
}


@pytest.mark.parametrize(("arguments", "settings", "named"), WRONG.values(), ids=WRONG)
def test_wrong_input_is_one_sentence_and_exit_code_2(
    tmp_path: Path, arguments: list[str], settings: dict[str, str], named: str
) -> None:
    done = finished(*arguments, env=environment(None, tmp_path / "data", **settings))

    assert done.returncode == 2, done.stderr
    assert named in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data" / "lake").exists()


def test_a_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    with FakeTMDB(films=1) as fake:
        done = finished("fake-tmdb", "--port", str(fake.port), env=environment(None, tmp_path))

    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert f"Port {fake.port}" in done.stderr


def test_a_folder_of_another_origin_is_refused_and_left_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with FakeTMDB(films=300) as one, FakeTMDB(films=300, seed=2) as other:
        finished("run", "--years", "2020", env=environment(one, data))
        before = (data / "warehouse.duckdb").read_bytes()
        done = finished("run", "--years", "2020", env=environment(other, data))

        assert done.returncode == 2
        assert one.base_url in done.stderr
        assert other.base_url in done.stderr
        assert "TMDB_ASSETS_DATA" in done.stderr
        assert other.stats()["requests"] == 0
    assert (data / "warehouse.duckdb").read_bytes() == before


def test_a_refused_key_is_one_sentence_without_the_key(tmp_path: Path) -> None:
    with FakeTMDB(films=300, api_key="f" * 32) as fake:
        done = finished("run", "--years", "2020", env=environment(fake, tmp_path / "data"))

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "TMDB_API_KEY" in done.stderr
    assert KEY not in done.stderr + done.stdout
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert written
    assert all(KEY.encode() not in path.read_bytes() for path in written)


def test_when_tmdb_is_down_it_fails_with_one_sentence(tmp_path: Path) -> None:
    with FakeTMDB(films=1) as fake:
        env = environment(fake, tmp_path / "data")

    done = finished("run", "--years", "2020", env=env)

    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_help_imports_nothing_heavy() -> None:
    """So that it is there in a tenth of a second."""
    code = "import sys, tmdb_assets.cli; print(*sorted(m for m in sys.modules if '.' not in m))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert not {"dagster", "polars", "duckdb", "httpx", "aiohttp", "deltalake"} & set(done.stdout.split())


def test_status_says_what_is_there(tmp_path: Path) -> None:
    with FakeTMDB(films=300) as fake:
        env = environment(fake, tmp_path / "data")
        empty = finished("status", env=env)
        finished("run", "--years", "2020", env=env)
        full = finished("status", "--json", env=env)

    assert "tmdb-assets run" in empty.stdout
    status = json.loads(full.stdout)
    assert status["origin"] == fake.base_url
    assert {table["table"] for table in status["tables"]} == {
        "keyword_ids",
        "discovered_movies",
        "movie_details",
        "failed_movies",
    }
    assert sum(status["requests_by_day"].values()) == fake.stats()["requests"]


def test_sql_prints_a_table_or_json(tmp_path: Path) -> None:
    with FakeTMDB(films=300) as fake:
        env = environment(fake, tmp_path / "data")
        finished("run", "--years", "2020", env=env)
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


def test_a_dry_run_says_what_it_would_take_and_fetches_no_film(tmp_path: Path) -> None:
    with FakeTMDB(films=300) as fake:
        env = environment(fake, tmp_path / "data")
        spoken = finished("run", "--years", "2019-2020", "--dry-run", env=env)
        counted = finished("run", "--years", "2019-2020", "--dry-run", "--json", env=env)

        assert details_asked(fake) == []
    assert "requests" in spoken.stdout
    assert json.loads(counted.stdout)["requests"] > 0
    assert not (tmp_path / "data" / "lake").exists()
