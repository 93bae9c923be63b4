"""What killed processes left: files that carry the id of the process that made them."""

import os
import re
from collections.abc import Iterable
from pathlib import Path

_OWNER = re.compile(r"[-.](\d+)[-.]")


def remove_leftovers(files: Iterable[Path]) -> list[Path]:
    """Remove files whose names carry the id of a process that is gone; those of a live one stay.

    Returns
    -------
    list[Path]
        The files that were removed.
    """
    removed: list[Path] = []
    for file in files:
        owners = _OWNER.findall(file.name)
        if owners and not any(_is_alive(int(owner)) for owner in owners):
            file.unlink(missing_ok=True)
            removed.append(file)
    return removed


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
