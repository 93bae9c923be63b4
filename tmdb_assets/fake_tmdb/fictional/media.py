"""The images and videos of fictional films: paths that say that they are fake; ``pictures`` draws them."""

from random import Random
from typing import Any

from tmdb_assets.fake_tmdb.draws import chance
from tmdb_assets.fake_tmdb.entries import Entry

_POSTER, _BACKDROP, _LOGO = (1000, 1500), (1920, 1080), (1200, 400)
_HOMES = {
    "en": "US",
    "fr": "FR",
    "de": "DE",
    "es": "ES",
    "it": "IT",
    "ja": "JP",
    "ko": "KR",
    "zh": "CN",
    "pt": "BR",
}
_TRAILERS_ONLINE = 1995


def poster_path(film_id: int) -> str | None:
    """Return a film's poster; one in fifty has none."""
    return None if film_id % 50 == 7 else f"/fake-{film_id}.jpg"  # noqa: PLR2004 -- an arbitrary share


def backdrop_path(film_id: int) -> str | None:
    """Return a film's backdrop; one in fifteen has none."""
    return None if film_id % 15 == 4 else f"/fake-{film_id}-backdrop.jpg"  # noqa: PLR2004 -- an arbitrary share


def images_of(entry: Entry, draw: Random) -> dict[str, Any]:
    """Return the images of a film, the ones that lists show first."""
    language, poster, backdrop = entry.original_language, poster_path(entry.id), backdrop_path(entry.id)
    posters = [
        (poster, "en"),
        *(
            (_other(poster, each), draw.choice((language, "de", "fr", None)))
            for each in range(draw.randint(0, 4))
        ),
    ]
    backdrops = [
        (backdrop, None),
        *((_other(backdrop, each), draw.choice((None, "en"))) for each in range(draw.randint(0, 3))),
    ]
    logos = [(f"/fake-{entry.id}-logo.png", "en")] if chance(draw, 0.5) else []
    return {
        "backdrops": [_image(draw, path, code, _BACKDROP) for path, code in backdrops if path],
        "logos": [_image(draw, path, code, _LOGO) for path, code in logos],
        "posters": [_image(draw, path, code, _POSTER) for path, code in posters if path],
    }


def videos_of(entry: Entry, draw: Random) -> dict[str, Any]:
    """Return the videos of a film: a trailer, more often than not, and a clip."""
    year = entry.year or 0
    results: list[dict[str, Any]] = []
    if chance(draw, 0.85 if year >= _TRAILERS_ONLINE else 0.4):
        results.append(_video(entry, draw, "Official Trailer", "Trailer"))
        if entry.original_language in _HOMES and entry.original_language != "en":
            results.append(_video(entry, draw, "Trailer", "Trailer", entry.original_language))
    if chance(draw, 0.25):
        results.append(_video(entry, draw, "Behind the Scenes", "Featurette"))
    return {"results": results}


def _image(draw: Random, path: str, language: str | None, size: tuple[int, int]) -> dict[str, Any]:
    width, height = size
    return {
        "aspect_ratio": round(width / height, 3),
        "height": height,
        "iso_3166_1": _HOMES.get(language) if language else None,
        "iso_639_1": language,
        "file_path": path,
        "vote_average": round(draw.uniform(1.0, 6.0), 3),
        "vote_count": draw.randint(0, 20),
        "width": width,
    }


def _other(path: str | None, number: int) -> str | None:
    return path and path.replace(".jpg", f"-{number + 2}.jpg")


def _video(entry: Entry, draw: Random, name: str, kind: str, language: str = "en") -> dict[str, Any]:
    date = entry.release_date or "2000-01-01"
    return {
        "iso_639_1": language,
        "iso_3166_1": _HOMES[language],
        "name": f"{entry.title} | {name}",
        "key": f"fake{entry.id}" if kind == "Trailer" else f"Fake{entry.id}",
        "site": "YouTube",
        "size": draw.choice((480, 720, 1080, 1080)),
        "type": kind,
        "official": chance(draw, 0.8),
        "published_at": f"{max(date, '2006-05-01')}T12:00:00.000Z",
        "id": f"{draw.getrandbits(96):024x}",
    }
