"""What is written about fictional films elsewhere: translations, other titles, reviews."""

from random import Random
from typing import Any

from tmdb_assets.fake_tmdb.draws import chance
from tmdb_assets.fake_tmdb.entries import Entry
from tmdb_assets.fake_tmdb.fictional.phrases import PHRASES
from tmdb_assets.fake_tmdb.fictional.words import read_words
from tmdb_assets.fake_tmdb.reference import LANGUAGES

_COUNTRY = {
    "en": "US", "fr": "FR", "de": "DE", "es": "ES", "it": "IT", "ja": "JP", "ko": "KR", "zh": "CN",
    "pt": "BR", "hi": "IN",
    "ru": "RU", "sv": "SE", "da": "DK", "pl": "PL", "tr": "TR",
}  # fmt: skip
_MIDDLING = 5
_TEXTS = read_words("texts")
_OVERVIEWS: dict[str, list[str]] = _TEXTS["overviews"]


def translations_of(entry: Entry, draw: Random, overview: str, tagline: str, hero: str) -> dict[str, Any]:
    """Return a film's translations: English, its own language, and a few more."""
    codes = dict.fromkeys(["en", entry.original_language])
    codes |= dict.fromkeys(draw.sample(sorted(_OVERVIEWS), k=draw.randint(0, 3)))
    translations = [
        _translation(
            entry, "en", overview, tagline, entry.title if entry.original_title != entry.title else ""
        )
    ]
    for code in codes:
        if code == "en":
            continue
        text = draw.choice(_OVERVIEWS[code]).format(hero=hero) if code in _OVERVIEWS else ""
        title = entry.original_title if code == entry.original_language else ""
        translations.append(_translation(entry, code, text, "", title))
    return {"translations": translations}


def draw_other_titles(draw: Random, original_language: str) -> tuple[str, ...]:
    """Draw the titles by which a film is known abroad; most have none."""
    if not chance(draw, 0.15):
        return ()
    language = draw.choice([code for code in PHRASES if code != original_language])
    return (PHRASES[language].draw(draw)[0],)


def alternative_titles_of(entry: Entry, draw: Random) -> dict[str, Any]:
    """Return the titles by which a film is known abroad."""
    return {
        "titles": [
            {
                "iso_3166_1": draw.choice(("FR", "ES", "DE", "BR", "JP")),
                "title": title,
                "type": draw.choice(("", "", "working title")),
            }
            for title in entry.other_titles
        ]
    }


def reviews_of(entry: Entry, draw: Random) -> dict[str, Any]:
    """Return what people wrote about a film; more about films that more have seen."""
    most = min(3, entry.vote_count // 150)
    return {"results": [_review(entry, draw) for _ in range(draw.randint(0, most))]}


def _translation(entry: Entry, code: str, overview: str, tagline: str, title: str) -> dict[str, Any]:
    english_name, name = LANGUAGES[code]
    data = {
        "homepage": "",
        "overview": overview,
        "runtime": entry.runtime,
        "tagline": tagline,
        "title": title,
    }
    return {
        "iso_3166_1": _COUNTRY[code],
        "iso_639_1": code,
        "name": name,
        "english_name": english_name,
        "data": data,
    }


def _review(entry: Entry, draw: Random) -> dict[str, Any]:
    author = draw.choice(_TEXTS["authors"])
    rating = float(min(10, max(1, round(draw.gauss(entry.vote_average, 1.5)))))
    opening = draw.choice(_TEXTS["praise" if rating > _MIDDLING else "complaints"])
    review_id = f"{draw.getrandbits(96):024x}"
    written = f"{max(entry.release_date, '2010-01-01')}T20:15:00.000Z"
    return {
        "author": author,
        "author_details": {
            "name": "",
            "username": author.replace(" ", ""),
            "avatar_path": f"/fake-avatar-{author.replace(' ', '')}.jpg" if chance(draw, 0.6) else None,
            "rating": rating if chance(draw, 0.9) else None,
        },
        "content": f"{opening} {draw.choice(_TEXTS['remarks'])}",
        "created_at": written,
        "id": review_id,
        "updated_at": written,
        "url": f"https://fake-tmdb.invalid/review/{review_id}",
    }
