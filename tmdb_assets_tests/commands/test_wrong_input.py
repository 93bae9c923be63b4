from pathlib import Path

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets_tests.commands.conftest import Filled
from tmdb_assets_tests.commands.running import KEY, environment, finished

WRONG = {
    "a year": (["run", "--years", "19x9"], {}, "19x9"),
    "years backwards": (["run", "--years", "2015-2010"], {}, "2010-2015"),
    "a year before film": (["run", "--years", "1492"], {}, "1874"),
    "an option": (["run", "--colour"], {}, "--colour"),
    "an option's value": (["run", "--min-votes", "many"], {}, "--min-votes"),
    "no credential": (["run", "--no-fake"], {}, "TMDB_API_KEY"),
    "an address without credential": (["run"], {"TMDB_BASE_URL": "https://example.org/3"}, "TMDB_API_KEY"),
    "a setting": (["run"], {"TMDB_REQUESTS_PER_SECOND": "fast"}, "TMDB_REQUESTS_PER_SECOND"),
    "no years": (["run", "--years", ""], {}, "2015-2026"),
    "a data folder": (["run"], {"TMDB_ASSETS_DATA": "/proc/nowhere"}, "/proc/nowhere"),
    "a lake": (["run"], {"TMDB_ASSETS_LAKE": "bogus://x"}, "TMDB_ASSETS_LAKE"),
    "a latency": (["fake-tmdb", "--port", "0", "--latency-ms", "nan"], {}, "latency"),
    "a limiter": (["run"], {"TMDB_ASSETS_LIMITER": "redis:/h"}, "TMDB_ASSETS_LIMITER"),
    "a journal": (["run"], {"TMDB_ASSETS_JOURNAL": "s3://b/j"}, "TMDB_ASSETS_JOURNAL"),
    "a state": (["run"], {"TMDB_ASSETS_STATE": "nonsense"}, "TMDB_ASSETS_STATE"),
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
    sentence, *more = done.stderr.splitlines()
    assert sentence.startswith("tmdb-assets: ")
    assert all(line.startswith("See `") for line in more)
    assert not (tmp_path / "data" / "lake").exists()


def test_a_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    with FakeTMDB(films=1) as fake:
        done = finished("fake-tmdb", "--port", str(fake.port), env=environment(None, tmp_path))

    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert f"Port {fake.port}" in done.stderr


def test_a_folder_of_another_origin_is_refused_and_left_alone(filled: Filled) -> None:
    before = (filled.data / "warehouse.duckdb").read_bytes()
    with FakeTMDB(films=300, seed=2) as other:
        done = finished("run", "--years", "2020", env=environment(other, filled.data))

        assert done.returncode == 2
        assert filled.fake.base_url in done.stderr
        assert other.base_url in done.stderr
        assert "TMDB_ASSETS_DATA" in done.stderr
        assert other.stats()["requests"] == 0
    assert (filled.data / "warehouse.duckdb").read_bytes() == before


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


def test_a_lake_elsewhere_has_one_origin_too(tmp_path: Path) -> None:
    elsewhere = {"TMDB_ASSETS_LAKE": str(tmp_path / "lake"), "TMDB_ASSETS_JOURNAL": str(tmp_path / "raw")}
    with FakeTMDB(films=300) as one, FakeTMDB(films=300, seed=2) as other:
        finished("run", "--years", "2020", env=environment(one, tmp_path / "data", **elsewhere))
        done = finished("run", "--years", "2020", env=environment(other, tmp_path / "another", **elsewhere))

        assert (done.returncode, other.stats()["requests"]) == (2, 0)
    assert one.base_url in done.stderr


def test_films_of_which_nobody_knows_the_origin_are_left_alone(filled: Filled) -> None:
    (filled.data / "origin.json").unlink()

    done = finished("run", "--years", "2020", env=environment(None, filled.data))

    assert done.returncode == 2
    assert "origin.json" in done.stderr
    assert not (filled.data / "origin.json").exists()


@pytest.mark.parametrize("command", [["run", "--years", "2020"], ["status"]], ids=["run", "status"])
def test_a_damaged_state_is_one_sentence(filled: Filled, command: list[str]) -> None:
    state = filled.data / "state.db"
    with state.open("r+b") as file:
        file.seek(4196)  # after the first page, which says that it is a database: all that it holds
        file.write(b"x" * (state.stat().st_size - 4196))

    done = finished(*command, env=filled.env)

    assert done.returncode in {1, 2}
    assert "state database" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_file_of_the_lake_is_one_sentence_with_the_remedy(filled: Filled) -> None:
    for file in (filled.data / "lake" / "movie_details").glob("release_year=*/*.parquet"):
        file.unlink()

    done = finished("run", "--years", "2021", env=filled.env)

    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "tmdb-assets doctor" in done.stderr
