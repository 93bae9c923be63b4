"""Films in the language that is asked for; TMDB never falls back to another."""

from dataclasses import dataclass

from tmdb_assets.fake_tmdb.catalogue import Catalogue
from tmdb_assets.fake_tmdb.documents import Json


@dataclass(frozen=True, slots=True)
class Language:
    """A language, and perhaps the country where it is spoken; English when nothing is asked for."""

    code: str = "en"
    country: str | None = None
    is_given: bool = False

    @classmethod
    def parse(cls, value: str | None) -> "Language":
        """Read ``de`` or ``de-DE``."""
        if not value:
            return cls()
        code, _, country = value.partition("-")
        return cls(code.lower(), country.upper() or None, is_given=True)


def localized(catalogue: Catalogue, film_id: int, language: Language) -> Json:
    """Return a film's details in a language; what is not translated is empty, or the original title."""
    details = catalogue.details(film_id)
    if language.code == "en":
        return details
    data = _translation(catalogue.part(film_id, "translations"), language)
    return details | {
        "title": data.get("title") or details["original_title"],
        "overview": data.get("overview", ""),
        "tagline": data.get("tagline", ""),
    }


def _translation(part: Json, language: Language) -> Json:
    found = [each for each in part["translations"] if each["iso_639_1"] == language.code]
    found.sort(key=lambda each: each["iso_3166_1"] != language.country)
    return found[0]["data"] if found else {}
