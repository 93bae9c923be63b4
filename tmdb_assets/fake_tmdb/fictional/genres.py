"""Which genres fictional films have, and which go together."""

from random import Random

from tmdb_assets.fake_tmdb.draws import chance

SHARES = {
    18: 26, 35: 17, 53: 7, 27: 7, 28: 7, 99: 7, 10749: 6, 80: 4, 16: 4, 878: 3,
    12: 3, 9648: 2, 14: 2, 10751: 2, 10402: 1, 36: 1, 10752: 1, 37: 1, 10770: 1,
}  # fmt: skip
"""Of a hundred films, how many are first of all of a genre."""

_COMPANIONS: dict[int, tuple[int, ...]] = {
    28: (53, 12, 80, 878), 12: (28, 14, 10751), 16: (10751, 35, 12, 14), 35: (18, 10749, 10751, 80),
    80: (53, 18, 9648),
    99: (36, 10402), 18: (10749, 36, 35, 10402, 53), 10751: (35, 12, 14), 14: (12, 10751, 18),
    36: (18, 10752),
    27: (53, 9648, 878), 10402: (18, 35, 99), 9648: (53, 80, 18), 10749: (35, 18), 878: (28, 53, 12, 18),
    10770: (10749, 35, 18), 53: (80, 9648, 18), 10752: (18, 36, 28), 37: (28, 18, 12),
}  # fmt: skip
_WESTERNS_FADE = 1970
_THEMED = (18, 35, 10749, 18, 99, 10402, 53)
_IDS, _WEIGHTS = list(SHARES), list(SHARES.values())


def draw_genres(draw: Random, year: int, *, is_themed: bool) -> tuple[int, ...]:
    """Draw one to three genres, the leading one first."""
    first = draw.choice(_THEMED) if is_themed else draw.choices(_IDS, _WEIGHTS)[0]
    if year < _WESTERNS_FADE and chance(draw, 0.08):
        first = 37
    others = draw.sample(_COMPANIONS[first], k=min(draw.choice((0, 1, 1, 2)), len(_COMPANIONS[first])))
    return (first, *others)
