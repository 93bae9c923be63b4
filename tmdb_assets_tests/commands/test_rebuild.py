import json
import shutil
from pathlib import Path

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.settings import Settings
from tmdb_assets.storage.claims import Claims
from tmdb_assets.storage.folder import Storage
from tmdb_assets_tests.commands.running import environment, finished, tables
from tmdb_assets_tests.sync.rebuilding import keep_lists


def test_a_lost_lake_comes_back_without_a_request_or_a_key(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with FakeTMDB(films=300) as fake:
        images = {"TMDB_IMAGE_BASE_URL": fake.image_base_url}
        finished("run", "--years", "2019-2020", env=environment(fake, data, **images))
    keep_lists(Storage.open(Settings(data=data)))
    before = tables(data)
    shutil.rmtree(data / "lake")
    (data / "warehouse.duckdb").unlink()

    done = finished("rebuild", "--json", env=environment(None, data, **images))

    assert done.returncode == 0, done.stderr
    assert tables(data) == before
    rebuilt = json.loads(done.stdout)
    assert rebuilt["films"] == len(before["movie_details"])
    assert rebuilt["problems"] == []


def test_a_folder_without_films_is_a_sentence(tmp_path: Path) -> None:
    done = finished("rebuild", env=environment(None, tmp_path / "data"))

    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "tmdb-assets run" in done.stderr


def test_a_second_rebuild_is_a_sentence(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with FakeTMDB(films=30) as fake:
        finished("run", "--years", "2019", env=environment(fake, data))

    with Claims(data / "claims" / "rebuild") as another_process:
        assert another_process.try_claim(0)
        done = finished("rebuild", env=environment(None, data))

    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "wait until it has ended" in done.stderr
