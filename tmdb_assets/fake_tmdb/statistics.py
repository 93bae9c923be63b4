"""What was asked: the counters that ``GET /__stats__`` shows."""

import time
from collections import Counter, deque
from typing import Any

from tmdb_assets.fake_tmdb.rate_limit import WINDOW_SECONDS


class Statistics:
    """Counts requests by path and status, and how fast and how parallel they came."""

    def __init__(self) -> None:
        self.requests = 0
        self._answers: Counter[tuple[str, str]] = Counter()
        self._recent: deque[float] = deque()
        self._peak_per_second = 0
        self._in_flight = 0
        self._peak_concurrency = 0
        self._answered_films: set[int] = set()
        self._repeated_details = 0
        self._first = self._last = 0.0

    def arrive(self, now: float) -> int:
        """Count a request that arrives and return its number, from 1."""
        if not self.requests:
            self._first = now
        self.requests += 1
        self._in_flight += 1
        self._peak_concurrency = max(self._peak_concurrency, self._in_flight)
        recent = self._recent
        recent.append(now)
        while now - recent[0] >= WINDOW_SECONDS:
            recent.popleft()
        self._peak_per_second = max(self._peak_per_second, len(recent))
        return self.requests

    def ask_details(self, film_id: int) -> None:
        """Count a request for a film's details that the film has already answered."""
        self._repeated_details += film_id in self._answered_films

    def answer_details(self, film_id: int) -> None:
        """Remember that a film's details went out whole with status 200."""
        self._answered_films.add(film_id)

    def finish(self, template: str, status: int) -> None:
        """Count an answer; status 0 is a connection that was reset without one."""
        self._in_flight -= 1
        self._last = time.monotonic()
        self._answers[template, str(status) if status else "reset"] += 1

    def as_json(self) -> dict[str, Any]:
        """Return the counters; ``seconds`` run from the first request to the last answer."""
        by_path: Counter[str] = Counter()
        by_status: Counter[str] = Counter()
        by_both: dict[str, dict[str, int]] = {}
        for (template, status), count in sorted(self._answers.copy().items()):
            by_path[template] += count
            by_status[status] += count
            by_both.setdefault(template, {})[status] = count
        return {
            "requests": self.requests,
            "by_path": dict(by_path),
            "by_status": dict(by_status),
            "by_path_and_status": by_both,
            "peak_per_second": self._peak_per_second,
            "peak_concurrency": self._peak_concurrency,
            "repeated_details": self._repeated_details,
            "seconds": round(max(0.0, self._last - self._first), 3),
        }
