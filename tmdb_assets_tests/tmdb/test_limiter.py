import logging
import multiprocessing
import os
import struct
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmdb_assets.tmdb.limiter import LATENESS, LocalLimiter, ProcessLimiter, next_slot, shared_path

RATE = 38.0


@given(
    gaps=st.lists(st.floats(0, 0.5), max_size=200),
    late=st.lists(st.floats(0, LATENESS), min_size=200, max_size=200),
    rate=st.floats(0.5, 200),
)
def test_no_window_of_a_second_holds_more_than_the_rate_allows(
    gaps: list[float], late: list[float], rate: float
) -> None:
    """Whoever comes when, and however late within the tolerance each one sends."""
    now, stored, sent = 1000.0, 0.0, list[float]()
    for gap, lateness in zip(gaps, late, strict=False):
        now += gap
        slot = next_slot(stored, now, rate)
        stored = slot + 1 / rate
        sent.append(max(now, slot + lateness))
    sent.sort()
    most = max((sum(1 for each in sent if start <= each < start + 1) for start in sent), default=0)

    assert most <= (1 + LATENESS) * rate + 1


@given(waiting=st.integers(1, 500))
def test_slots_follow_each_other_without_a_gap(waiting: int) -> None:
    now, stored = 1000.0, 1000.0
    for _ in range(waiting):
        stored = next_slot(stored, now, RATE) + 1 / RATE

    assert stored == pytest.approx(now + waiting / RATE)


@pytest.mark.parametrize("stored", [1e9, float("inf"), float("nan"), float("-inf"), -5.0, 0.0])
def test_a_slot_that_nobody_alive_can_have_taken_is_ignored(stored: float) -> None:
    assert 1000.0 - LATENESS <= next_slot(stored, 1000.0, RATE) <= 1000.0


def test_a_push_moves_the_next_slot_for_every_limiter_of_the_file(tmp_path: Path) -> None:
    first, second = LocalLimiter(tmp_path / "slot", RATE), LocalLimiter(tmp_path / "slot", RATE)

    first.push(5)

    assert second.reserve() == pytest.approx(5, abs=0.5)
    assert first.reserve() > 4.5


def test_a_push_never_brings_a_slot_forward(tmp_path: Path) -> None:
    limiter = LocalLimiter(tmp_path / "slot", RATE)
    limiter.push(5)

    limiter.push(1)

    assert limiter.reserve() > 4


def test_a_torn_file_is_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "slot").write_bytes(b"abc")

    assert LocalLimiter(tmp_path / "slot", RATE).reserve() == 0.0


def test_a_slot_from_before_the_machine_was_started_anew_is_ignored(tmp_path: Path) -> None:
    (tmp_path / "slot").write_bytes(struct.pack("<d", time.monotonic() + 1_000_000))

    assert LocalLimiter(tmp_path / "slot", RATE).reserve() == 0.0


def test_a_file_that_is_removed_is_made_again(tmp_path: Path) -> None:
    limiter = LocalLimiter(tmp_path / "folder" / "slot", RATE)
    limiter.reserve()
    (tmp_path / "folder" / "slot").unlink()
    (tmp_path / "folder").rmdir()

    assert limiter.reserve() == 0.0
    assert (tmp_path / "folder" / "slot").exists()


def test_without_a_folder_to_write_the_budget_is_this_process_s_alone_and_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    limiter = LocalLimiter(tmp_path / "file" / "slot", 1)

    waits = [limiter.reserve() for _ in range(4)]
    limiter.push(5)

    assert waits[0] == 0.0
    assert waits[3] > 2
    assert limiter.reserve() > 4
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


def test_the_files_name_shows_neither_server_nor_credential() -> None:
    path = shared_path("https://api.example.org/3", "hidden-secret")

    assert "hidden" not in str(path)
    assert path == shared_path("https://api.example.org/3", "hidden-secret")
    assert path != shared_path("https://api.example.org/3", "another")


def _reserve(path: Path, count: int) -> None:
    limiter = LocalLimiter(path, RATE)
    for _ in range(count):
        limiter.reserve()


def test_four_processes_never_get_the_same_slot(tmp_path: Path) -> None:
    path, begin = tmp_path / "slot", time.monotonic() + 30
    path.write_bytes(struct.pack("<d", begin))
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_reserve, args=(path, 100)) for _ in range(4)]

    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert [worker.exitcode for worker in workers] == [0, 0, 0, 0]
    assert struct.unpack("<d", path.read_bytes())[0] == pytest.approx(begin + 400 / RATE, abs=0.001)


def test_a_child_that_was_forked_shares_the_budget(tmp_path: Path) -> None:
    limiter = LocalLimiter(tmp_path / "slot", RATE)
    limiter.reserve()

    child = os.fork()
    if child == 0:
        limiter.push(30)
        os._exit(0)
    os.waitpid(child, 0)

    assert limiter.reserve() > 29


def test_a_limiter_of_one_process_paces_too() -> None:
    limiter = ProcessLimiter(1)
    limiter.push(5)

    waits = [limiter.reserve() for _ in range(3)]

    assert waits == pytest.approx([5, 6, 7], abs=0.5)
