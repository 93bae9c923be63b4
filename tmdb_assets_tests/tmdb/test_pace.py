"""The budget, against a server that refuses the 41st request of any second.

Server and client share this process, and the machine with other tests: a run that was disturbed is repeated.
"""

import time

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets_tests.tmdb.conftest import Ask

FILMS = 110
BUDGET = 36
ATTEMPTS = 4


@pytest.mark.parametrize(
    ("stall_seconds", "least_use"), [(0.0, 0.85), (0.2, 0.6)], ids=["smooth", "stalling"]
)
def test_a_strict_server_never_refuses_and_the_budget_is_used(
    stall_seconds: float, least_use: float, ask: Ask
) -> None:
    """Nor when this process is held up now and then: what it missed is not made up for in a bunch."""
    for _ in range(ATTEMPTS):
        refused, used = measured(ask, stall_seconds)
        if not refused and used > least_use:
            break

    assert refused == 0
    assert used > least_use


def measured(ask: Ask, stall_seconds: float) -> tuple[int, float]:
    """Return how many requests were refused, and which part of the budget was used."""

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
            requests_per_second=BUDGET,
        )
        used = FILMS / BUDGET / (time.monotonic() - started)
        assert len(batch.found) == FILMS
        return fake.stats()["by_status"].get("429", 0), used
