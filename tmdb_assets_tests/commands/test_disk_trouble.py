"""A disk that fills, a folder that can be written no more, one that is gone: all of them in mid-run."""

import os
import subprocess
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.settings import Settings
from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.journal_lines import lines_of
from tmdb_assets_tests.commands.running import Tables, details_asked, environment, finished, tables

RUN = ("run", "--years", "2023-2024")
READING = (("status",), ("sql", "FROM movies"), ("doctor",), ("rebuild",))
FILM = 3
"""Which film is asked for when it happens: no year is complete then."""
SLOWLY = {"TMDB_REQUESTS_PER_SECOND": 20}

Trouble = Callable[[Path], None]


class Kind(NamedTuple):
    """What happens to a data folder, how it ends, and what commands return meanwhile."""

    begin: Trouble
    end: Trouble
    exit_codes: list[int]
    words: str


def mounted(*arguments: str) -> None:
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)  # noqa: S607 -- the machine's own
    if done.returncode:
        pytest.skip(f"This machine does not let a test mount: {done.stderr.strip()}")


def unmount(place: Path) -> None:
    subprocess.run(["umount", "--lazy", str(place)], check=True)  # noqa: S607 -- the machine's own


def fill(data: Path) -> None:
    with (data.parent / "filler").open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue


def make_read_only(data: Path) -> None:
    """Let nothing be opened for writing any more."""
    mounted("--bind", str(data), str(data))
    mounted("-o", "remount,ro,bind", str(data))


KINDS = {
    "full": Kind(fill, lambda data: (data.parent / "filler").unlink(), [0, 2, 1, 1], "Make room"),
    "read-only": Kind(make_read_only, unmount, [0, 2, 1, 1], "mend that"),
    "gone": Kind(
        lambda data: os.rename(data, data.with_name("away")),  # noqa: PTH104 -- as its arguments say
        lambda data: os.rename(data.with_name("away"), data),  # noqa: PTH104 -- as its arguments say
        [0, 2, 2, 2],
        "is gone: put it back",
    ),
}


class InMidRun:
    """Does something when a film is asked for."""

    def __init__(self, do: Callable[[], None]) -> None:
        self._do = do
        self._details = 0

    def __call__(self, count: int, path: str) -> None:
        """Look at a request, before it is answered."""
        del count
        self._details += path.startswith("/3/movie/")
        if self._details == FILM and path.startswith("/3/movie/"):
            self._do()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a small disk."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted("-t", "tmpfs", "-o", "size=16m", "tmpfs", str(place))
    yield place
    unmount(place)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    data = tmp_path_factory.mktemp("undisturbed") / "data"
    with films() as fake:
        assert finished(*RUN, env=environment(fake, data)).returncode == 0
    return tables(data)


@contextmanager
def films(on_request: Callable[[int, str], None] | None = None) -> Generator[FakeTMDB]:
    with FakeTMDB(films=300, seed=5, on_request=on_request) as fake:
        yield fake


def answered(data: Path) -> set[int]:
    """Return the films whose answers are on the disk."""
    segments = Storage.open(Settings(data=data)).journal.segments()
    return {line.tmdb_id for line, _ in lines_of(segments, lambda _: None) if line.outcome == "ok"}


def said(done: subprocess.CompletedProcess[str]) -> str:
    """Return a command's sentence; it is the last line, there is one, and no traceback."""
    assert "Traceback" not in done.stderr
    assert "panicked" not in done.stderr
    sentences = [line for line in done.stderr.splitlines() if line.startswith("tmdb-assets: ")]
    assert sentences == done.stderr.splitlines()[-1:]
    return sentences[0]


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_a_sentence_and_once_it_is_over_the_same_command_goes_on(
    disk: Path, undisturbed: Tables, kind: str
) -> None:
    begin, end, exit_codes, words = KINDS[kind]
    data = disk / "my films"
    with films(InMidRun(lambda: begin(data))) as fake:
        broken = finished(*RUN, env=environment(fake, data, **SLOWLY))
        meanwhile = [finished(*command, env=environment(None, data)) for command in READING]
        was_made_again = kind == "gone" and data.exists()
        end(data)
        kept, asked = answered(data), len(fake.requests)

        mended = finished(*RUN, env=environment(fake, data))

        assert broken.returncode == 1
        assert words in said(broken)
        assert [done.returncode for done in meanwhile] == exit_codes
        assert all(said(done) for done in meanwhile if done.returncode)
        assert not was_made_again
        assert mended.returncode == 0, mended.stderr
        assert tables(data) == undisturbed
        assert kept
        assert kept.isdisjoint(details_asked(fake, since=asked))
        assert finished("doctor", env=environment(None, data)).stdout.startswith("All is well")
