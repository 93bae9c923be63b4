"""How fictional films fare: votes with a heavy tail, money that is known of few."""

import math
from dataclasses import dataclass
from random import Random

from tmdb_assets.fake_tmdb.draws import chance

_ANIMATION, _DOCUMENTARY = 16, 99
_MOST_VOTES = 38_000


@dataclass(frozen=True, slots=True)
class Reception:
    """What the audience and the box office made of a film."""

    vote_count: int
    vote_average: float
    popularity: float
    revenue: int


def draw_reception(
    draw: Random, year: int, current_year: int, *, is_english: bool, is_sequel: bool
) -> Reception:
    """Draw a film's reception: recent, English and sequel films are seen by more."""
    if year > current_year:
        return Reception(0, 0.0, round(draw.lognormvariate(0.4, 0.8), 4), 0)
    recency = (year - 1930) / max(1, current_year - 1930)
    level = 2.6 + 2.2 * recency + 0.5 * is_english + 1.2 * is_sequel - 0.7 * (year == current_year)
    votes = min(_MOST_VOTES, int(math.exp(draw.gauss(level, 1.9))))
    if not votes:
        return Reception(0, 0.0, round(draw.uniform(0.0, 0.6), 4), 0)
    average = min(9.1, max(1.5, draw.gauss(5.9 + 0.13 * math.log(votes), 0.8)))
    popularity = votes**0.5 / 12 * draw.lognormvariate(0, 0.5) * (0.5 + recency)
    revenue = 0
    if chance(draw, min(0.9, votes / 1500)):
        revenue = int(votes * draw.lognormvariate(9.3, 0.8))
    return Reception(votes, round(average, 3), round(popularity, 4), revenue)


def draw_runtime(draw: Random, genre: int, year: int) -> int:
    """Draw how many minutes a film runs; 0 when nobody says."""
    if chance(draw, 0.03):
        return 0
    if chance(draw, 0.05):
        return draw.randint(6, 34)
    usual = {_ANIMATION: 91, _DOCUMENTARY: 86}.get(genre, 104) - max(0, 1960 - year) // 3
    return max(50, int(draw.gauss(usual, 13)))


def draw_budget(draw: Random, revenue: int) -> int:
    """Draw a budget that goes with a revenue; most are unknown."""
    if not revenue or chance(draw, 0.2):
        return 0
    return int(round(revenue / draw.lognormvariate(0.7, 0.6), -3)) or revenue
