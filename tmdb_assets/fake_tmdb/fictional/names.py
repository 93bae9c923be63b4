"""Names of people who do not exist, by language."""

from random import Random

from tmdb_assets.fake_tmdb.draws import chance
from tmdb_assets.fake_tmdb.fictional.words import read_words

_WORDS = read_words("names")
WOMAN, MAN, NON_BINARY = 1, 2, 3


def draw_given_name(draw: Random, language: str, gender: int) -> str:
    """Draw a given name."""
    names = (
        _WORDS["women"] if gender == WOMAN or (gender == NON_BINARY and chance(draw, 0.5)) else _WORDS["men"]
    )
    return draw.choice(names[language])


def draw_name(draw: Random, language: str, gender: int) -> str:
    """Draw a full name."""
    given = draw_given_name(draw, language, gender)
    family = draw.choice(_WORDS["families"][language])
    if chance(draw, 0.12) and "-" not in given:  # an initial tells namesakes apart
        given = f"{given} {draw.choice('ABCDEFGHJKLMNPRSTVW')}."
    return f"{given} {family}"
