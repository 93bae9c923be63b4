"""Waits: for how long a reply's headers ask to be left alone; pure, and harmless when they are odd."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

__all__ = ["seconds_asked_for", "seconds_until_reset"]

_LONGEST_RESET = 60.0
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")


def seconds_asked_for(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return for how many seconds a refusal asks to wait, or ``None`` where it does not say.

    ``Retry-After`` counts (seconds, a fraction, or an HTTP date), else the end of a used-up limit.

    Parameters
    ----------
    headers
        The reply's, under lower-case names.
    now
        The time, in UTC; the reply's own ``Date`` is preferred, since clocks differ.
    """
    text = headers.get("retry-after", "")
    seconds = _number(text)
    if seconds is None and (date := _date(text)) is not None:
        seconds = (date - _sent_at(headers, now)).total_seconds()
    if seconds is not None and seconds > 0:
        return seconds
    return seconds_until_reset(headers, now) or None


def seconds_until_reset(headers: Mapping[str, str], now: datetime) -> float:
    """Return for how many seconds the limit that the reply tells of is used up; 0 when it is not.

    TMDB sent ``X-RateLimit-Remaining`` and ``-Reset``, the second of the epoch at which counting starts
    anew, until 2019. A reset that is not within the next minute is taken for odd, and ignored.
    """
    if _number(headers.get("x-ratelimit-remaining", "")) != 0:
        return 0.0
    reset = _number(headers.get("x-ratelimit-reset", ""))
    seconds = (reset or 0.0) - _sent_at(headers, now).timestamp()
    return seconds if 0 < seconds <= _LONGEST_RESET else 0.0


def _sent_at(headers: Mapping[str, str], now: datetime) -> datetime:
    return _date(headers.get("date", "")) or now


def _number(text: str) -> float | None:
    # Not all that `float` reads is a number in HTTP: neither "1_0" nor "nan", nor digits of other scripts.
    return float(text) if _NUMBER.fullmatch(text.strip()) else None


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    # A date without a zone is UTC in HTTP.
    return date if date.tzinfo else date.replace(tzinfo=UTC)
