import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets_tests.commands.running import environment, finished


def test_progress_in_a_pipe_is_plain_lines(tmp_path: Path) -> None:
    with FakeTMDB(films=300) as fake:
        done = finished("run", "--years", "2020", env=environment(fake, tmp_path / "data"))

    lines = [line for line in done.stderr.splitlines() if line.strip()]
    assert lines
    assert all(line.startswith(("discovered_movies: ", "movie_details: ")) for line in lines), done.stderr
    assert "\r" not in done.stderr


def test_progress_on_a_terminal_is_a_bar_with_the_time_left(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    with FakeTMDB(films=2000) as fake:
        env = environment(fake, tmp_path / "data", TMDB_REQUESTS_PER_SECOND="100")
        command = [sys.executable, "-m", "tmdb_assets.cli", "run", "--years", "2019-2022"]
        with subprocess.Popen(command, env=env, stdin=theirs, stdout=theirs, stderr=theirs):
            os.close(theirs)
            seen = b"".join(iter(lambda: read_terminal(ours), b"")).decode()
    os.close(ours)

    assert re.search(r"movie_details: +\d+%\|.*\d+/\d+ \[\d\d:\d\d<\d\d:\d\d", seen)


def read_terminal(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other end is closed
        return b""


def test_a_reader_that_went_away_does_not_stop_the_fetching(tmp_path: Path) -> None:
    with FakeTMDB(films=300) as fake:
        env = environment(fake, tmp_path / "data")
        command = [sys.executable, "-m", "tmdb_assets.cli", "run", "--years", "2020", "--json"]
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(command, env=env, stdout=subprocess.PIPE, stderr=full, check=False)

    assert done.returncode == 0
    assert done.stdout.startswith(b"{")
