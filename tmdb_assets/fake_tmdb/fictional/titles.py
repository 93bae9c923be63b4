"""Titles of fictional films: in English, and in the film's own language now and then."""

from collections.abc import Callable
from random import Random

from tmdb_assets.fake_tmdb.draws import chance
from tmdb_assets.fake_tmdb.fictional.names import MAN, WOMAN, draw_given_name, draw_name
from tmdb_assets.fake_tmdb.fictional.phrases import PHRASES
from tmdb_assets.fake_tmdb.fictional.words import read_words

_WORDS = read_words("titles")
ADJECTIVES, NOUNS, PLURALS, VERBS, GERUNDS, PLACES, NUMBERS, ROLES, RELATIVES, SUBTITLES = (
    _WORDS[name]
    for name in (
        "adjectives",
        "nouns",
        "plurals",
        "verbs",
        "gerunds",
        "places",
        "numbers",
        "roles",
        "relatives",
        "subtitles",
    )
)
OF_GENRE: dict[int, list[str]] = {int(genre): nouns for genre, nouns in _WORDS["of_genre"].items()}
_TRIES = 8
_ROMAN = ("II", "III", "IV", "V", "VI")

_PATTERNS: tuple[tuple[int, Callable[[Random, str], str]], ...] = (
    (10, lambda draw, noun: f"The {draw.choice(ADJECTIVES)} {noun}"),
    (6, lambda draw, noun: f"The {noun} of {draw.choice(PLACES)}"),
    (5, lambda draw, noun: f"{noun} and {draw.choice(NOUNS)}"),
    (5, lambda draw, _: f"{draw.choice(ADJECTIVES)} {draw.choice(PLURALS)}"),
    (5, lambda draw, _: f"{draw.choice(GERUNDS)} {_given(draw)}"),
    (5, lambda draw, _: f"The {draw.choice(ROLES)}'s {draw.choice(RELATIVES)}"),
    (4, lambda draw, _: f"{draw.choice(NUMBERS)} {draw.choice(PLURALS)}"),
    (4, lambda draw, _: f"Where the {draw.choice(PLURALS)} {draw.choice(VERBS)}"),
    (
        4,
        lambda draw, noun: (
            f"A {noun} for {_given(draw)}" if noun[0] not in "AEIOU" else f"{_given(draw)}'s {noun}"
        ),
    ),
    (4, lambda draw, noun: f"{noun} in {draw.choice(PLACES)}"),
    (3, lambda draw, _: f"No {draw.choice(PLURALS)} in {draw.choice(PLACES)}"),
    (3, lambda draw, _: f"{draw_name(draw, 'en', draw.choice((WOMAN, MAN)))}"),
    (3, lambda _, noun: f"Before the {noun}"),
    (3, lambda draw, _: f"Letters from {draw.choice(PLACES)}"),
    (3, lambda draw, noun: f"{_given(draw)} and the {noun}"),
    (3, lambda draw, _: f"All the {draw.choice(ADJECTIVES)} {draw.choice(PLURALS)}"),
    (2, lambda draw, _: f"When {draw.choice(PLURALS)} {draw.choice(VERBS)}"),
    (2, lambda draw, _: f"The {draw.choice(NUMBERS)} {draw.choice(PLURALS)} of {draw.choice(PLACES)}"),
    (2, lambda draw, noun: f"Goodnight, {draw.choice((_given(draw), draw.choice(PLACES), noun))}"),
    (2, lambda draw, _: draw.choice(PLACES)),
    (2, lambda draw, _: f"{_given(draw)}"),
    (1, lambda _, noun: noun),
)
_WEIGHTS = [weight for weight, _ in _PATTERNS]
_WRITERS = [write for _, write in _PATTERNS]


class Titles:
    """Draws titles, and hardly ever the same twice."""

    def __init__(self) -> None:
        self._used: set[str] = set()

    def draw(self, draw: Random, genre: int, language: str) -> tuple[str, str]:
        """Draw an English title and the original one; they are the same unless the film has two."""
        is_foreign = language in PHRASES and chance(draw, 0.7)
        title = _foreign(draw, language) if is_foreign else _english(draw, genre)
        for _ in range(_TRIES):
            if title[0] not in self._used:
                break
            is_foreign = is_foreign and chance(draw, 0.8)  # a language may run out of titles
            title = _foreign(draw, language) if is_foreign else _english(draw, genre)
        self._used.add(title[0])
        return title


def sequel_title(draw: Random, first: str, part: int) -> str:
    """Return the title of a collection's second, third, ... part."""
    style = draw.random()
    if style < 0.4:  # noqa: PLR2004 - four in ten are numbered
        return f"{first} {part}"
    if style < 0.6:  # noqa: PLR2004 - two in ten in Roman
        return f"{first} {_ROMAN[part - 2]}"
    return f"{first}: {draw.choice(SUBTITLES)}"


def _english(draw: Random, genre: int) -> tuple[str, str]:
    noun = draw.choice(OF_GENRE[genre]) if genre in OF_GENRE and chance(draw, 0.45) else draw.choice(NOUNS)
    title = draw.choices(_WRITERS, _WEIGHTS)[0](draw, noun)
    return title, title


def _foreign(draw: Random, language: str) -> tuple[str, str]:
    original, english = PHRASES[language].draw(draw)
    return english, original


def _given(draw: Random) -> str:
    return draw_given_name(
        draw, draw.choice(("en", "en", "en", "fr", "it", "es", "de")), draw.choice((WOMAN, MAN))
    )
