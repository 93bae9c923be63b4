"""A film as one JSON object, details and sub-resources together, and what TMDB's answers take from it."""

from typing import Any

from tmdb_assets.fake_tmdb.entries import Entry, year_of
from tmdb_assets.fake_tmdb.reference import LANGUAGES

Json = dict[str, Any]

_DETAILS: Json = {
    "adult": False,
    "backdrop_path": None,
    "belongs_to_collection": None,
    "budget": 0,
    "genres": [],
    "homepage": "",
    "id": 0,
    "imdb_id": None,
    "origin_country": [],
    "original_language": "en",
    "original_title": "",
    "overview": "",
    "popularity": 0.0,
    "poster_path": None,
    "production_companies": [],
    "production_countries": [],
    "release_date": "",
    "revenue": 0,
    "runtime": 0,
    "spoken_languages": [],
    "status": "Released",
    "tagline": "",
    "title": "",
    "video": False,
    "vote_average": 0.0,
    "vote_count": 0,
}

_PARTS: dict[str, Json] = {
    "credits": {"cast": [], "crew": []},
    "keywords": {"keywords": []},
    "external_ids": {
        "imdb_id": None,
        "wikidata_id": None,
        "facebook_id": None,
        "instagram_id": None,
        "twitter_id": None,
    },
    "release_dates": {"results": []},
    "videos": {"results": []},
    "images": {"backdrops": [], "logos": [], "posters": []},
    "alternative_titles": {"titles": []},
    "translations": {"translations": []},
    "watch/providers": {"results": {}},
    "reviews": {"results": []},
}

PART_NAMES = frozenset(_PARTS)


def details_of(document: Json) -> Json:
    """Return a film's details: every value of the document as it is, honest empties for what it lacks."""
    details = _DETAILS | {name: value for name, value in document.items() if name not in PART_NAMES}
    details["original_title"] = details["original_title"] or details["title"]
    details["production_companies"] = [
        {"id": company["id"], "logo_path": None, "name": company["name"], "origin_country": ""} | company
        for company in details["production_companies"]
    ]
    details["spoken_languages"] = [
        {
            "english_name": LANGUAGES.get(language["iso_639_1"], (language["name"],))[0],
            "iso_639_1": language["iso_639_1"],
        }
        | language
        for language in details["spoken_languages"]
    ]
    return details


def part_of(document: Json, name: str) -> Json:
    """Return a sub-resource as ``append_to_response`` shows it; a bare list stands for its only array."""
    empty = _PARTS[name]
    value: Any = document.get(name, {})
    part: Json = empty | (value if isinstance(value, dict) else {next(iter(empty)): value})
    if name == "external_ids" and part["imdb_id"] is None:
        part["imdb_id"] = document.get("imdb_id")
    return part


def entry_of(document: Json) -> Entry:
    """Return what the indexes need of a film."""
    details = details_of(document)
    date = details["release_date"] or ""
    dates = {date, *release_dates_in(part_of(document, "release_dates"))}
    others = [title["title"] for title in part_of(document, "alternative_titles")["titles"]]
    others += [each["data"]["title"] for each in part_of(document, "translations")["translations"]]
    return Entry(
        id=details["id"],
        title=details["title"] or "",
        original_title=details["original_title"] or "",
        original_language=details["original_language"] or "",
        release_date=date,
        genre_ids=tuple(genre["id"] for genre in details["genres"]),
        keyword_ids=tuple(keyword["id"] for keyword in part_of(document, "keywords")["keywords"]),
        popularity=details["popularity"] or 0.0,
        vote_average=details["vote_average"] or 0.0,
        vote_count=details["vote_count"] or 0,
        runtime=details["runtime"] or 0,
        revenue=details["revenue"] or 0,
        adult=bool(details["adult"]),
        video=bool(details["video"]),
        imdb_id=details["imdb_id"] or None,
        other_titles=tuple(filter(None, others)),
        release_years=tuple(sorted({year for each in dates if (year := year_of(each)) is not None})),
    )


def release_dates_in(part: Json) -> set[str]:
    """Return the days on which a film was released anywhere."""
    return {
        release["release_date"][:10] for country in part["results"] for release in country["release_dates"]
    }
