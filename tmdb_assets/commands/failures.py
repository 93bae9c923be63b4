"""How a command fails: one sentence and an exit code."""

from tmdb_assets.settings import SettingsError
from tmdb_assets.tmdb import AuthenticationError
from tmdb_assets.transforms.themes import ThemesError
from tmdb_assets.transforms.years import YearsError

FAILED, WRONG_INPUT, INTERRUPTED = 1, 2, 130
INTERRUPTED_SENTENCE = "Interrupted. All that was answered is kept: the same command goes on from here."
_STORAGE = {"sqlalchemy", "sqlite3", "deltalake", "_internal", "polars", "duckdb", "_duckdb"}
_MEND = "Make room or mend that, and run the same again: what TMDB had answered about films is kept."


class RunFailedError(Exception):
    """The run did not succeed; its text says why, ``exit_code`` what the command returns."""

    def __init__(self, message: str, *, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def explained(error: Exception) -> tuple[str, int] | None:
    """Return a sentence for the user and the exit code; None where only the traceback explains the error."""
    if isinstance(error, RunFailedError):
        return str(error), error.exit_code
    if isinstance(error, (AuthenticationError, SettingsError, ThemesError, YearsError)):
        return str(error), WRONG_INPUT
    if isinstance(error, ModuleNotFoundError) and not (error.name or "").startswith("tmdb_assets"):
        return f"{error.name} is not installed: pip install 'tmdb-assets[dagster]' adds it.", WRONG_INPUT
    is_of_polars = isinstance(error, OSError) and error.errno is None
    if is_of_polars or type(error).__module__.partition(".")[0] in _STORAGE:
        words = str(error).strip().partition("\n")[0]
        return f"The storage failed ({words}). {_MEND}", FAILED
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror}. {_MEND}", FAILED
    return None
