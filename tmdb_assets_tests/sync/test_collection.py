import datetime as dt
from pathlib import Path

import msgspec
import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.settings import Settings, SettingsError
from tmdb_assets.storage.snapshot import open_snapshot
from tmdb_assets.sync import run_full_collection
from tmdb_assets.tmdb import AuthenticationError
from tmdb_assets_tests.sync.conftest import KEY

THIS_YEAR = dt.datetime.now(dt.UTC).year


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings without a server yet."""
    return Settings(api_key=KEY, data=tmp_path / "data", requests_per_second=5000)


def of(fake: FakeTMDB, settings: Settings) -> Settings:
    return msgspec.structs.replace(settings, base_url=fake.base_url)


def test_one_call_fills_and_publishes_every_table(settings: Settings) -> None:
    with FakeTMDB(films=300) as fake:
        statistics = run_full_collection(THIS_YEAR - 2, settings=of(fake, settings))

        assert statistics.requests == fake.stats()["requests"]
    assert statistics.years == (THIS_YEAR - 2, THIS_YEAR)
    with open_snapshot(settings.data / "warehouse.duckdb") as snapshot:
        [(films,)] = snapshot.execute("SELECT count(*) FROM movies").fetchall()
        [(curated,)] = snapshot.execute("SELECT count(*) FROM all_time_carousels").fetchall()
    assert films == statistics.tables["movie_details"].rows == statistics.published["movie_details"] > 0
    assert curated == statistics.published["curated_carousels"] > 0


def test_a_second_call_asks_for_nothing(settings: Settings) -> None:
    with FakeTMDB(films=300) as fake:
        run_full_collection(THIS_YEAR, settings=of(fake, settings))
        again = run_full_collection(THIS_YEAR, settings=of(fake, settings))

    assert again.requests == 0
    assert again.tables["movie_details"].reused == again.tables["movie_details"].rows


def test_it_takes_its_settings_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeTMDB(films=300) as fake:
        monkeypatch.setenv("TMDB_BASE_URL", fake.base_url)
        monkeypatch.setenv("TMDB_API_KEY", KEY)
        monkeypatch.setenv("TMDB_REQUESTS_PER_SECOND", "5000")

        statistics = run_full_collection(THIS_YEAR, refresh_limit=10)

    assert statistics.requests > 0


def test_without_a_credential_nothing_is_claimed(settings: Settings) -> None:
    without = msgspec.structs.replace(settings, api_key=None)

    with pytest.raises(AuthenticationError, match="TMDB_API_KEY"):
        run_full_collection(THIS_YEAR, settings=without)

    assert not (settings.data / "origin.json").exists()


def test_another_origin_is_refused(settings: Settings) -> None:
    with FakeTMDB(films=300) as one, FakeTMDB(films=300) as other:
        run_full_collection(THIS_YEAR, settings=of(one, settings))

        with pytest.raises(SettingsError, match="TMDB_ASSETS_DATA"):
            run_full_collection(THIS_YEAR, settings=of(other, settings))

        assert other.stats()["requests"] == 0


def test_a_year_to_come_is_refused(settings: Settings) -> None:
    with pytest.raises(ValueError, match=str(THIS_YEAR)):
        run_full_collection(THIS_YEAR + 1, settings=settings)


def test_a_limit_below_none_is_refused(settings: Settings) -> None:
    with pytest.raises(ValueError, match="-1"):
        run_full_collection(THIS_YEAR, refresh_limit=-1, settings=settings)
