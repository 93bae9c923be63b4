"""Whether a film is asked for: by its row, by its answers in the journal, by what TMDB says of it."""

import dataclasses
import datetime as dt
from collections.abc import Collection, Mapping

from tmdb_assets.storage.pending import Pending, Position
from tmdb_assets.tables import FailedMovie
from tmdb_assets.transforms.refresh import Check, Due, RefreshPolicy


@dataclasses.dataclass(frozen=True, slots=True)
class Wanted:
    """A film that discovery or an upload's search promised."""

    tmdb_id: int
    title: str | None
    release_date: dt.date | None
    promised_at: dt.datetime


@dataclasses.dataclass(frozen=True, slots=True)
class Known:
    """A film that has a row."""

    release_year: int
    title: str | None
    release_date: dt.date
    checked_at: dt.datetime
    unchanged_count: int | None
    fingerprint: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class DetailsQuestion:
    """What decides which films are asked for.

    Attributes
    ----------
    fingerprint
        What a details request asks for, as a hash; answers to another question do not count.
    refresh
        Ask for every film, however fresh.
    again
        Of the films that have a row, ask for these alone; by default for all that are due.
    only
        Ask for these films alone; all others of the years stay as they are.
    marked_only
        Ask only for films that TMDB says have changed.
    """

    fingerprint: str
    refresh: bool = False
    again: Collection[int] | None = None
    only: Collection[int] | None = None
    marked_only: bool = False


@dataclasses.dataclass(frozen=True)
class Judge:
    """Says of each film whether it is asked for."""

    policy: RefreshPolicy
    pending: Pending
    question: DetailsQuestion
    now: dt.datetime
    known: Mapping[int, Known]
    failed: Mapping[int, FailedMovie]
    marks: Mapping[int, dt.datetime]

    def verdict(self, tmdb_id: int, wanted: Wanted | None = None, answer: Position | None = None) -> Due:
        """Return whether a film is due by what is known of it, or by an answer that is newer."""
        film, failure, mark = self.known.get(tmdb_id), self.failed.get(tmdb_id), self.marks.get(tmdb_id)
        if answer:
            date = wanted.release_date if wanted else None
            age = self.policy.details_age(date, self.now.date())
            if answer.outcome != "ok":
                age = self.policy.not_found_age
            return self.policy.due_by(age, answer.answered_at, self.now, marked_at=mark)
        if film:
            check = Check(
                checked_at=film.checked_at,
                release_date=film.release_date,
                unchanged_count=film.unchanged_count or 0,
            )
            return self.policy.due(check, self.now, marked_at=mark)
        if failure and failure.reason != "failed":
            return self.policy.due_by(self.policy.not_found_age, failure.checked_at, self.now, marked_at=mark)
        return "pending"

    def is_asked_for(self, tmdb_id: int, wanted: Wanted, answer: Position | None) -> bool:
        """Say whether a film is asked for, given an answer that is newer than what is stored."""
        verdict = self.verdict(tmdb_id, wanted, answer)
        if self.question.marked_only:
            return verdict == "marked" and self._may_be_asked_again(tmdb_id)
        if self.question.refresh:
            # What a run got that was killed a while ago is not asked for again.
            is_recent = answer and self.policy.is_fresh(answer.answered_at, self.now, self.policy.least_age)
            return not is_recent and self._may_be_asked_again(tmdb_id)
        if answer is None and verdict == "fresh":
            film = self.known.get(tmdb_id)
            return bool(film and self._is_outdated(film, wanted)) and self._may_be_asked_again(tmdb_id)
        return verdict != "fresh" and self._may_be_asked_again(tmdb_id)

    def is_news(self, answer: Position, checked_at: dt.datetime | None) -> bool:
        """Say whether an answer in the journal is of this question and newer than what is stored."""
        if answer.outcome not in {"ok", "not_found"} or answer.fingerprint != self.question.fingerprint:
            return False
        return checked_at is None or answer.answered_at > checked_at

    def has_news(self, tmdb_id: int) -> bool:
        """Say whether a killed run has left an answer that the tables do not have."""
        answer = self.pending.positions.get(tmdb_id)
        return answer is not None and self.is_news(answer, self.checked_at(tmdb_id))

    def checked_at(self, tmdb_id: int) -> dt.datetime | None:
        """Return when the tables say that a film was looked at last."""
        known = self.known.get(tmdb_id) or self.failed.get(tmdb_id)
        return known.checked_at if known else None

    def _may_be_asked_again(self, tmdb_id: int) -> bool:
        return self.question.again is None or tmdb_id not in self.known or tmdb_id in self.question.again

    def _is_outdated(self, film: Known, wanted: Wanted) -> bool:
        """Say whether a row answers another question, or TMDB's lists have moved its date since."""
        has_moved = film.release_date != wanted.release_date and wanted.promised_at > film.checked_at
        return film.fingerprint != self.question.fingerprint or has_moved
