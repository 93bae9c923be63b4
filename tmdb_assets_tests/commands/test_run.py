import gzip
import json
from pathlib import Path
from typing import Any

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.storage.snapshot import open_snapshot
from tmdb_assets_tests.commands.running import details_asked, environment, finished

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

    The budget is lower than usual: beside other tests, requests may arrive late, several at once.
    """
    data = tmp_path / "data"
    with FakeTMDB(films_file=films_file, requests_per_second=40, latency_ms=80) as fake:
        env = environment(fake, data, TMDB_REQUESTS_PER_SECOND="32")
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


def test_it_ends_with_the_carousel_of_its_years(tmp_path: Path) -> None:
    with FakeTMDB(films=0) as fake:
        for number in range(1, 14):
            year = 2018 + number % 3  # of which the run asks for two
            fake.add_movie(number, f"{year}-01-01", 250606, vote_average=number / 2, vote_count=100)
        finished("run", "--years", "2018", env=environment(fake, tmp_path / "data"))
        done = finished("run", "--years", "2019-2020", env=environment(fake, tmp_path / "data"))

    assert "Queer cinema, 2019 to 2020" in done.stdout
    assert (tmp_path / "data" / "uploads").is_dir()
    lines = [line for line in done.stdout.splitlines() if line[:4].strip(" .").isdigit()]
    places = [line[:3].strip() for line in lines]
    years = [line.split("(")[1][:4] for line in lines]
    assert places == [str(place) for place in range(1, len(lines) + 1)]
    assert years == ["2019", "2020"] * 4 + ["2019"]


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


def test_a_dry_run_says_what_it_would_take_and_fetches_no_film(tmp_path: Path) -> None:
    with FakeTMDB(films=300) as fake:
        env = environment(fake, tmp_path / "data")
        spoken = finished("run", "--years", "2019-2020", "--dry-run", env=env)
        counted = finished("run", "--years", "2019-2020", "--dry-run", "--json", env=env)

        assert details_asked(fake) == []
    assert "requests" in spoken.stdout
    assert json.loads(counted.stdout)["requests"] > 0
    assert not (tmp_path / "data" / "lake").exists()


def test_a_dry_run_leaves_fictional_films_where_they_are(tmp_path: Path) -> None:
    data = tmp_path / "data"
    finished("run", "--years", "2020", env=environment(None, data))

    with FakeTMDB(films=300) as fake:
        dry = finished("run", "--years", "2020", "--dry-run", "--json", env=environment(fake, data))

    assert dry.returncode == 0, dry.stderr
    assert json.loads(dry.stdout)["requests"] > 0
    assert not list(data.glob("fictional-*"))
    assert (data / "lake").is_dir()
