import pytest

from benchmarks.rebuild_figures import Rebuilds, per_thousand, table

STAGES = ("lists", "read", "replay", "store", "curate", "publish")


def rebuilt(films: int, seconds: float) -> dict[str, object]:
    """Return what a rebuild says whose stages take so long each, and whose start takes 2 s."""
    by_stage = dict.fromkeys(STAGES, seconds)
    everything = 2 + seconds * len(STAGES)
    return {
        "films": films,
        "seconds": by_stage,
        "cpu_seconds": by_stage,
        "all_seconds": everything,
        "all_cpu_seconds": everything,
        "peak_megabytes": 300,
    }


@pytest.fixture
def runs() -> Rebuilds:
    return Rebuilds(
        half=[rebuilt(1000, 1.5), rebuilt(1000, 1.0)],
        whole=[rebuilt(3000, 1.2), rebuilt(3000, 9.0)],
        plain=0.05,
    )


def test_only_what_more_films_take_counts_and_the_quickest_time(runs: Rebuilds) -> None:
    assert per_thousand(runs, "seconds", "read") == pytest.approx(100)
    assert per_thousand(runs, "cpu_seconds") == pytest.approx(600)


def test_the_table_says_the_start_and_the_ratio(runs: Rebuilds) -> None:
    text = table({"real": runs})

    assert "| **all of it** | 600 | 600 |" in text
    assert "12.0 times" in text
    assert "the start takes 7.4 s" in text
