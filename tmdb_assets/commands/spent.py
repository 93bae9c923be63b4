"""What was asked of TMDB, in words: today by table, and the days before in a line each."""

import datetime as dt
import textwrap
from collections.abc import Iterable

from tmdb_assets.resources.progress_lines import spoken
from tmdb_assets.tables import ApiUsage

_WIDTH = 96
_HEADINGS = ("sent", "ok", "not found", "failed", "retries", "429s", "held back", "MB")


def requests_by_day(usage: Iterable[ApiUsage]) -> dict[str, int]:
    """Return the requests of each day."""
    by_day: dict[str, int] = {}
    for each in usage:
        by_day[each.day.isoformat()] = by_day.get(each.day.isoformat(), 0) + each.request_count
    return by_day


def spent_lines(usage: Iterable[ApiUsage], today: dt.date) -> list[str]:
    """Return the lines of a status."""
    usage = sorted(usage, key=lambda each: (-each.day.toordinal(), -each.request_count))
    of_today = [each for each in usage if each.day == today]
    before = [each for each in usage if each.day < today]
    if not of_today:
        lines = ["requests today: none"]
    else:
        lines = [f"{'requests today':<19}" + "".join(f"{heading:>10}" for heading in _HEADINGS)]
        lines += [
            f"  {each.asset:<17}" + "".join(f"{cell:>10}" for cell in _cells(each)) for each in of_today
        ]
    if before:
        lines.append("requests of the last days")
    for day, total in requests_by_day(before).items():
        named = (f"{each.asset} {each.request_count:,}" for each in before if each.day.isoformat() == day)
        line = f"  {day} {total:>9,}: {', '.join(named)}"
        lines += textwrap.wrap(line, _WIDTH, subsequent_indent=" " * 24)
    return lines


def _cells(each: ApiUsage) -> list[str]:
    counts = (
        each.request_count,
        each.ok_count,
        each.not_found_count,
        each.failed_count,
        each.retry_count,
        each.rate_limited_count,
    )
    return [
        *(f"{count:,}" for count in counts),
        spoken(each.waited_seconds),
        f"{each.received_bytes / 1e6:,.1f}",
    ]
