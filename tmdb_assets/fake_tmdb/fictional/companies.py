"""The companies that make fictional films."""

from random import Random
from typing import Any

from tmdb_assets.fake_tmdb.draws import chance, draws
from tmdb_assets.fake_tmdb.fictional.countries import COUNTRIES, HOMES

_FIRST_ID = 9_700_001
_FIRST_WORDS = (
    "Lanternfish", "Paper Moon", "Northlight", "Blue Heron", "Tin Drum", "Copper Kettle", "Saltbox",
    "Amber", "Wandering Star", "Second Storey", "Hollow Oak", "Nine Lives", "Meridian", "Red Bicycle",
    "Quiet Hour", "Glasshouse", "Left Bank", "Juniper", "Magpie", "Tidewater", "Iron Kite", "Velvet Rope",
    "Long Shadow", "Firefly", "Old Harbour", "Moth & Flame", "Kestrel", "Riverside", "Umbrella",
    "Black Walnut", "Cloudberry", "Third Rail", "Sparrow", "Gilded Lily", "Aurora",
)  # fmt: skip
_LAST_WORDS = (
    "Pictures", "Films", "Studios", "Productions", "Entertainment", "Film Collective", "Media", "Animation",
    "Film", "Cinema", "& Sons", "Features",
)  # fmt: skip
_COUNT = len(_FIRST_WORDS) * len(_LAST_WORDS)
_LANGUAGES = list(HOMES)


def company(company_id: int) -> dict[str, Any]:
    """Return a company as film details show it."""
    place = company_id - _FIRST_ID
    draw = draws(company_id, "company")
    language = _LANGUAGES[0] if place % 2 else _LANGUAGES[place // 2 % len(_LANGUAGES)]
    return {
        "id": company_id,
        "logo_path": f"/fake-company-{company_id}.png" if chance(draw, 0.6) else None,
        "name": f"{_FIRST_WORDS[place % len(_FIRST_WORDS)]} {_LAST_WORDS[place // len(_FIRST_WORDS)]}",
        "origin_country": draw.choice(HOMES[language]) if chance(draw, 0.95) else "",
    }


def draw_companies(draw: Random, home: str) -> list[dict[str, Any]]:
    """Draw the companies behind a film, mostly of its own country."""
    found: dict[int, dict[str, Any]] = {}
    wanted = draw.choice((1, 1, 2, 2, 3, 4))
    for _ in range(wanted * 4):
        candidate = company(_FIRST_ID + draw.randrange(_COUNT))
        if candidate["origin_country"] in {home, ""} or chance(draw, 0.25):
            found[candidate["id"]] = candidate
        if len(found) == wanted:
            break
    return list(found.values())


def countries_of(companies: list[dict[str, Any]], home: str) -> list[dict[str, str]]:
    """Return the countries that produced a film, its home first."""
    codes = dict.fromkeys([home, *(each["origin_country"] for each in companies if each["origin_country"])])
    return [{"iso_3166_1": code, "name": COUNTRIES[code]} for code in codes]
