import shutil
from pathlib import Path

import dagster as dg
import pytest

from tmdb_assets.storage.folder import Storage
from tmdb_assets_tests.schedules.ticks import NIGHTLY, SCHEDULES, TODAY, ticked


@pytest.mark.parametrize("name", SCHEDULES)
def test_without_a_credential_a_tick_says_what_to_set_and_touches_nothing(
    defs: dg.Definitions,
    instance: dg.DagsterInstance,
    data: Path,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("TMDB_API_KEY")

    tick = ticked(defs, instance, name)

    assert not tick.run_requests
    assert "TMDB_API_KEY" in (tick.skip_message or "")
    assert not data.exists()


@pytest.mark.parametrize("name", SCHEDULES)
@pytest.mark.usefixtures("storage")
def test_films_of_another_origin_are_left_alone(
    defs: dg.Definitions, instance: dg.DagsterInstance, data: Path, name: str
) -> None:
    (data / "origin.json").write_text('{"base_url": "https://tmdb.example/3"}')

    tick = ticked(defs, instance, name)

    assert not tick.run_requests
    assert "https://tmdb.example/3" in (tick.skip_message or "")


def test_a_damaged_lake_is_a_sentence_not_a_traceback(
    defs: dg.Definitions, instance: dg.DagsterInstance, storage: Storage
) -> None:
    shutil.rmtree(Path(storage.lake.uri) / "keyword_ids" / "_delta_log")
    (Path(storage.lake.uri) / "keyword_ids" / "_delta_log").mkdir()
    (Path(storage.lake.uri) / "keyword_ids" / "_delta_log" / f"{0:020}.json").write_text("odd")

    tick = ticked(defs, instance, NIGHTLY)

    assert not tick.run_requests
    assert "A table of the lake cannot be used" in (tick.skip_message or "")


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_damaged_state_is_a_sentence_not_a_traceback(
    defs: dg.Definitions, instance: dg.DagsterInstance, data: Path, name: str
) -> None:
    data.mkdir()
    (data / "state.db").write_text("no database at all, however long one looks at it" * 100)

    tick = ticked(defs, instance, name)

    assert "The state database cannot be used" in (tick.skip_message or "")


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_wrong_setting_is_a_sentence_that_names_it(
    defs: dg.Definitions, instance: dg.DagsterInstance, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMDB_ASSETS_NIGHTLY_REQUESTS", "all")

    tick = ticked(defs, instance, name)

    assert "TMDB_ASSETS_NIGHTLY_REQUESTS" in (tick.skip_message or "")


@pytest.mark.parametrize("name", SCHEDULES)
def test_once_the_daily_cap_is_reached_a_tick_says_when_work_resumes(
    defs: dg.Definitions,
    instance: dg.DagsterInstance,
    storage: Storage,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TMDB_ASSETS_DAILY_REQUESTS", "10")
    storage.state.add_usage(TODAY.date(), "movie_details", {"request_count": 10})

    tick = ticked(defs, instance, name)

    assert not tick.run_requests
    assert "work resumes tomorrow, at 00:00 UTC" in (tick.skip_message or "")
