"""Partition keys of uploaded files: a file's path in the uploads folder, and back."""

import re

_FORBIDDEN = re.compile(
    "[%,"  # a key is escaped with %, and Dagster separates keys with commas
    "\x00-\x1f\x7f-\x9f"  # control characters: the UI does not show them
    "\ud800-\udfff]"  # a file name that is not UTF-8 holds lone surrogates, which no database stores
    r"|(?<=\.\.)\."  # between three dots Dagster reads a range of partitions
)
_ESCAPED = re.compile("%u([0-9A-F]{4})|%([0-9A-F]{2})")


def partition_key(path: str) -> str:
    """Return the partition key of a file; different paths have different keys.

    Parameters
    ----------
    path
        The file's path in the uploads folder, with forward slashes. All stays readable in the key but what
        Dagster forbids: ``100%, uncut.csv`` becomes ``100%25%2C uncut.csv``.
    """
    return _FORBIDDEN.sub(lambda found: _escaped(ord(found[0])), path)


def upload_path(key: str) -> str:
    """Return the path of the file that a partition key stands for."""
    return _ESCAPED.sub(lambda found: chr(int(found[1] or found[2], base=16)), key)


def _escaped(character: int) -> str:
    return f"%{character:02X}" if character <= 0xFF else f"%u{character:04X}"  # noqa: PLR2004 -- a byte
