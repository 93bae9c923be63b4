"""The budget, against a server that refuses the 41st request of any second."""

import time

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets_tests.tmdb.conftest import Ask

FILMS = 110


@pytest.mark.parametrize("stall_seconds", [0.0, 0.2], ids=["smooth", "stalling"])
def test_a_strict_server_never_refuses_and_the_budget_is_used(stall_seconds: float, ask: Ask) -> None:
    """Nor when this process is held up now and then: what it missed is not made up for in a bunch."""

    def hold_up(current: int, _total: int) -> None:
        if stall_seconds and current % 30 == 0:
            time.sleep(stall_seconds)

    with FakeTMDB(films=0, requests_per_second=40, latency_ms=80) as fake:
        for number in range(FILMS):
            fake.add_movie(number + 1, "2001-01-01")
        started = time.monotonic()

        batch = ask(
            fake.base_url,
            lambda client: client.get_batch_movie_details(range(1, FILMS + 1), hold_up),
            requests_per_second=38,
        )
        used = FILMS / 38 / (time.monotonic() - started)

        assert len(batch.found) == FILMS
        assert "429" not in fake.stats()["by_status"]
        assert fake.stats()["peak_per_second"] <= 40
    assert used > (0.85 if not stall_seconds else 0.6)  # with the start and end of so short a run
