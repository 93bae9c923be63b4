import os
import signal
import subprocess
from pathlib import Path

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets_tests.commands.running import environment, start


class Interrupter:
    """Sends a signal to a process once the hundredth film is asked for."""

    def __init__(self, kill: signal.Signals) -> None:
        self.process: subprocess.Popen[str] | None = None
        self._kill = kill
        self._details = 0

    def __call__(self, count: int, path: str) -> None:
        """Look at a request, before it is answered."""
        del count
        self._details += path.startswith("/3/movie/")
        if self.process and self._details == 100:
            os.kill(self.process.pid, self._kill)
            self.process = None


@pytest.mark.parametrize("kill", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_says_that_nothing_is_lost(
    films_file: Path, tmp_path: Path, kill: signal.Signals
) -> None:
    interrupter = Interrupter(kill)
    with FakeTMDB(films_file=films_file, on_request=interrupter) as fake:
        process = start("run", "--years", "2010-2012", env=environment(fake, tmp_path / "data"))
        interrupter.process = process
        _, said = process.communicate(timeout=60)

    assert process.returncode == 130
    assert "the same command goes on" in said
    assert "Traceback" not in said
