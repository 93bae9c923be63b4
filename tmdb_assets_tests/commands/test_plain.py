import datetime as dt
from pathlib import Path

import pytest

from tmdb_assets.commands.plain import plain
from tmdb_assets.commands.sql import as_text
from tmdb_assets.commands.status import status
from tmdb_assets.settings import Settings
from tmdb_assets.storage.folder import Storage
from tmdb_assets.tables import FailedRun


def test_a_title_cannot_steer_the_terminal() -> None:
    assert plain("Alien\x1b[2J\x9b1m\r\tAmélie\n") == "Alien\ufffd[2J\ufffd1m\ufffd\ufffdAmélie\n"


def test_a_table_that_does_not_fit_is_lines() -> None:
    names = [f"column_{number}" for number in range(20)]

    text = as_text(names, [tuple(range(20)), tuple(range(20))], width=80)

    assert text.splitlines()[0] == "column_0   0"
    assert text.count("\n\n") == 1


def test_what_is_left_out_is_counted() -> None:
    names = [f"column_{number}" for number in range(20)]

    text = as_text(names, [tuple(range(20))] * 1_000, width=80)

    assert text.endswith("… and 800 more; --json has all rows")


def test_what_no_column_can_hold_is_lines() -> None:
    assert as_text(["pairs"], [({1: 2, (3,): object},), ({"a": {4: 5}},)], width=80).startswith(
        "pairs  {1: 2"
    )


def test_a_table_that_fits_is_as_wide_as_the_terminal() -> None:
    text = as_text(["title", "votes"], [("word " * 40, 1)], width=60)

    assert all(len(line) <= 60 for line in text.splitlines())
    assert "votes" in text.splitlines()[1]


def test_status_cannot_be_steered_by_what_a_server_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TMDB_ASSETS_DATA", str(tmp_path))
    now = dt.datetime.now(dt.UTC)
    failed = FailedRun(run_id="1", failed_at=now, what="changes", why="HTTP 500 \x1b[2J")
    Storage.open(Settings(data=tmp_path)).state.add_failed_run(failed)

    status(as_json=False)

    assert "HTTP 500 \ufffd[2J" in capsys.readouterr().out
