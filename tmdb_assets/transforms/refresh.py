"""When what we know of TMDB is too old: the refresh policy, and what it says of a film."""

import datetime as dt
from typing import Annotated, Literal

import msgspec

from tmdb_assets.tables import NEVER_COMPARED, MovieDetail

_Days = Annotated[float, msgspec.Meta(gt=0, le=36_525)]
_Hours = Annotated[float, msgspec.Meta(ge=0, le=876_600)]
_Amount = Annotated[float, msgspec.Meta(ge=0)]

Due = Literal["pending", "marked", "aged", "fresh"]
"""pending: never answered; marked: TMDB says that it changed; aged: too old; fresh: nothing is asked."""


class RefreshPolicyError(ValueError):
    """The policy file is not of its form."""


class AgeRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Films that are at most so many days out are looked at every so many days."""

    up_to_days: int
    every_days: _Days


class DetailsRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often a film is looked at."""

    unreleased_every_days: _Days
    by_age: tuple[AgeRule, ...]
    older_every_days: _Days
    settled_checks: Annotated[int, msgspec.Meta(ge=1)]
    settled_every_days: _Days
    not_found_every_days: _Days
    never_within_hours: _Hours
    cached_hours: _Hours


class DiscoveryRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often a year's films are listed."""

    current_year_every_days: _Days
    past_years_every_days: _Days


class ChangeRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What counts as a change of a film."""

    fields: tuple[str, ...]
    vote_average_points: _Amount
    vote_count_percent: _Amount
    vote_count_least: _Amount


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """What the last look at a film found.

    Attributes
    ----------
    checked_at
        When TMDB was asked last.
    release_date
        None where it has none.
    unchanged_count
        Checks in a row that found it as it was.
    """

    checked_at: dt.datetime
    release_date: dt.date | None
    unchanged_count: int = 0


class RefreshPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How old what we know of TMDB may be; ``refresh.yaml`` in types."""

    details: DetailsRules
    discovery: DiscoveryRules
    keywords_every_days: _Days
    searches_every_days: _Days
    change: ChangeRules

    @property
    def keywords_age(self) -> dt.timedelta:
        """How long a theme's keyword ids are taken."""
        return dt.timedelta(days=self.keywords_every_days)

    @property
    def searches_age(self) -> dt.timedelta:
        """How long TMDB's search for a title is taken, before an upload asks for the same title again."""
        return dt.timedelta(days=self.searches_every_days)

    @property
    def not_found_age(self) -> dt.timedelta:
        """How long TMDB's word is taken that it does not have a film which its own lists still name."""
        return dt.timedelta(days=self.details.not_found_every_days)

    @property
    def least_age(self) -> dt.timedelta:
        """Within this no film is looked at again."""
        return dt.timedelta(hours=self.details.never_within_hours)

    @property
    def cached_for(self) -> dt.timedelta:
        """How long after a change TMDB may still answer with what was before."""
        return dt.timedelta(hours=self.details.cached_hours)

    @property
    def current_discovery_age(self) -> dt.timedelta:
        """How long the list of the current year is taken, or of one to come."""
        return dt.timedelta(days=self.discovery.current_year_every_days)

    def discovery_age(self, year: int, today: dt.date) -> dt.timedelta:
        """Return how old a year's list of films may be."""
        if year >= today.year:
            return self.current_discovery_age
        return dt.timedelta(days=self.discovery.past_years_every_days)

    def details_age(
        self, release_date: dt.date | None, today: dt.date, *, unchanged_count: int = 0
    ) -> dt.timedelta:
        """Return how old a film's details may be.

        Parameters
        ----------
        release_date
            None counts as not yet released.
        today
            The date at UTC.
        unchanged_count
            Checks in a row that found it unchanged.
        """
        return dt.timedelta(days=self._every_days(release_date, today, unchanged_count))

    def _every_days(self, release_date: dt.date | None, today: dt.date, unchanged_count: int) -> float:
        rules = self.details
        if release_date is None or release_date > today:
            return rules.unreleased_every_days
        days_out = (today - release_date).days
        for rule in rules.by_age:
            if days_out <= rule.up_to_days:
                return rule.every_days
        return rules.settled_every_days if unchanged_count >= rules.settled_checks else rules.older_every_days

    def due(self, film: Check | None, now: dt.datetime, *, marked_at: dt.datetime | None = None) -> Due:
        """Return whether a film is to be asked for, and why.

        Parameters
        ----------
        film
            What is known of it; None where TMDB never answered.
        now
            UTC.
        marked_at
            When TMDB was last seen to say that the film changed, came or went.
        """
        if film is None:
            return "pending"
        age = self.details_age(film.release_date, now.date(), unchanged_count=film.unchanged_count)
        return self.due_by(age, film.checked_at, now, marked_at=marked_at)

    def due_by(
        self,
        age: dt.timedelta,
        checked_at: dt.datetime,
        now: dt.datetime,
        *,
        marked_at: dt.datetime | None = None,
    ) -> Due:
        """Return whether what was checked once and is kept for ``age`` is to be asked for, and why."""
        if now - checked_at < -self.least_age:  # the clock was ahead then
            return "aged"
        if marked_at and self.is_marked(checked_at, now, marked_at=marked_at):
            return "marked"
        return "fresh" if self.is_fresh(checked_at, now, max(age, self.least_age)) else "aged"

    def is_fresh(self, at: dt.datetime, now: dt.datetime, age: dt.timedelta) -> bool:
        """Say whether what was had at a moment is younger than an age.

        What is of a time to come was had while the clock was ahead: nothing is known of how old it is.
        """
        return -self.least_age <= now - at < age

    def is_marked(self, checked_at: dt.datetime, now: dt.datetime, *, marked_at: dt.datetime) -> bool:
        """Say whether a mark makes a film due that was checked once.

        It brings a look, and a second one once TMDB cannot answer from before the change any more. That one
        alone comes however recently the film was looked at.
        """
        if marked_at > now:  # another machine's clock is ahead
            return False
        second_look = marked_at + self.cached_for
        is_second = checked_at < second_look <= now
        return is_second or (checked_at < marked_at and now - checked_at >= self.least_age)


def parse_policy(text: bytes, *, source: str) -> RefreshPolicy:
    """Read a refresh policy from YAML.

    Parameters
    ----------
    text
        The file's content.
    source
        Its name, for the error sentence.

    Raises
    ------
    RefreshPolicyError
        The text is not YAML, or not of the form of ``refresh.yaml``, or contradicts itself.
    """
    try:
        policy = msgspec.yaml.decode(text, type=RefreshPolicy)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        why = " ".join(str(error).split()).rstrip(".")  # YAML's own errors go over several lines
        raise RefreshPolicyError(f"{source} is not a refresh policy: {why}.") from None
    bounds = [rule.up_to_days for rule in policy.details.by_age]
    if bounds != sorted(set(bounds)):
        raise RefreshPolicyError(f"{source} has by_age out of order: list up_to_days from small to large.")
    comparable = [column for column in MovieDetail.schema() if column not in NEVER_COMPARED]
    if unknown := sorted(set(policy.change.fields) - set(comparable)):
        raise RefreshPolicyError(
            f"{source} names {', '.join(unknown)} under change: fields; those that can be compared are "
            f"{', '.join(comparable)}."
        )
    return policy
