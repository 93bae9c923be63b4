"""Ranges of release years, as people write them."""

import re

FIRST_YEAR = 1874
"""The year of the oldest film that TMDB knows."""

_FORM = re.compile(r"([0-9]{4})(?:\s*(?:-|\.\.)\s*([0-9]{4}))?")


class YearsError(ValueError):
    """The text is no range of release years."""


def parse_years(text: str, *, last: int) -> range:
    """Read ``2015-2026`` or ``2015``.

    Parameters
    ----------
    text
        A year, or the first and the last one.
    last
        The last year that is allowed.

    Raises
    ------
    YearsError
        The text is of another form, or names years that do not exist yet.
    """
    form = _FORM.fullmatch(text.strip())
    if not form:
        raise YearsError(f"{text!r} is no year or range of years: write 2015 or 2015-2026.")
    first = int(form[1])
    end = int(form[2] or first)
    if end < first:
        raise YearsError(f"{text!r} ends before it begins: write {end}-{first}.")
    if first < FIRST_YEAR or end > last:
        raise YearsError(f"{text!r} is out of range: release years go from {FIRST_YEAR} to {last}.")
    return range(first, end + 1)
