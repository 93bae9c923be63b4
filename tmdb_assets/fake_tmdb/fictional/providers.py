"""Where fictional films can be watched: services that do not exist."""

from random import Random
from typing import Any

from tmdb_assets.fake_tmdb.draws import chance
from tmdb_assets.fake_tmdb.entries import Entry

_NAMES = (
    "Lumenarium",
    "Reelhouse",
    "Popcorn Shelf",
    "Matinée",
    "Nightlight",
    "Cinebarge",
    "Kiosk 35",
    "Projectionist",
)
_COUNTRIES = ("BR", "DE", "ES", "FR", "GB", "IT", "JP", "US")
_OFFERS = {"flatrate": 0.6, "rent": 0.5, "buy": 0.5, "free": 0.1, "ads": 0.1}


def watch_providers_of(entry: Entry, draw: Random) -> dict[str, Any]:
    """Return who shows a film in which country, and on which terms."""
    results: dict[str, Any] = {}
    for country in _COUNTRIES:
        if not entry.vote_count or not chance(draw, min(0.9, 0.2 + entry.vote_count / 2000)):
            continue
        offers = {name: _providers(draw) for name, share in _OFFERS.items() if chance(draw, share)}
        if offers:
            results[country] = {
                "link": f"https://fake-tmdb.invalid/movie/{entry.id}/watch?locale={country}"
            } | offers
    return {"results": results}


def _providers(draw: Random) -> list[dict[str, Any]]:
    return [
        {
            "logo_path": f"/fake-provider-{place}.jpg",
            "provider_id": 9_000_001 + place,
            "provider_name": _NAMES[place],
            "display_priority": place,
        }
        for place in sorted(draw.sample(range(len(_NAMES)), k=draw.randint(1, 3)))
    ]
