"""The refresh policy over simulated time: no film starves, and none is asked for too often."""

import datetime as dt

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tmdb_assets.storage.policy_file import shipped_policy
from tmdb_assets.transforms.refresh import Check

POLICY = shipped_policy()
START = dt.datetime(2027, 12, 30, 22, tzinfo=dt.UTC)
TICK = dt.timedelta(hours=1)
DATES = st.none() | st.dates(dt.date(1874, 1, 1), dt.date(2029, 12, 31)) | st.just(dt.date(2024, 2, 29))


def days_allowed(check: Check, now: dt.datetime) -> int:
    """Return how old a film's details may be, as the issue says it."""
    if check.release_date is None or check.release_date > now.date():
        return 5
    days_out = (now.date() - check.release_date).days
    for up_to, days in ((60, 5), (180, 15), (365, 30)):
        if days_out <= up_to:
            return days
    return 180 if check.unchanged_count >= 3 else 90


class Film:
    """A film as TMDB has it, and when it was asked for."""

    def __init__(self, release_date: dt.date | None, now: dt.datetime) -> None:
        self.release_date = release_date
        self.appeared_at = now
        self.changed_at = now
        self.marks: list[dt.datetime] = []
        self.looks: list[tuple[dt.datetime, str]] = []
        self.check: Check | None = None


class Refreshing(RuleBasedStateMachine):
    """Films change, are marked at once, late or never; every hour those that are due are asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.films: list[Film] = []

    @rule(date=DATES)
    @precondition(lambda self: len(self.films) < 6)
    def appear(self, date: dt.date | None) -> None:
        """Promise a film."""
        self.films.append(Film(date, self.now))

    @rule(number=st.integers(0, 5), date=DATES)
    @precondition(lambda self: self.films)
    def move(self, number: int, date: dt.date | None) -> None:
        """Change a film, and perhaps its date."""
        film = self.films[number % len(self.films)]
        film.release_date, film.changed_at = date, self.now

    @rule(number=st.integers(0, 5))
    @precondition(lambda self: self.films)
    def mark(self, number: int) -> None:
        """Name a film in the changes feed."""
        self.films[number % len(self.films)].marks.append(self.now)

    @rule(hours=st.integers(1, 14) | st.integers(20, 24 * 40))
    def pass_time(self, hours: int) -> None:
        """Let hours go by; in each, what is due is asked for."""
        for _ in range(hours):
            self.now += TICK
            for film in self.films:
                self._look(film)

    def _look(self, film: Film) -> None:
        marked_at = film.marks[-1] if film.marks else None
        due = POLICY.due(film.check, self.now, marked_at=marked_at)
        if due == "fresh":
            return
        before = film.check
        is_observed = before is not None and self.now - before.checked_at >= POLICY.cached_for
        is_unchanged = before is not None and film.changed_at < before.checked_at
        count = before.unchanged_count if before and is_unchanged else 0
        film.check = Check(
            checked_at=self.now,
            release_date=film.release_date,
            unchanged_count=count + (is_observed and is_unchanged),
        )
        film.looks.append((self.now, due))

    @invariant()
    def no_film_starves(self) -> None:
        """Hold that each film was looked at within its age."""
        for film in self.films:
            last = film.check.checked_at if film.check else film.appeared_at
            longest = days_allowed(film.check, self.now) if film.check else 0
            assert self.now - last <= dt.timedelta(days=longest) + TICK

    @invariant()
    def every_mark_brings_a_look_that_tmdb_cannot_answer_from_before(self) -> None:
        """Hold that the second look comes."""
        for film in self.films:
            if film.marks and film.check and self.now >= film.marks[-1] + POLICY.cached_for + TICK:
                assert film.check.checked_at >= film.marks[-1] + POLICY.cached_for

    @invariant()
    def none_is_asked_for_too_often(self) -> None:
        """Hold that only a second look comes within twelve hours."""
        for film in self.films:
            for (before, _), (at, due) in zip(film.looks, film.looks[1:], strict=False):
                is_second_look = due == "marked" and any(
                    before < mark + POLICY.cached_for <= at for mark in film.marks
                )
                assert at - before >= POLICY.least_age or is_second_look


TestRefreshing = Refreshing.TestCase
TestRefreshing.settings = settings(
    settings(), stateful_step_count=max(25, settings.default.stateful_step_count)
)
