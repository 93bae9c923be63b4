"""The instants at which single commands are killed, and what each of them is about then."""

from dataclasses import dataclass

from tmdb_assets_tests.proofs.crash_points import CrashPoint, Kind

_DETAILS_COMMIT = "*/lake/movie_details/_delta_log/*.json"
_FAILURES_COMMIT = "*/lake/failed_movies/_delta_log/*.json"
_HISTORY_COMMIT = "*/lake/movie_history/_delta_log/*.json"
_SEGMENT = "*/raw/movie_details/*.ndjson"
_PACKED = "*/raw/movie_details/*.zst"
_PUBLISHED = "*/data/.warehouse-*"


@dataclass(frozen=True)
class KilledCommand:
    """A command, and instants at each of which it is killed; ``make test`` takes the first.

    Attributes
    ----------
    arguments
        What Python runs, after ``-m``.
    begins_after
        The command whose outcome it finds; None for what a first run left.
    """

    arguments: tuple[str, ...]
    begins_after: str | None
    points: tuple[CrashPoint, ...]


def command(*arguments: str) -> tuple[str, ...]:
    """Return what Python runs for a command of ours."""
    return ("tmdb_assets.cli", *arguments)


def _points(while_: str, *at: tuple[Kind, str] | tuple[Kind, str, int]) -> tuple[CrashPoint, ...]:
    return tuple(CrashPoint(while_, *each) for each in at)


KILLED_COMMANDS = {
    "run": KilledCommand(
        command("run", "--years", "2010-2011", "--min-votes", "0", "--refresh"),
        None,
        _points(
            "storing changes, the history first",
            ("link", _DETAILS_COMMIT),
            ("link", _HISTORY_COMMIT),
            ("unlink", f"{_HISTORY_COMMIT}#*"),
        ),
    ),
    "delete": KilledCommand(
        command("delete", "{kept}"),
        "run",
        _points(
            "deleting",
            ("link", _FAILURES_COMMIT),
            ("sync", "*/raw/movie_details/*"),
            ("link", _DETAILS_COMMIT),
            ("unlink", _SEGMENT),
            ("rename", _PUBLISHED),
        ),
    ),
    "import": KilledCommand(
        command("import", "{films}"),
        "delete",
        _points(
            "importing",
            ("link", _DETAILS_COMMIT),
            ("sync", "*/raw/movie_details/*"),
            ("link", _FAILURES_COMMIT),
            ("unlink", _SEGMENT),
            ("rename", _PUBLISHED),
            ("rename", "*/pending/*.json"),
        ),
    ),
    "rebuild": KilledCommand(
        command("rebuild"),
        "import",
        _points(
            "rebuilding",
            ("link", _FAILURES_COMMIT),
            ("link", _DETAILS_COMMIT),
            ("link", _HISTORY_COMMIT),
            ("rename", _PUBLISHED),
        ),
    ),
    "upkeep": KilledCommand(
        ("tmdb_assets_tests.proofs.upkeep_process",),
        "run",
        _points(
            "compacting",
            ("unlink", _PACKED, 2),
            ("sync", "*.compacting"),
            ("rename", "*.compacting"),
            ("link", _HISTORY_COMMIT),
        ),
    ),
}
"""In the order in which they are tried: what one leaves, undisturbed, is what the next begins with."""
