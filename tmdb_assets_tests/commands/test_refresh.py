import datetime as dt
import json
import shutil
from pathlib import Path

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.settings import Settings
from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.snapshot import open_snapshot
from tmdb_assets.tables import MovieDetail
from tmdb_assets_tests.commands.running import details_asked, environment, finished, start

YESTERDAY = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
LONG_AGO = YESTERDAY - dt.timedelta(days=400)


def grow_old(data: Path, days: int) -> None:
    """Let all films be looked at so many days ago."""
    lake = Storage.open(Settings(data=data)).lake
    for year in lake.row_counts(MovieDetail):
        rows = lake.read(MovieDetail, years=[year])
        past = rows["checked_at"] - dt.timedelta(days=days)
        lake.replace_year(MovieDetail, rows.with_columns(checked_at=past), year)


def add_films(fake: FakeTMDB) -> None:
    for film in (1, 2, 3):
        fake.add_movie(film, "1999-01-01", vote_count=500, at=LONG_AGO)


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fill a folder, of which each test gets a copy."""
    folder = tmp_path_factory.mktemp("films")
    with FakeTMDB(films=0) as fake:
        add_films(fake)
        env = environment(fake, folder / "data", XDG_STATE_HOME=folder)
        done = finished("run", "--years", "1999", env=env)
    assert done.returncode == 0, done.stderr
    return folder / "data"


def copied(films: Path, fake: FakeTMDB, data: Path) -> None:
    """Put a filled folder there, as if its films were this TMDB's, which has them too."""
    shutil.copytree(films, data)
    (data / "origin.json").write_text(json.dumps({"base_url": fake.base_url, "is_fictional": False}))
    add_films(fake)


def test_only_what_tmdb_changed_is_asked_for_and_is_published(tmp_path: Path, films: Path) -> None:
    data = tmp_path / "data"
    with FakeTMDB(films=0) as fake:
        copied(films, fake, data)
        grow_old(data, 2)
        fake.update_movie(2, title="New", at=YESTERDAY)
        before = len(details_asked(fake))

        done = finished("refresh", "--json", env=environment(fake, data))

        assert done.returncode == 0, done.stderr
        assert details_asked(fake)[before:] == [2]
    with open_snapshot(data / "warehouse.duckdb") as snapshot:
        titles = snapshot.execute("SELECT title FROM movie_details ORDER BY tmdb_id").fetchall()
    assert titles == [("Film 1",), ("New",), ("Film 3",)]
    found = json.loads(done.stdout)
    assert found["due"]["films"] == {"marked": 1}
    assert len(found["due"]["days"]) == 14


def test_two_at_once_read_each_day_of_changes_once(tmp_path: Path, films: Path) -> None:
    data = tmp_path / "data"
    with FakeTMDB(films=0) as fake:
        copied(films, fake, data)

        together = [start("refresh", env=environment(fake, data)) for _ in range(2)]
        codes = [(process.communicate(timeout=120), process.returncode)[1] for process in together]

        asked = [one for one in fake.requests if one.path.endswith("/movie/changes")]
    assert codes == [0, 0]
    assert len(asked) == 14 * 3  # a day without changes takes three


def test_a_dry_run_says_what_is_due_and_why_and_asks_for_nothing(tmp_path: Path, films: Path) -> None:
    data = tmp_path / "data"
    with FakeTMDB(films=0) as fake:
        copied(films, fake, data)
        grow_old(data, 200)
        before = len(fake.requests)

        spoken = finished("refresh", "--dry-run", env=environment(fake, data))
        counted = finished("refresh", "--dry-run", "--json", env=environment(fake, data))

        assert len(fake.requests) == before
    assert "3 films (3 not looked at for long) to ask for, which takes about" in spoken.stdout, spoken.stderr
    assert json.loads(counted.stdout)["films"] == {"aged": 3}


def test_so_many_known_films_are_asked_for_again_as_the_limit_says(tmp_path: Path, films: Path) -> None:
    data = tmp_path / "data"
    with FakeTMDB(films=0) as fake:
        copied(films, fake, data)
        grow_old(data, 200)
        before = len(details_asked(fake))

        done = finished("refresh", "--limit", "2", env=environment(fake, data))

        assert done.returncode == 0, done.stderr
        assert len(details_asked(fake)) - before == 2


def test_once_all_is_fresh_it_says_so_and_asks_for_nothing(tmp_path: Path, films: Path) -> None:
    data = tmp_path / "data"
    with FakeTMDB(films=0) as fake:
        copied(films, fake, data)
        finished("refresh", env=environment(fake, data))
        before = len(fake.requests)

        done = finished("refresh", env=environment(fake, data))

        assert (done.returncode, len(fake.requests)) == (0, before)
    assert done.stdout.startswith("Nothing is due: TMDB's changes are read")


def test_where_nothing_is_stored_nothing_is_due(tmp_path: Path) -> None:
    with FakeTMDB(films=0) as fake:
        done = finished("refresh", env=environment(fake, tmp_path / "data"))

        assert (done.returncode, len(fake.requests)) == (0, 0)
    assert done.stdout.startswith("Nothing is due, for no film is stored yet")


def test_where_tmdb_does_not_answer_it_says_so_in_a_sentence(tmp_path: Path, films: Path) -> None:
    data = tmp_path / "data"
    with FakeTMDB(films=0, faults="503!") as fake:
        copied(films, fake, data)
        done = finished("refresh", env=environment(fake, data))

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "503" in done.stderr
