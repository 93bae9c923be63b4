"""How a command fails: one sentence and an exit code."""

from tmdb_assets.settings import SettingsError
from tmdb_assets.tmdb import AuthenticationError
from tmdb_assets.transforms.themes import ThemesError
from tmdb_assets.transforms.years import YearsError

WRONG_INPUT = 2


class RunFailedError(Exception):
    """The run did not succeed; its text says why, ``exit_code`` what the command returns."""

    def __init__(self, message: str, *, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def exit_code_of(error: Exception) -> int | None:
    """Return the exit code for an error whose text is a sentence for the user; None for any other."""
    if isinstance(error, RunFailedError):
        return error.exit_code
    if isinstance(error, (AuthenticationError, SettingsError, ThemesError, YearsError)):
        return WRONG_INPUT
    return None
