"""Which film a title and a year mean: what counts as the same title, and when a match is certain."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

import msgspec

from tmdb_assets.tables import Candidate

KEPT_CANDIDATES = 20
"""Films that an ambiguous match names at most."""

_YEARS_APART = 1  # IMDb counts festival premieres, TMDB theatrical ones
_WITHOUT_YEAR = 0.8

_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "\u0131": "i"}
    | dict.fromkeys(
        "\u02b9\u02bb\u02bc\u02be\u02bf\u02c8", ""
    )  # apostrophes that are letters to Unicode: Hawai\u02bbi
)
_ACCENTS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
_BETWEEN_DIGITS = re.compile(r"(?<=\d),(?=\d\d\d)")  # 10,000 BC
_ELLIPSIS = re.compile(r"\.{2,}")  # tick, tick...BOOM!
_DIVIDERS = frozenset("\u00b7\u2022\u30fb\uff65\u2219\u22c5/\\\u2044:;,|+=~")
_DIVIDING_CATEGORIES = frozenset({"Pd", "Pc", "Ps", "Pe", "Zs", "Zl", "Zp", "Cc"})
_NUMBER_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """Which film a row of a list means, as far as titles and years can tell.

    Attributes
    ----------
    tmdb_id
        The film; None unless matched.
    score
        How well it fits, 0 to 1; None unless matched.
    candidates
        The films that an ambiguous row may mean: those of the row's year first, then by id.
    problem
        Why there is no match: one sentence.
    """

    status: Literal["matched", "ambiguous", "not_found"]
    tmdb_id: int | None = None
    score: float | None = None
    candidates: tuple[Candidate, ...] = ()
    problem: str | None = None


def normalised_title(title: str) -> str:
    """Return what must be equal for two titles to be the same.

    Case, accents, punctuation and repeated spaces do not count, and "&" is "and". Scripts, articles and
    numerals stay as they are. A title of punctuation only, such as ``$`` or ``!!!``, stays itself.
    """
    if title.isascii():  # nothing to decompose: this takes a third of the time
        decomposed = title.casefold()
    else:
        apart = "".join(_set_apart(char) for char in title)
        decomposed = unicodedata.normalize("NFKD", apart).casefold().translate(_LETTERS)
        decomposed = _ACCENTS.sub("", decomposed)
    spaced = _ELLIPSIS.sub(" ", _BETWEEN_DIGITS.sub("", decomposed)).replace("&", " and ")
    plain = "".join(char if char.isalnum() or char == " " else _plain(char) for char in spaced)
    return unicodedata.normalize("NFC", " ".join(plain.split())) or " ".join(title.split())


def match(title: str, year: int | None, films: Iterable[Candidate]) -> Match:
    """Say which film a title and a year mean.

    Certain is only the one film of this title in this year, or, where the row has no year, the only film of
    this title. A film of the year before or after is a candidate: release years differ between sources.

    Parameters
    ----------
    title
        As in the list.
    year
        The release year as in the list; None where it has none.
    films
        The films to choose from; others than those of this title may be among them, and one more than once.
    """
    wanted = normalised_title(title)
    same = {film.tmdb_id: film for film in films if wanted in _titles(film)}
    fitting = [film for film in same.values() if _is_near(film, year)]
    exact = [film for film in fitting if year is None or _release_year(film) == year]
    if len(exact) == 1:
        return Match(
            status="matched", tmdb_id=exact[0].tmdb_id, score=1.0 if year is not None else _WITHOUT_YEAR
        )
    if not fitting:
        of_what = "this title" if year is None else "this title and year"
        return Match(status="not_found", problem=f"TMDB has no film of {of_what}.")
    ranked = sorted(
        fitting, key=lambda film: (year is not None and _release_year(film) != year, film.tmdb_id)
    )
    return Match(
        status="ambiguous",
        candidates=tuple(ranked[:KEPT_CANDIDATES]),
        problem=_what_is_ambiguous(year, exact, fitting),
    )


def index_by_title(films: Iterable[Candidate]) -> dict[str, list[Candidate]]:
    """Return films by their normalised title and original title, so that many titles are matched quickly."""
    index: dict[str, list[Candidate]] = {}
    for film in films:
        for title in _titles(film):
            index.setdefault(title, []).append(film)
    return index


def _set_apart(char: str) -> str:
    """Return a character as it may be decomposed: ``Alien³`` is ``Alien 3``, and ``™`` is no ``TM``."""
    category = unicodedata.category(char)
    return f" {char}" if category == "No" else "" if category == "So" else char


def _plain(char: str) -> str:
    category = unicodedata.category(char)
    if char in _DIVIDERS or category in _DIVIDING_CATEGORIES:
        return " "
    return char if category[0] in "LNM" else ""


def _titles(film: Candidate) -> set[str]:
    """Return a film's titles, normalised; one that is empty is no title."""
    return {normalised_title(title) for title in {film.title, film.original_title} if title} - {""}


def _is_near(film: Candidate, year: int | None) -> bool:
    if year is None:
        return True
    released = _release_year(film)
    return released is not None and abs(released - year) <= _YEARS_APART


def _release_year(film: Candidate) -> int | None:
    return film.release_date.year if film.release_date else None


def _what_is_ambiguous(year: int | None, exact: list[Candidate], fitting: list[Candidate]) -> str:
    if year is None:
        return f"{_counted(len(fitting))} have this title, and the row has no year."
    if exact:
        return f"{_counted(len(exact))} of {year} have this title."
    others = " and ".join(
        str(other) for other in sorted({film.release_date.year for film in fitting if film.release_date})
    )
    if len(fitting) == 1:
        return f"The only film of this title near {year} is of {others}."
    return f"No film of {year} has this title, but {_counted(len(fitting)).lower()} of {others} have."


def _counted(count: int) -> str:
    number = _NUMBER_WORDS[count].capitalize() if count < len(_NUMBER_WORDS) else f"{count:,}"
    return f"{number} films"
