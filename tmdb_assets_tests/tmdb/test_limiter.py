"""The promise of a budget, with a clock that only the tests move, wherever the slots are kept."""

import itertools
import math
import threading
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tmdb_assets.tmdb.limiter import LATENESS, LONGEST_PUSH, ProcessLimiter, Slots, pushed, reserved
from tmdb_assets_tests.tmdb.limiter_stores import Clock, RedisServer, RedisStore, Store

ROUNDING = 1e-6
PROPERTY = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

RATES = st.floats(0.01, 1000) | st.sampled_from([0.01, 1.0, 4.0, 37.24, 38.0, 40.0, 1000.0])
STEPS = st.lists(
    st.tuples(
        st.integers(0, 3),  # which of four limiters asks
        st.one_of(st.just(0.0), st.floats(0, 2), st.floats(0, 200)),  # after how many slots' time
        st.floats(0, LATENESS),  # how late what was waited for is sent
        st.one_of(st.none(), st.none(), st.none(), st.floats(-10, 100)),  # what was pushed before
        st.floats(0, 300),  # how far the clock is set meanwhile, where the test sets it
    ),
    max_size=40,
)
Steps = list[tuple[int, float, float, float | None, float]]


def sent_times(store: Store, rate: float, steps: Steps, *, jump: int = 0) -> list[tuple[float, float]]:
    """Let four limiters take slots; return when each request was sent, and how far the clock had been set.

    Time is what a server has, whom nobody's clock concerns; ``jump`` is 1 or -1 for a clock that is set.
    """
    clock, time, jumped = Clock(), 0.0, 0.0
    budget = store.fresh()
    limiters = [budget.limiter(rate, clock) for _ in range(4)]
    sent = list[tuple[float, float]]()
    for who, slots, lateness, push, jump_seconds in steps:
        clock.now = max(0.0, clock.now + slots / rate + jump * jump_seconds)
        time += slots / rate
        jumped += max(0.0, jump * jump_seconds)
        if push is not None:
            limiters[who].push(push)
        seconds = limiters[who].reserve()
        sent.append((time + seconds + (lateness if seconds else 0.0), jumped))
    return sorted(sent)


def assert_bounded(sent: list[tuple[float, float]], rate: float) -> None:
    """Check every window, from each request to each later one: it holds at most ``rate * t + burst``.

    Time that the clock skipped within a window counts as part of it.
    """
    burst = 1 + rate * LATENESS
    for first, (start, jumped) in enumerate(sent):
        least, most = jumped, jumped
        for count, (end, jumped_then) in enumerate(sent[first:], 1):
            least, most = min(least, jumped_then), max(most, jumped_then)
            assert count <= rate * (end - start + most - least) + burst + ROUNDING * rate, (start, end)


@given(rate=RATES, steps=STEPS)
@PROPERTY
def test_no_window_holds_more_than_its_share_and_the_burst(store: Store, rate: float, steps: Steps) -> None:
    """Whoever comes when, whatever is pushed, and however late within the tolerance each one sends."""
    assert_bounded(sent_times(store, rate, steps), rate)


@given(rate=RATES, steps=STEPS)
@PROPERTY
def test_a_clock_that_is_set_back_or_begins_anew_gives_nobody_more(
    store: Store, rate: float, steps: Steps
) -> None:
    assert_bounded(sent_times(store, rate, steps, jump=-1), rate)


@given(rate=RATES, steps=STEPS)
@PROPERTY
def test_a_clock_that_is_set_forward_gives_at_most_the_time_that_it_skipped(
    store: Store, rate: float, steps: Steps
) -> None:
    assert_bounded(sent_times(store, rate, steps, jump=1), rate)


@pytest.mark.parametrize(("rate", "burst"), [(0.01, 1), (1, 1), (38, 1), (41, 2), (200, 6), (1000, 26)])
def test_the_burst_after_a_pause_is_one_request_and_those_of_the_tolerance(
    store: Store, rate: float, burst: int
) -> None:
    clock = Clock()
    limiter = store.limiter(rate, clock)
    limiter.reserve()
    clock.now += 1000 / rate

    waits = [limiter.reserve() for _ in range(burst + 1)]

    assert waits[:burst] == [0.0] * burst
    assert 0 < waits[burst] <= 1 / rate


