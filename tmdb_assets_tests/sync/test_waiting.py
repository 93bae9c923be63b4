from dataclasses import dataclass, field

import pytest

from tmdb_assets.sync.waiting import Watch
from tmdb_assets.tmdb.meter import Wait


@dataclass
class Work:
    """A watch with a clock of its own, looked at every second."""

    rate: float = 38.0
    now: float = 1000.0
    told: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        self.watch = Watch(self.rate, self.told.append, lambda: self.now)

    def pass_seconds(self, seconds: int) -> None:
        """Let time pass."""
        for _ in range(seconds):
            self.now += 1
            self.watch.look()


def test_a_long_pause_that_tmdb_asked_for_is_told_at_once_and_once() -> None:
    work = Work()
    work.watch.begin()
    work.watch.waits(Wait(42, "asked", 429, 2, 4))
    work.watch.end()
    work.watch.begin()
    work.watch.waits(Wait(42, "budget"))

    work.pass_seconds(50)

    assert work.told == ["waiting 41 s: TMDB asked for it (429)"]


@pytest.mark.parametrize(
    ("rate", "why"),
    [
        (38.0, "TMDB asked another process for it (429)"),
        (0.05, "all processes share the budget of 0.05 requests a second"),
    ],
)
def test_a_slot_that_is_far_away_says_why(rate: float, why: str) -> None:
    work = Work(rate)
    work.watch.begin()
    work.watch.waits(Wait(20, "budget"))

    work.pass_seconds(25)

    assert work.told == [f"waiting 19 s: {why}"]


def test_trouble_is_told_after_ten_seconds_without_an_answer() -> None:
    work = Work()
    work.watch.begin()
    work.watch.end()
    work.watch.waits(Wait(30, "trouble", 503, 2, 4))

    work.pass_seconds(9)
    early = list(work.told)
    work.pass_seconds(20)

    assert early == []
    assert work.told == ["waiting, for 10 s now: TMDB does not answer (HTTP 503), attempt 2 of 4 comes next"]


def test_a_question_that_hangs_is_told() -> None:
    work = Work()
    work.watch.begin()

    work.pass_seconds(12)

    assert work.told == ["waiting, for 10 s now: TMDB has not answered yet"]


def test_a_reason_that_lasts_is_told_again_after_a_minute() -> None:
    work = Work()
    work.watch.begin()

    work.pass_seconds(75)

    assert len(work.told) == 2


def test_another_reason_is_told_ten_seconds_later_at_the_earliest() -> None:
    work = Work()
    work.watch.begin()
    work.watch.waits(Wait(1, "trouble", 503, 2, 4))
    work.pass_seconds(12)
    work.watch.waits(Wait(1, "trouble", None, 3, 4))

    work.pass_seconds(7)
    soon = len(work.told)
    work.pass_seconds(2)

    assert (soon, len(work.told)) == (1, 2)
    assert "no complete answer), attempt 3 of 4" in work.told[1]


def test_while_others_are_answered_one_questions_trouble_is_not_told() -> None:
    work = Work()
    work.watch.begin()
    work.watch.waits(Wait(30, "trouble", 503, 2, 4))

    for _ in range(30):
        work.pass_seconds(1)
        work.watch.answered()

    assert work.told == []


def test_work_that_asks_nothing_for_long_is_not_told() -> None:
    """As while a large year is stored; and what is asked then has just begun to wait."""
    work = Work()
    work.watch.begin()
    work.watch.answered()
    work.watch.end()

    work.pass_seconds(60)
    work.watch.begin()
    work.pass_seconds(5)

    assert work.told == []
