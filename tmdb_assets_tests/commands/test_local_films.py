import json
from pathlib import Path

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets_tests.commands.running import environment, finished, tables


def test_films_go_from_one_machine_to_another_and_away_again(tmp_path: Path) -> None:
    films, data = tmp_path / "films", tmp_path / "data"
    with FakeTMDB(films=0) as fake:
        for number in (1, 2, 3):
            fake.add_movie(number, "1999-06-01")
        env = environment(fake, tmp_path / "elsewhere")
        ids = tmp_path / "ids.txt"
        ids.write_text("2\n3\n")
        fetched = finished("fetch", "movie", "1", "--ids", str(ids), "--to", str(films), env=env)
        env = environment(fake, data)
    (films / "pending" / "4.json").write_text("{}")

    imported = finished("import", str(films), "--json", env=env)
    deleted = finished("delete", "2", env=env)
    unknown = finished("delete", "1", "77", env=env)

    assert (fetched.returncode, "3 fetched" in fetched.stdout) == (0, True), fetched.stderr
    assert not (tmp_path / "elsewhere").exists()
    assert imported.returncode == 1
    assert json.loads(imported.stdout)["created"] == 3
    assert list(json.loads(imported.stdout)["refused"]) == ["4.json"]
    assert (deleted.returncode, "Film 2" in deleted.stdout) == (0, True)
    assert (unknown.returncode, unknown.stderr.count("\n"), "77" in unknown.stderr) == (2, 1, True)
    assert [row[0] for row in tables(data)["movie_details"]] == [1, 3]


def test_a_folder_keeps_to_one_origin(tmp_path: Path) -> None:
    films = tmp_path / "films"
    with FakeTMDB(films=1) as one, FakeTMDB(films=1) as other:
        finished("fetch", "movie", "1", "--to", str(films), env=environment(one, tmp_path / "data"))

        refused = finished(
            "fetch", "movie", "1", "--to", str(films), env=environment(other, tmp_path / "data")
        )

        asked = other.stats()["requests"]
    assert (refused.returncode, refused.stderr.count("\n"), asked) == (2, 1, 0)


def test_a_folder_of_another_origin_is_not_imported(tmp_path: Path) -> None:
    films, data = tmp_path / "films", tmp_path / "data"
    with FakeTMDB(films=0) as one, FakeTMDB(films=0) as other:
        for fake in (one, other):
            fake.add_movie(1, "1999-06-01")
            finished("fetch", "movie", "1", "--to", f"{films}-{fake.port}", env=environment(fake, data))
        finished("import", f"{films}-{one.port}", env=environment(one, data))

        refused = finished("import", f"{films}-{other.port}", env=environment(other, data))

    assert (refused.returncode, "another data folder" in refused.stderr) == (2, True)


def test_an_import_of_nothing_says_not_whose_films_a_data_folder_holds(tmp_path: Path) -> None:
    (tmp_path / "films").mkdir()
    with FakeTMDB(films=0) as fake:
        env = environment(fake, tmp_path / "data")

    done = finished("import", str(tmp_path / "films"), env=env)

    assert (done.returncode, "0 created" in done.stdout) == (0, True), done.stderr
    assert not (tmp_path / "data" / "origin.json").exists()
