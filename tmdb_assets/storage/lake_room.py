"""Whether the lake's folder can be written to, asked before delta-rs finds out."""

import errno
import os
from pathlib import Path

_LEAST_ROOM = 1 << 20
"""Bytes; with less nothing is begun."""


Place = tuple[int, int]
"""A folder, however it is called: its device and its inode."""


def place_of(folder: str) -> Place | None:
    """Return the folder that another lies in; None where there is none."""
    try:
        parent = Path(folder).parent.stat()
    except OSError:
        return None
    return parent.st_dev, parent.st_ino


def make_sure_of_room(folder: str, place: Place) -> None:
    """Fail before delta-rs does: it makes a folder again that is gone, and panics where it cannot write.

    Parameters
    ----------
    folder
        The lake's folder.
    place
        The folder that it lay in before.

    Raises
    ------
    OSError
        That one is gone, or another is there now; or it cannot be written, or there is no room.
    """
    parent = Path(folder).parent
    room = os.statvfs(parent)  # which raises when it is gone
    if place_of(folder) != place:  # what was being written when it went made it again
        raise OSError(errno.ENOENT, "The folder was removed or replaced meanwhile", str(parent))
    if room.f_flag & os.ST_RDONLY:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), folder)
    if not has_room(parent):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), folder)


def has_room(folder: Path) -> bool:
    """Say whether the disk of a folder has room for more than a few rows; one that is gone has."""
    try:
        room = os.statvfs(folder)
    except OSError:
        return True
    return room.f_bavail * room.f_frsize >= _LEAST_ROOM
