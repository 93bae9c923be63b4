"""How a command fails: one sentence and an exit code."""

from tmdb_assets.settings import SettingsError, StoredDataError
from tmdb_assets.tmdb import AuthenticationError
from tmdb_assets.transforms.themes import ThemesError
from tmdb_assets.transforms.years import YearsError

FAILED, WRONG_INPUT, INTERRUPTED = 1, 2, 130
INTERRUPTED_SENTENCE = "Interrupted. All that was answered is kept: the same command goes on from here."
_INTERRUPTED_QUERY = "Query interrupted"
"""What DuckDB raises in place of KeyboardInterrupt."""
_STORAGE = {"sqlalchemy", "sqlite3", "duckdb", "_duckdb"}
_LAKE = {"deltalake", "_internal", "polars", "pyo3_runtime"}
_MEND = "Make room or mend that, and run the same again: what TMDB had answered about films is kept."

_SENTENCES: tuple[tuple[tuple[type[Exception], ...], int], ...] = (
    ((StoredDataError,), FAILED),
    ((AuthenticationError, SettingsError, ThemesError, YearsError), WRONG_INPUT),
)
"""Errors whose text is for the user, and what the command returns; the first that fits counts."""


class RunFailedError(Exception):
    """The run did not succeed; its text says why, ``exit_code`` what the command returns."""

    def __init__(self, message: str, *, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def explained(error: BaseException) -> tuple[str, int] | None:
    """Return a sentence for the user and the exit code; None where only the traceback explains the error."""
    if isinstance(error, RunFailedError):
        return str(error), error.exit_code
    for kinds, exit_code in _SENTENCES:
        if isinstance(error, kinds):
            return str(error), exit_code
    if isinstance(error, RuntimeError) and str(error) == _INTERRUPTED_QUERY:
        return INTERRUPTED_SENTENCE, INTERRUPTED
    if isinstance(error, ModuleNotFoundError) and not (error.name or "").startswith("tmdb_assets"):
        return f"{error.name} is not installed: pip install 'tmdb-assets[dagster]' adds it.", WRONG_INPUT
    return (sentence, FAILED) if (sentence := _of_the_storage(error)) else None


def _of_the_storage(error: BaseException) -> str | None:
    library = type(error).__module__.partition(".")[0]
    if library in _LAKE or (isinstance(error, OSError) and error.errno is None):
        from tmdb_assets.storage.lake_damage import damaged  # noqa: PLC0415 -- only with a lake is it installed

        return damaged(error)
    if library in _STORAGE:
        words = str(error).strip().partition("\n")[0]
        return f"The storage failed ({words}). {_MEND}"
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror}. {_MEND}"
    return None
