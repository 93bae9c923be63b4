"""The log of changes: which film was added or changed when."""

import datetime as dt


class ChangeLog:
    """Films by the moments at which they were changed.

    Parameters
    ----------
    last_day_counts
        Whether the last day of a range belongs to it; TMDB does not say.
    """

    def __init__(self, *, last_day_counts: bool = True) -> None:
        self.last_day_counts = last_day_counts
        self._changes: list[tuple[dt.datetime, int]] = []

    def add(self, film: int, at: dt.datetime) -> None:
        """Note that a film was changed."""
        self._changes.append((at, film))

    def between(self, start: dt.datetime, end: dt.datetime) -> list[int]:
        """Return each film that was changed from a moment on and before another, the latest change first."""
        changes = sorted((change for change in self._changes if start <= change[0] < end), reverse=True)
        return list(dict.fromkeys(film for _, film in changes))
