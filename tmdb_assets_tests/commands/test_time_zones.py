"""Where the machine stands does not matter: dates are those of UTC, also in runs a day apart."""

import datetime as dt
from pathlib import Path

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.storage.snapshot import open_snapshot
from tmdb_assets_tests.commands.running import TABLES, environment, start

DATES = {
    1: "1874-01-01",
    2: "1874-12-31",
    3: "1896-02-29",
    4: "1899-12-31",
    5: "1900-01-01",
}
ODD = 6
ZONES = ("UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago")


def published(
    data: Path, name: str, columns: str = "COLUMNS(lambda c: NOT ends_with(c, '_at'))"
) -> list[tuple[object, ...]]:
    with open_snapshot(data / "warehouse.duckdb") as snapshot:
        return sorted(snapshot.table(name).select(columns).fetchall(), key=repr)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return a data folder for each zone, filled by a run in it."""
    found = {zone: tmp_path_factory.mktemp(zone.rpartition("/")[2]) / "data" for zone in ZONES}
    with FakeTMDB(films=0) as fake:
        for film, date in DATES.items():
            fake.add_movie(film, date, vote_count=500)
        fake.add_movie(ODD, "1899-12-31", vote_count=500, runtime="odd")
        runs = [
            start(
                "run",
                "--years",
                "1874-1900",
                env=environment(fake, data, TZ=zone, XDG_STATE_HOME=data.parent),
            )
            for zone, data in found.items()
        ]
        for run in runs:
            said = run.communicate(timeout=120)[1]
            assert "Traceback" not in said, said
    return found


@pytest.mark.parametrize("zone", ZONES[1:])
def test_tables_and_views_are_those_of_a_run_at_utc(folders: dict[str, Path], zone: str) -> None:
    for name in (*TABLES, "movies", "movie_outcomes", "movie_history"):
        assert published(folders[zone], name) == published(folders["UTC"], name)


@pytest.mark.parametrize("zone", ZONES)
def test_each_film_is_in_the_year_of_its_date(folders: dict[str, Path], zone: str) -> None:
    dates = {film: dt.date.fromisoformat(date) for film, date in DATES.items()}
    years = {film: date.year for film, date in dates.items()}

    movies = published(folders[zone], "movies", "tmdb_id, release_year, release_date")
    outcomes = published(folders[zone], "movie_outcomes", "tmdb_id, release_year, outcome")

    assert movies == [(film, years[film], date) for film, date in dates.items()]
    assert outcomes == [*((film, year, "ok") for film, year in years.items()), (ODD, 1899, "failed")]


@pytest.mark.parametrize("zone", ZONES)
def test_instants_are_utc(folders: dict[str, Path], zone: str) -> None:
    now = dt.datetime.now(dt.UTC).timestamp()

    instants = published(folders[zone], "movie_outcomes", "epoch(checked_at)")

    assert all(0 < now - at < 3600 for (at,) in instants)
