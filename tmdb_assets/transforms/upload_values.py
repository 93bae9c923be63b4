"""What the cells of an uploaded list say: years, titles, ratings and dates as people write them."""

import datetime as dt
import re
from collections.abc import Sequence

_UNKNOWN = frozenset(
    {
        *("-", "\u2013", "\u2014", "?", "n/a", "na", "nan", "none", "null", "\\n", "tba", "tbd"),
        *("unknown", "0", "0.0"),
    }
)
_YEAR = r"(?:18[7-9][0-9]|19[0-9]{2}|20[0-9]{2})"
_YEAR_IN_TEXT = re.compile(rf"(?<![0-9]){_YEAR}(?![0-9])")
_YEAR_AT_END = re.compile(rf"(?P<title>.*\S)\s*[(\[](?P<year>{_YEAR})[)\]]")

_ARTICLE_AT_END = re.compile(r"(?P<rest>.+), (?P<article>The|An?)")
_ARTICLES = (
    *(
        "The",
        "A",
        "An",
        "Le",
        "La",
        "Les",
        "L'",
        "Un",
        "Une",
        "Der",
        "Die",
        "Das",
        "Ein",
        "Eine",
        "El",
        "Los",
    ),
    *("Las", "Una", "Il", "Lo", "Gli", "De", "Het", "Een", "Den", "Det", "En", "Et", "Ett"),
)
_MOVIELENS_TITLE = re.compile(
    rf"(?P<rest>.+?), (?P<article>{'|'.join(_ARTICLES)})(?: \(.+\))?"  # other titles follow in parentheses
)

_NUMBER = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{1,6})?")

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATES = (
    re.compile(r"(?P<year>[0-9]{4})[-/.](?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2})(?:[T ].*)?"),
    re.compile(r"(?P<day>[0-9]{1,2})\.\s*(?P<month>[0-9]{1,2})\.\s*(?P<year>[0-9]{4})"),
    re.compile(r"(?P<day>[0-9]{1,2})[ -](?P<month>[a-z]{3})[a-z]*[ -](?P<year>[0-9]{4})"),
    re.compile(r"(?P<month>[a-z]{3})[a-z]*\.? (?P<day>[0-9]{1,2}), (?P<year>[0-9]{4})"),
    re.compile(  # IMDb until 2016: Sat Dec 31 00:00:00 2016
        r"[a-z]{3} (?P<month>[a-z]{3})\s+(?P<day>[0-9]{1,2}) [0-9:]+ (?P<year>[0-9]{4})"
    ),
)


def is_unknown(cell: str) -> bool:
    """Say whether a cell is empty or says that its value is not known, as ``-``, ``N/A`` or ``0``."""
    return not cell or cell.casefold() in _UNKNOWN


def year_in(cell: str) -> int | None:
    """Return the only year in a cell, of ``1999``, ``1999.0`` or a date; None where it has none or two."""
    years = set(_YEAR_IN_TEXT.findall(cell))
    return int(years.pop()) if len(years) == 1 else None


def title_and_year(title: str) -> tuple[str, int | None]:
    """Return a title without the year in parentheses at its end, and that year: ``Heat (1995)``."""
    found = _YEAR_AT_END.fullmatch(title)
    return (found["title"], int(found["year"])) if found else (title, None)


def with_article_in_front(title: str, *, is_movielens: bool) -> str:
    """Return a title with its article where people say it: ``Matrix, The`` is The Matrix.

    Parameters
    ----------
    is_movielens
        Whether titles are of MovieLens' form, which ends in a year. There articles of any language stand at
        the end, and other titles may follow: ``City of Lost Children, The (Cité des enfants perdus, La)``.
        Elsewhere only an English article is sure to be one.
    """
    found = (_MOVIELENS_TITLE if is_movielens else _ARTICLE_AT_END).fullmatch(title)
    if not found:
        return title
    space = "" if found["article"].endswith("'") else " "
    return f"{found['article']}{space}{found['rest']}"


def number_in(cell: str) -> float | None:
    """Return a cell's number, with a decimal point or comma; None where it is none."""
    return float(cell.replace(",", ".")) if _NUMBER.fullmatch(cell) else None


def date_in(cell: str) -> dt.date | None:
    """Return the date that a cell gives; None where it is none or may be read in two ways, as 03/04/2020."""
    for form in _DATES:
        if found := form.fullmatch(cell.casefold()):
            return _date(found["year"], found["month"], found["day"])
    return None


def rating_unit(ratings: Sequence[float], *, is_imdb: bool) -> float | None:
    """Return how much of a list's ratings is one point of ten.

    IMDb counts up to ten points. Other lists are taken by their greatest rating: up to 5 they count stars, as
    Letterboxd does, up to 10 points, up to 100 per cent.

    Returns
    -------
    float | None
        0.5, 1 or 10: a rating divided by it is one of 0 to 10; None where a rating is over 100.
    """
    greatest = max(ratings, default=0)
    if greatest <= 5 and not is_imdb:  # noqa: PLR2004 -- stars
        return 0.5
    if greatest <= 10:  # noqa: PLR2004 -- points
        return 1
    return 10 if greatest <= 100 else None  # noqa: PLR2004 -- per cent


def _date(year: str, month: str, day: str) -> dt.date | None:
    try:
        return dt.date(int(year), int(month) if month.isdecimal() else _MONTHS.index(month) + 1, int(day))
    except ValueError:
        return None
