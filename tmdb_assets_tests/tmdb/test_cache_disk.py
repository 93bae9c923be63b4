"""The cache in a file: what it survives, and what it leaves alone."""

import logging
import random
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.tmdb import DiskCache
from tmdb_assets_tests.tmdb.cache_server import FILM, stored
from tmdb_assets_tests.tmdb.conftest import Ask


def key(number: int) -> str:
    return f"{number:064x}"


def warnings_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Name a cache's file; there is none yet."""
    return tmp_path / "folder" / "cache.db"


def test_answers_outlive_the_program(file: Path) -> None:
    answer = stored()
    DiskCache(file).put(key(1), answer)

    kept = DiskCache(file).get(key(1))

    assert kept == answer
    assert file.stat().st_mode & 0o077 == 0


def test_answers_are_compressed(file: Path) -> None:
    cache = DiskCache(file)

    cache.put(key(1), stored(b"The same again. " * 50_000))
    cache.close()

    assert file.stat().st_size < 50_000


def test_a_closed_cache_can_be_used_again(file: Path) -> None:
    cache = DiskCache(file)
    cache.put(key(1), stored())

    cache.close()

    assert [each.name for each in file.parent.iterdir()] == ["cache.db"]
    assert cache.get(key(1)) is not None


def test_the_file_stays_within_its_bound(file: Path) -> None:
    cache = DiskCache(file, max_bytes=500_000)

    for number in range(200):
        cache.put(key(number), stored(random.Random(number).randbytes(10_000)))  # noqa: S311 -- no secret
    cache.put(key(200), stored(random.Random(200).randbytes(600_000)))  # noqa: S311 -- no secret

    kept = [number for number in range(201) if cache.get(key(number))]
    assert kept == list(range(min(kept), 200))
    assert 30 < len(kept) < 50
    cache.close()
    assert file.stat().st_size <= 500_000


def test_the_file_drops_what_was_not_used_for_longest(file: Path) -> None:
    minutes = iter(range(0, 100_000, 61))
    cache = DiskCache(file, max_bytes=100_000, clock=lambda: next(minutes))
    body = random.Random(1).randbytes(10_000)  # noqa: S311 -- no secret
    cache.put(key(1), stored(body))

    for number in range(2, 50):
        cache.put(key(number), stored(body))
        cache.get(key(1))

    assert [bool(cache.get(key(number))) for number in (1, 2, 49)] == [True, False, True]


def no_database(file: Path) -> None:
    file.write_bytes(b"This is no database. " * 1000)


def torn(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:5000])


def overwritten(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[4096:] = bytes(len(content) - 4096)
    file.write_bytes(content)


def another_program_s(file: Path) -> None:
    file.unlink()
    with sqlite3.connect(file) as other:
        other.execute("CREATE TABLE films (title TEXT)")
    other.close()


def a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def below_a_file(file: Path) -> None:
    file.unlink()
    file.parent.rmdir()
    file.parent.write_text("no folder")


@pytest.mark.parametrize(
    "happens", [no_database, torn, overwritten, another_program_s, a_folder, below_a_file]
)
def test_a_file_that_cannot_be_used_is_as_good_as_none(
    ask: Ask, fake: FakeTMDB, file: Path, caplog: pytest.LogCaptureFixture, happens: Callable[[Path], None]
) -> None:
    before = DiskCache(file)
    for number in range(50):
        before.put(key(number), stored(random.Random(number).randbytes(1_000)))  # noqa: S311 -- no secret
    before.close()
    happens(file)
    cache = DiskCache(file)

    batch = ask(fake.base_url, lambda client: client.get_batch_movie_details([1, 2, 3]), cache=cache)

    assert [film.id for film in batch] == [1, 2, 3]
    assert len(warnings_of(caplog)) == 1
    assert warnings_of(caplog)[0].startswith(f"Nothing is cached for now: {file} cannot be used (")


@pytest.mark.parametrize("happens", [no_database, another_program_s])
def test_a_file_of_another_program_is_left_as_it_is(file: Path, happens: Callable[[Path], None]) -> None:
    DiskCache(file).put(key(1), stored())
    happens(file)
    content = file.read_bytes()
    cache = DiskCache(file)

    cache.put(key(1), stored())
    cache.close()

    assert file.read_bytes() == content
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("seed", range(20))
def test_whatever_happens_to_its_bytes_a_cache_raises_nothing(file: Path, seed: int) -> None:
    cache, answer, chance = DiskCache(file), stored(), random.Random(seed)  # noqa: S311 -- no secret
    for number in range(100):
        cache.put(key(number), answer)
    cache.close()
    content = bytearray(file.read_bytes())
    for _ in range(300):
        content[chance.randrange(100, len(content))] = chance.randrange(256)
    file.write_bytes(content)

    kept = [cache.get(key(number)) for number in range(100)]
    cache.put(key(100), answer)

    assert all(each in {None, answer} for each in kept)


def test_a_locked_file_is_as_good_as_none(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    DiskCache(file).put(key(1), stored())
    cache = DiskCache(file)
    with sqlite3.connect(file, isolation_level=None) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("DELETE FROM answers")

        started = time.monotonic()
        kept = [cache.get(key(1)) for _ in range(100)]
        cache.put(key(1), stored())
        seconds = time.monotonic() - started
    other.close()

    assert kept == [None] * 100
    (warning,) = warnings_of(caplog)
    assert f"{file} cannot be used (database is locked)." in warning
    assert seconds < 10  # every one of them would have waited half a second


def test_a_file_that_can_be_used_again_is_used_again(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    now = [1_000_000.0]
    cache = DiskCache(file, clock=lambda: now[0])
    file.mkdir(parents=True)
    kept = list[bool]()

    for seconds in (0, 9, 2, 11):
        now[0] += seconds
        cache.put(key(1), stored())
        kept.append(cache.get(key(1)) is not None)
        if seconds == 2:  # it was tried again just now
            file.rmdir()

    assert kept == [False, False, False, True]
    assert len(warnings_of(caplog)) == 1


def test_a_clock_that_is_set_back_keeps_no_file_from_being_used(file: Path) -> None:
    now = [1_000_000.0]
    cache = DiskCache(file, clock=lambda: now[0])
    file.mkdir(parents=True)
    cache.put(key(1), stored())
    file.rmdir()

    now[0] -= 500_000
    cache.put(key(1), stored())

    assert cache.get(key(1)) is not None


def test_a_damaged_answer_is_as_good_as_none(file: Path) -> None:
    cache = DiskCache(file)
    for number in range(3):
        cache.put(key(number), stored(FILM))
    with sqlite3.connect(file) as database:
        database.execute("UPDATE answers SET value = 'text' WHERE key = ?", (bytes.fromhex(key(0)),))
        database.execute("UPDATE answers SET value = NULL WHERE key = ?", (bytes.fromhex(key(1)),))
        database.execute("UPDATE answers SET used_at = 'soon' WHERE key = ?", (bytes.fromhex(key(2)),))
    database.close()

    kept = [cache.get(key(number)) for number in range(3)]

    assert [each and each.body for each in kept] == [None, None, FILM]
