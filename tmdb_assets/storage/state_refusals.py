"""Why the state cannot be used, in a sentence that says what to do."""

from pathlib import Path

from tmdb_assets.settings import SettingsError, StoredDataError
from tmdb_assets.storage.lake_room import has_room
from tmdb_assets.storage.state_schema import StateDamagedError

_DAMAGED = ("malformed", "not a database")
"""What SQLite says of a file that is damaged."""


def refusal(why: str, file: Path | None) -> SettingsError:
    """Return an error that says what to do.

    Parameters
    ----------
    why
        What the database said.
    file
        The state's file; None where a server has it.
    """
    if file and file.is_dir():
        return StoredDataError(f"The state {file} is a folder: move it away, and a new state is made.")
    if "full" in why or ("I/O" in why and file and not has_room(file.parent)):
        return StoredDataError(f"The state cannot be kept ({why}): make room, then run it again.")
    if "I/O" in why and file:
        return StoredDataError(
            f"The disk of {file.parent} could not be read or written ({why}): mend that, then run it again."
        )
    if "locked" in why:
        return SettingsError(
            f"The state cannot be used ({why}): another process holds it; try again when it has ended."
        )
    if "readonly" in why:
        return SettingsError(
            f"The state cannot be written ({why}): give this user the right to, then run it again."
        )
    is_damaged = any(said in why for said in _DAMAGED)
    return (StateDamagedError if is_damaged else SettingsError)(
        f"The state database cannot be used ({why}): mend TMDB_ASSETS_STATE or the file, or move the "
        "file away: a new one is made, the history of requests is lost, and lists are asked for again."
    )
