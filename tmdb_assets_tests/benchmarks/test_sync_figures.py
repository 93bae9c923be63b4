from benchmarks.sync_figures import SyncRuns, figures

FETCH = {"rows": 2000, "requests": 2000, "seconds": 50.0, "requests_per_second": 38.0}
DISCOVER = FETCH | {"requests": 100, "seconds": 3.0}
STAGES = {"lists": 0.1, "read": 0.2, "replay": 0.1, "store": 0.1, "curate": 0.2, "publish": 0.3}


def test_stages_are_told_per_thousand_films_and_waiting_apart() -> None:
    runs = SyncRuns(
        first={"requests": 2100, "tables": {"movie_details": FETCH, "discovered_movies": DISCOVER}},
        again={"requests": 0},
        rebuilt={"seconds": STAGES},
        stats={"repeated_details": 0, "by_status": {"200": 2100}, "peak_per_second": 39},
        seconds=52.5,
        budget=42.0,
        limit=44,
    )

    found = figures(runs)

    assert found["of them beside waiting for the rate"] == "2.5"
    assert found["seconds per 1,000 films: fetch"] == "25.000"
    assert found["seconds per 1,000 films: decode and transform"] == "0.150"
    assert found["seconds per 1,000 films: rebuild, all of it"] == "0.500"
    assert found["429s"] == "0"
