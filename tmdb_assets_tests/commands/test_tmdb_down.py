"""TMDB goes down in the middle of a run: one sentence, readers keep what there was, the next run goes on."""

import json
from pathlib import Path

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets_tests.commands.running import details_asked, environment, finished

FILMS = "SELECT count(*) AS films FROM movies"
FOR_EVER = ",".join(f"503@{number}" for number in range(20, 3000))


def test_a_run_fails_in_one_sentence_and_the_next_one_finishes_it(tmp_path: Path) -> None:
    with FakeTMDB(films=1000) as fake:
        env = environment(fake, tmp_path / "data")
        finished("run", "--years", "2020", env=env)
        before = finished("sql", "--json", FILMS, env=env).stdout
        asked = details_asked(fake)
    with FakeTMDB(films=1000, port=fake.port, faults=FOR_EVER) as fake:
        down = finished("run", "--years", "2018-2020", env=env)
        meanwhile = finished("sql", "--json", FILMS, env=env).stdout
        status = finished("status", "--json", env=env)
        asked += details_asked(fake, status=200)
    with FakeTMDB(films=1000, port=fake.port) as fake:
        back = finished("run", "--years", "2018-2020", env=env)
        asked += details_asked(fake)
        after = finished("sql", "--json", FILMS, env=env).stdout

    assert down.returncode == 1
    said = [line for line in down.stderr.splitlines() if line.startswith("tmdb-assets: ")]
    assert len(said) == 1
    assert "TMDB gave no answer to 10 questions in a row, last: GET /movie/" in said[0]
    assert "Traceback" not in down.stderr
    assert meanwhile == before
    assert status.returncode == 0
    assert back.returncode == 0, back.stderr
    assert len(asked) == len(set(asked)) == json.loads(after)["films"]