@given(
    rate=RATES,
    waiting=st.lists(st.tuples(st.integers(0, 3), st.none() | st.floats(0, 60)), min_size=1, max_size=60),
)
@PROPERTY
def test_all_who_wait_are_served_in_their_order(
    store: Store, rate: float, waiting: list[tuple[int, float | None]]
) -> None:
    """Each after at most so many slots as there are before it, and the pushes."""
    clock, budget = Clock(), store.fresh()
    limiters = [budget.limiter(rate, clock) for _ in range(4)]
    waits, pushes = list[float](), 0.0
    for number, (who, push) in enumerate(waiting):
        if push is not None:
            limiters[who].push(push)
            pushes += push
        waits.append(limiters[who].reserve())

        assert waits[-1] <= number / rate + pushes + ROUNDING

    assert waits == sorted(waits)


@given(rate=RATES, days=st.floats(1e-3, 1000), waiting=st.integers(0, 20))
@PROPERTY
def test_a_machine_started_anew_waits_no_longer_than_before(
    store: Store, rate: float, days: float, waiting: int
) -> None:
    """However slow the rate: what was reserved may be a matter of days by the old clock."""
    clock = Clock(days * 86_400)
    before = store.fresh()
    for _ in range(waiting):
        before.limiter(rate, clock).reserve()

    clock.now = 5.0

    assert before.limiter(rate, clock).reserve() <= waiting / rate + ROUNDING


@given(content=st.binary(max_size=60), rate=RATES)
@PROPERTY
def test_what_is_torn_is_empty(store: Store, content: bytes, rate: float) -> None:
    budget, clock = store.fresh(), Clock()
    budget.spoil(content)
    first, second = budget.limiter(rate, clock), budget.limiter(rate, clock)

    assert first.reserve() == 0.0
    assert second.reserve() == pytest.approx(max(0.0, 1 / rate - LATENESS), abs=ROUNDING)


@given(pushes=st.lists(st.floats(-100, 1000) | st.just(math.nan), min_size=1, max_size=10), rate=RATES)
@PROPERTY
def test_a_push_brings_nothing_forward_and_is_a_minute_at_most(
    store: Store, pushes: list[float], rate: float
) -> None:
    clock, budget = Clock(), store.fresh()
    limiters = [budget.limiter(rate, clock) for _ in range(2)]
    limiters[0].reserve()

    reach = [limiters[1].reserve(-1)]
    for push in pushes:
        limiters[0].push(push)
        reach.append(limiters[1].reserve(-1))

    assert reach == sorted(reach)
    assert reach[-1] <= max(1 / rate, LONGEST_PUSH) + ROUNDING


@given(rate=RATES, waiting=st.integers(0, 20), longest=st.floats(0, 100))
@PROPERTY
def test_a_slot_too_far_away_is_not_taken(store: Store, rate: float, waiting: int, longest: float) -> None:
    clock, budget = Clock(), store.fresh()
    limiter, other = (budget.limiter(rate, clock) for _ in range(2))
    limiter.push(1)
    for _ in range(waiting):
        limiter.reserve()
    away = other.reserve(-1)

    answered = limiter.reserve(longest)

    assert answered == away
    assert (other.reserve(-1) == away) is (away > longest)


@given(
    steps=st.lists(
        st.tuples(st.booleans(), st.floats(-1, 100), st.floats(-50, 50), st.floats(0.01, 1000)), max_size=40
    )
)
@PROPERTY
def test_redis_reckons_as_python_does_to_the_last_bit(
    redis_server: RedisServer, steps: list[tuple[bool, float, float, float]]
) -> None:
    clock, budget, slots = Clock(), RedisStore(redis_server.url), Slots()
    for is_push, amount, passed, rate in steps:
        clock.now += passed
        limiter = budget.limiter(rate, clock)
        if is_push:
            limiter.push(amount)
            slots = pushed(slots, clock.now, amount)
        else:
            seconds, taken = reserved(slots, clock.now, rate, amount)
            slots = taken or slots
            assert limiter.reserve(amount) == seconds


def in_threads(count: int, work: Callable[[], object]) -> None:
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_threads_that_share_a_limiter_never_get_the_same_slot(store: Store) -> None:
    limiter = store.limiter(100, Clock())
    waits = list[float]()

    in_threads(8, lambda: waits.extend(limiter.reserve() for _ in range(25)))

    taken = sorted(wait for wait in waits if wait)
    assert len(waits) == 200
    assert [later - wait for wait, later in itertools.pairwise(taken)] == pytest.approx(
        [0.01] * (len(taken) - 1)
    )


def test_a_limiter_of_one_process_paces_too() -> None:
    limiter = ProcessLimiter(1, Clock())
    limiter.push(5)

    waits = [limiter.reserve(), limiter.reserve(5), limiter.reserve()]

    assert waits == [5, 6, 6]
