"""Where fictional films come from: languages, countries, and their shares."""

from random import Random

COUNTRIES = {
    "AR": "Argentina", "AU": "Australia", "AT": "Austria", "BE": "Belgium", "BR": "Brazil", "CA": "Canada",
    "CN": "China", "DK": "Denmark", "EG": "Egypt", "FR": "France", "DE": "Germany", "GB": "United Kingdom",
    "HK": "Hong Kong", "IE": "Ireland", "IN": "India", "IR": "Iran", "IT": "Italy", "JP": "Japan",
    "KR": "South Korea", "MX": "Mexico", "NL": "Netherlands", "PL": "Poland", "PT": "Portugal",
    "RU": "Russia",
    "ES": "Spain", "SE": "Sweden", "TR": "Turkey", "US": "United States of America",
}  # fmt: skip

LANGUAGE_SHARES = {
    "en": 50, "fr": 8, "es": 7, "ja": 6, "de": 6, "it": 5, "hi": 4, "ko": 3, "zh": 3, "pt": 2, "ru": 2,
    "sv": 1,
    "da": 1, "pl": 1, "tr": 1,
}  # fmt: skip
"""Of a hundred films, how many are in a language."""

HOMES: dict[str, tuple[str, ...]] = {
    "en": ("US", "US", "US", "US", "GB", "GB", "CA", "AU", "IE"), "fr": ("FR", "FR", "FR", "BE", "CA"),
    "es": ("ES", "MX", "AR"), "ja": ("JP",), "de": ("DE", "DE", "AT"), "it": ("IT",), "hi": ("IN",),
    "ko": ("KR",),
    "zh": ("CN", "HK"), "pt": ("BR", "BR", "PT"), "ru": ("RU",), "sv": ("SE",), "da": ("DK",), "pl": ("PL",),
    "tr": ("TR",),
}  # fmt: skip
"""The countries that make films in a language; one that stands twice makes twice as many."""

_LANGUAGES, _WEIGHTS = list(LANGUAGE_SHARES), list(LANGUAGE_SHARES.values())
_KOREAN_CINEMA_TRAVELS = 1985


def draw_language(draw: Random, year: int) -> str:
    """Draw the language of a film of a year."""
    language = draw.choices(_LANGUAGES, _WEIGHTS)[0]
    return "en" if language in {"ko", "tr"} and year < _KOREAN_CINEMA_TRAVELS else language
