"""What the services' logs say that a person at the terminal should see: warnings and errors, a line each."""

import re
from pathlib import Path

_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
_RECORD = re.compile(r"\S+ (\d\d:\d\d:\d\d) \S+ - \S+ - (WARNING|ERROR|CRITICAL) - (.*)")
_OF_PYTHON = re.compile(r"\w+Warning: ")  # for those who write assets: the log keeps them
_WIDTH = 300
_OF_A_RUN = re.compile(r" - (STEP_FAILURE|RUN_FAILURE) - | - Dependencies for step ")
_RUN_FAILED = "A run failed: `tmdb-assets status` says why."


def worth_showing(text: str) -> list[str]:
    """Return the first line of each warning and error, without the traceback that follows it."""
    records = (_RECORD.match(_ESCAPES.sub("", line)) for line in text.splitlines())
    lines: list[str] = []
    for found in records:
        if not found or _OF_PYTHON.search(found[3]):
            continue
        if of_a_run := _OF_A_RUN.search(found[3]):  # three records, of which none says why
            if of_a_run[1] == "RUN_FAILURE":
                lines.append(f"{found[1]} {_RUN_FAILED}")
        else:
            lines.append(f"{found[1]} {found[2]} {found[3]}"[:_WIDTH])
    return lines


class LogFollower:
    """Reads what is added to a log file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read = 0

    def added(self) -> str:
        """Return the whole lines that were added since the last call."""
        with self.path.open("rb") as log:
            log.seek(self._read)
            text = log.read()
        whole = text[: text.rfind(b"\n") + 1]
        self._read += len(whole)
        return whole.decode(errors="replace")
