"""When and where fictional films are released, and for whom."""

import datetime as dt
import math
from random import Random
from typing import Any

from tmdb_assets.fake_tmdb.draws import chance
from tmdb_assets.fake_tmdb.entries import Entry

FIRST_YEAR = 1930
_GROWTH_YEARS = 33
_ANNOUNCED_SHARE = 0.12
_CERTIFICATIONS = {
    "US": ("G", "PG", "PG-13", "R"), "GB": ("U", "PG", "12A", "15"), "DE": ("0", "6", "12", "16"),
    "FR": ("TP", "TP", "12", "16"), "AU": ("G", "PG", "M", "MA15+"), "BR": ("L", "10", "12", "16"),
    "ES": ("A", "7", "12", "16"), "IT": ("T", "T", "6+", "14+"), "JP": ("G", "PG12", "R15+", "R18+"),
    "CA": ("G", "PG", "14A", "18A"),
    "KR": ("ALL", "12", "15", "19"), "SE": ("Btl", "7", "11", "15"), "NL": ("AL", "6", "12", "16"),
}  # fmt: skip
"""For everybody, and for three ages above: the same four steps in every country."""
_STRICT_GENRES, _MILD_GENRES = {27, 53, 80, 10752}, {16, 10751}
_FESTIVALS = (
    "Harrow Bay Film Festival",
    "Trieste Nights",
    "Festival du Film de Bellerive",
    "Stonehaven Film Week",
)
_PREMIERE, _THEATRICAL, _DIGITAL = 1, 3, 4


def films_per_year(count: int, current_year: int) -> dict[int, int]:
    """Share films out over the years: recent years have far more, and a few of next year are announced."""
    weights = {
        year: math.exp((year - FIRST_YEAR) / _GROWTH_YEARS) for year in range(FIRST_YEAR, current_year + 1)
    }
    weights[current_year + 1] = weights[current_year] * _ANNOUNCED_SHARE
    scale = count / sum(weights.values())
    shares = {year: weight * scale for year, weight in weights.items()}
    numbers = {year: int(share) for year, share in shares.items()}
    by_rest = sorted(shares, key=lambda year: (numbers[year] - shares[year], -year))
    for year in by_rest[: count - sum(numbers.values())]:
        numbers[year] += 1
    return numbers


def draw_date(draw: Random, year: int, current_year: int) -> str:
    """Draw a day of a year; some announced films have no date yet."""
    if year > current_year and chance(draw, 0.15):
        return ""
    return (dt.date(year, 1, 1) + dt.timedelta(days=draw.randrange(365))).isoformat()


def release_dates(entry: Entry, draw: Random, home: str, current_year: int) -> dict[str, Any]:
    """Return a film's releases, country by country; all but a festival's are in the year of the first."""
    if not entry.release_date:
        return {"results": []}
    primary = dt.date.fromisoformat(entry.release_date)
    level = draw.choice((0, 1)) if _MILD_GENRES.intersection(entry.genre_ids) else draw.choice((1, 2, 2, 3))
    level = max(level, 2) if _STRICT_GENRES.intersection(entry.genre_ids) else level
    countries = [home]
    if primary.year <= current_year:
        others = [country for country in _CERTIFICATIONS if country != home]
        reach = min(len(others), 1 + int(math.log10(1 + entry.vote_count) * 3))
        countries += draw.sample(others, k=draw.randint(min(2, reach), reach))
    results: list[dict[str, Any]] = []
    for country in sorted(countries):
        days = 0 if country == home else draw.choice((0, 0, 7, 14, 35, 70))
        date = min(primary + dt.timedelta(days=days), dt.date(primary.year, 12, 31))
        releases = [_release(date, _THEATRICAL, _certification(draw, country, level))]
        if country == home and entry.release_years[0] < primary.year:
            premiere = dt.date(primary.year - 1, draw.randint(9, 12), draw.randint(1, 28))
            releases.insert(0, _release(premiere, _PREMIERE, "", draw.choice(_FESTIVALS)))
        if country == home and primary.year > 2005 and primary.month < 9 and chance(draw, 0.5):  # noqa: PLR2004 -- arbitrary
            releases.append(
                _release(primary + dt.timedelta(days=90), _DIGITAL, _certification(draw, country, level))
            )
        results.append({"iso_3166_1": country, "release_dates": releases})
    return {"results": results}


def _certification(draw: Random, country: str, level: int) -> str:
    return _CERTIFICATIONS[country][level] if country in _CERTIFICATIONS and chance(draw, 0.8) else ""


def _release(date: dt.date, kind: int, certification: str, note: str = "") -> dict[str, Any]:
    return {
        "certification": certification,
        "descriptors": [],
        "iso_639_1": "",
        "note": note,
        "release_date": f"{date.isoformat()}T00:00:00.000Z",
        "type": kind,
    }
