"""What was asked for on the command line."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class RunOptions:
    """The options of `tmdb-assets run`."""

    years: str | None
    min_votes: int
    refresh: bool
    allow_fake: bool
    dry_run: bool
    as_json: bool
