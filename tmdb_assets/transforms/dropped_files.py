"""Which files of the uploads folder are whole, and which are gone: decided from two looks."""

from collections.abc import Collection, Mapping

import msgspec

_UNFINISHED = ("~", ".part", ".partial", ".crdownload", ".download", ".tmp", ".swp")
"""Endings of names under which programs write a file until it is whole."""


_CLOCKS_DIFFER_NS = 2_000_000_000
"""A file's times lag behind the clock, on a network's disk by more."""


class FileState(msgspec.Struct, frozen=True):
    """What the file system says of a file: its size in bytes, and when it was written and named, in ns."""

    size: int
    modified_ns: int
    changed_ns: int


class SeenFile(msgspec.Struct, frozen=True):
    """A file as it was at the last look.

    Attributes
    ----------
    is_whole
        Whether it was taken as whole.
    content
        Hash of the content for which a run was asked last.
    """

    state: FileState
    is_whole: bool = False
    content: str | None = None


class Cursor(msgspec.Struct, frozen=True):
    """What one look leaves to the next: when it was, in ns, and the files by path."""

    looked_at_ns: int = 0
    files: dict[str, SeenFile] = {}


class Look(msgspec.Struct, frozen=True):
    """What a look at the folder found, paths in order.

    Attributes
    ----------
    whole
        Files that are whole now and were not before.
    arriving
        Files that are new or changing.
    gone
        Files that are there no more.
    """

    cursor: Cursor
    whole: list[str]
    arriving: list[str]
    gone: list[str]


def look(before: Cursor, files: Mapping[str, FileState], *, now_ns: int) -> Look:
    """Compare the folder with what it was at the last look.

    A file counts as whole when it is as it was at the last look; at once, when it was written before that
    look and yet had another name or place then, for a file that arrives by a rename has its last byte.

    Parameters
    ----------
    files
        All files of the folder by path.
    now_ns
        When they were listed.
    """
    seen: dict[str, SeenFile] = {}
    for path, state in sorted(files.items()):
        known = before.files.get(path)
        is_unchanged = known is not None and known.state == state
        is_renamed = not is_unchanged and state.modified_ns < before.looked_at_ns - _CLOCKS_DIFFER_NS
        seen[path] = SeenFile(state, is_unchanged or is_renamed, known.content if known else None)
    was_whole = {path for path, file in before.files.items() if file.is_whole}
    return Look(
        cursor=Cursor(now_ns, seen),
        whole=[
            path
            for path, file in seen.items()
            if file.is_whole and not (path in was_whole and before.files[path].state == file.state)
        ],
        arriving=[path for path, file in seen.items() if not file.is_whole],
        gone=sorted(set(before.files) - set(seen)),
    )


def launched(cursor: Cursor, contents: Mapping[str, str], *, later: Collection[str] = ()) -> Cursor:
    """Return the cursor, with the hashes of the contents for which runs are asked.

    Parameters
    ----------
    contents
        The hashes by path.
    later
        Files that are left to the next look.
    """
    files = {
        path: msgspec.structs.replace(file, is_whole=False)
        if path in later
        else msgspec.structs.replace(file, content=contents.get(path, file.content))
        for path, file in cursor.files.items()
    }
    return msgspec.structs.replace(cursor, files=files)


def is_finished_name(path: str) -> bool:
    """Say whether a path is that of a list, rather than of a hidden or half-written file."""
    return not any(part.startswith(".") for part in path.split("/")) and not path.endswith(_UNFINISHED)
