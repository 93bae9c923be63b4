"""What killed processes left: files that carry the id of the process that made them."""

import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

_OWNER = re.compile(r"[-.](\d+)[-.]")


def remove_leftovers(files: Iterable[Path]) -> None:
    """Remove files whose names carry the id of a process that is gone; those of a live one stay."""
    for file in left_by_the_dead(files):
        remove(file)


def remove(file: Path) -> None:
    """Remove a file, or a folder with all that is in it; it may be gone."""
    if file.is_dir():
        shutil.rmtree(file, ignore_errors=True)
    else:
        file.unlink(missing_ok=True)


def left_by_the_dead(files: Iterable[Path]) -> list[Path]:
    """Return those files whose names carry the id of a process that is gone."""
    return [
        file
        for file in files
        if (owners := _OWNER.findall(file.name)) and not any(_is_alive(int(owner)) for owner in owners)
    ]


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
