"""The cache in a file that several processes use."""

import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.tmdb import DiskCache
from tmdb_assets_tests.tmdb.conftest import Ask


def key(number: int) -> str:
    return f"{number:064x}"


def program(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Start Python with ``cache`` on the first argument, and the rest as numbers."""
    begin = """
        import sys
        from datetime import UTC, datetime
        from tmdb_assets.tmdb import DiskCache, StoredAnswer
        cache, numbers = DiskCache(sys.argv[1]), [int(each) for each in sys.argv[2:]]
        answer = StoredAnswer(b"{}", "", datetime.now(UTC), 600.0)
        key = lambda number: f"{number:064x}"
        """
    return subprocess.Popen(
        [
            sys.executable,
            "-Wignore::DeprecationWarning",
            "-c",
            textwrap.dedent(begin) + textwrap.dedent(code),
            *map(str, arguments),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Name a cache's file; there is none yet."""
    return tmp_path / "folder" / "cache.db"


def test_a_full_disk_is_no_error(file: Path) -> None:
    child = program(
        """
        import logging, resource
        logging.basicConfig(format="%(message)s")
        cache.put(key(1), answer)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        import os
        for number in range(2, 200):
            cache.put(key(number), StoredAnswer(os.urandom(10_000), "", answer.answered_at, 600.0))
            cache.get(key(number))
        print("done")
        """,
        file,
    )

    out, err = child.communicate(timeout=60)

    assert out == "done\n"
    assert err.count("Nothing is cached") == err.count("\n") == 1
    assert DiskCache(file).get(key(1)) is not None


def test_processes_share_a_file_from_its_first_moment(file: Path) -> None:
    children = [
        program(
            """
            for number in numbers:
                cache.put(key(number), answer)
            print(sum(cache.get(key(number)) == answer for number in numbers))
            """,
            file,
            *range(first, first + 100),
        )
        for first in range(0, 400, 100)
    ]

    said = [child.communicate(timeout=60) for child in children]

    assert said == [("100\n", "")] * 4
    cache = DiskCache(file)
    assert all(cache.get(key(number)) for number in range(400))


def test_a_fork_shares_the_file_and_disturbs_nobody(file: Path) -> None:
    """SQLite's own locks do not survive a fork: the file is closed for that moment, whoever is using it."""
    parent = program(
        """
        import os, threading
        stop = threading.Event()
        def use():
            while not stop.is_set():
                cache.put(key(1), answer)
                cache.get(key(1))
        threads = [threading.Thread(target=use) for _ in range(4)]
        for thread in threads:
            thread.start()
        failed = 0
        for number in range(2, 32):
            if not (child := os.fork()):
                cache.put(key(number), answer)
                os._exit(0 if cache.get(key(number)) else 1)
            failed += os.waitpid(child, 0)[1] != 0
        stop.set()
        for thread in threads:
            thread.join()
        print(failed, sum(cache.get(key(number)) is not None for number in range(1, 32)))
        """,
        file,
    )

    out, err = parent.communicate(timeout=120)

    assert (out, err) == ("0 31\n", "")
    with sqlite3.connect(file) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    database.close()


def test_a_forked_process_loses_nothing_when_the_other_one_closes_the_file(file: Path) -> None:
    parent = program(
        """
        import os
        cache.put(key(1), answer)
        opened, closed = os.pipe(), os.pipe()
        if not (child := os.fork()):
            cache.get(key(1))
            os.write(opened[1], b".")
            os.read(closed[0], 1)
            cache.put(key(2), answer)
            os._exit(0)
        os.read(opened[0], 1)
        cache.close()
        os.write(closed[1], b".")
        os.waitpid(child, 0)
        print(cache.get(key(2)) == answer)
        """,
        file,
    )

    said = parent.communicate(timeout=60)

    assert said == ("True\n", "")


def test_an_answer_of_one_process_is_no_request_of_another(ask: Ask, fake: FakeTMDB, file: Path) -> None:
    child = subprocess.run(
        [
            *(sys.executable, "-c"),
            (
                "import sys; from tmdb_assets.tmdb import DiskCache, TMDBClient\n"
                "with TMDBClient(base_url=sys.argv[1], cache=DiskCache(sys.argv[2])) as client:\n"
                "    print(client.movies.details(1).title)"
            ),
            *(fake.base_url, file),
        ],
        capture_output=True,
        text=True,
        check=True,
    )

    film = ask(fake.base_url, lambda client: client.movies.details(1), cache=DiskCache(file))

    assert child.stdout == f"{film.title}\n"
    assert len(fake.requests) == 1
