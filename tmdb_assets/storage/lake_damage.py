"""Damage to the lake: which errors say so, and what to do; polars and delta-rs also panic."""

import contextlib
import os
from collections.abc import Generator

import polars as pl
from deltalake.exceptions import DeltaError

from tmdb_assets.storage.lake_schema import TableTypeError

_STDERR = 2

LAKE_ERRORS = (DeltaError, pl.exceptions.PolarsError)
"""What delta-rs and polars raise when a table cannot be read or written."""


def damaged(error: BaseException) -> str | None:
    """Return a sentence on what to do when an error says that a table of the lake is damaged; else None."""
    if isinstance(error, TableTypeError):
        return str(error)
    if is_panic(error):
        return unusable("a file of it is cut, or holds something else")
    # As polars raises it; errors that are built upon OSError are others'.
    is_missing_file = type(error) in {OSError, FileNotFoundError} and getattr(error, "errno", 0) is None
    if not (is_missing_file or isinstance(error, LAKE_ERRORS)):
        return None
    return unusable(str(error).strip().partition("\n")[0])


def unusable(why: str) -> str:
    """Return a sentence on what to do about a table that cannot be used."""
    return (
        f"A table of the lake cannot be used ({why}): if the disk has room, `tmdb-assets doctor` makes it "
        "again from the journal."
    )


def collected(rows: pl.LazyFrame) -> pl.DataFrame | None:
    """Return a table's rows; None where its files are damaged."""
    try:
        with unheard():
            return rows.collect()
    except BaseException as error:
        if not damaged(error):
            raise
        return None


def is_panic(error: BaseException) -> bool:
    """Say whether an error is a panic; each library has a class of its own for it, and no ``Exception``."""
    return (type(error).__module__, type(error).__name__) == ("pyo3_runtime", "PanicException")


@contextlib.contextmanager
def unheard() -> Generator[None]:
    """Keep from standard error what Rust writes of a panic before Python knows; there is no switch for it.

    The whole process has one standard error: nobody else is to write to it meanwhile.
    """
    try:
        heard = os.dup(_STDERR)
    except OSError:  # it is closed, so that nobody hears anything
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, _STDERR)
    os.close(nowhere)
    try:
        yield
    finally:
        os.dup2(heard, _STDERR)
        os.close(heard)
