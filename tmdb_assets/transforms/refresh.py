"""When what we know of TMDB is too old: the refresh policy, as tables."""

import datetime as dt

KEYWORDS_AGE = dt.timedelta(days=7)
"""A theme's keyword ids are looked up again after this long."""

CURRENT_DISCOVERY_AGE = dt.timedelta(days=1)
"""The current year and those to come are discovered again after this long."""

PAST_DISCOVERY_AGE = dt.timedelta(days=30)
"""Past years are discovered again after this long."""

DETAILS_AGES: tuple[tuple[int, int], ...] = ((0, 5), (60, 5), (180, 15), (365, 30))
"""Up to how many days after its release a film's details are kept, and for how many days."""

OLD_DETAILS_AGE = dt.timedelta(days=90)
"""How long the details of an older film are kept."""

NOT_FOUND_AGE = dt.timedelta(days=5)
"""How long TMDB's word is taken that it does not have a film which its own lists still name."""

SEARCHES_AGE = dt.timedelta(days=7)
"""How long TMDB's search for a title is taken, before an upload asks for the same title again."""


def discovery_age(year: int, today: dt.date) -> dt.timedelta:
    """Return how old a year's list of films may be."""
    return CURRENT_DISCOVERY_AGE if year >= today.year else PAST_DISCOVERY_AGE


def details_age(release_date: dt.date | None, today: dt.date) -> dt.timedelta:
    """Return how old a film's details may be.

    Parameters
    ----------
    release_date
        None counts as not yet released.
    today
        The date at UTC.
    """
    days_out = (today - release_date).days if release_date else 0
    for up_to_days, kept_days in DETAILS_AGES:
        if days_out <= up_to_days:
            return dt.timedelta(days=kept_days)
    return OLD_DETAILS_AGE
