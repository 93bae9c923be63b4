"""The tables of the client's benchmark."""

from benchmarks.client.summary import checks, summaries
from benchmarks.client.table import page

FIGURES = {"at_once_20": {"cpu": 2.0, "rate": 500.0, "wrong": 0}, "decode_ms": 150.0, "peak_mb": 50.0}


def rows(round_: dict[str, dict[str, object]]) -> list[str]:
    of_all = summaries([round_])
    return [line for line in page(of_all, checks(of_all), {}).splitlines() if line.startswith("|")]


def test_a_figure_says_how_many_times_ours_it_is() -> None:
    theirs = {"at_once_20": {"cpu": 5.0, "rate": 200.0, "wrong": 0}, "decode_ms": 300.0, "peak_mb": 50.0}

    shown = rows({"ours_async": FIGURES, "aiotmdb": theirs})

    assert shown[2] == "| **tmdb_assets** `AsyncTMDBClient` | 2.00 | 500 | - | 150 | 50 |"
    assert shown[3] == "| aiotmdb | 5.00 (2.5x) | 200 (0.4x) | - | 300 (2x) | 50 |"


def test_a_client_that_failed_is_a_row_that_says_so() -> None:
    shown = rows({"aiotmdb": {"failure": "ModuleNotFoundError: No module named 'aiotmdb'"}})

    assert shown[2].startswith("| aiotmdb | failed: ModuleNotFoundError: No module named 'aiotmdb' |")
