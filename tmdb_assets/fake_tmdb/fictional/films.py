"""The fictional films: what the indexes need is drawn at once, the rest when a film is asked for."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from random import Random
from typing import Any

from tmdb_assets.fake_tmdb.draws import chance, draws
from tmdb_assets.fake_tmdb.entries import Entry
from tmdb_assets.fake_tmdb.fictional.companies import countries_of, draw_companies
from tmdb_assets.fake_tmdb.fictional.countries import HOMES, draw_language
from tmdb_assets.fake_tmdb.fictional.credits import credits_of
from tmdb_assets.fake_tmdb.fictional.genres import draw_genres
from tmdb_assets.fake_tmdb.fictional.loglines import draw_overview, draw_tagline
from tmdb_assets.fake_tmdb.fictional.media import backdrop_path, images_of, poster_path, videos_of
from tmdb_assets.fake_tmdb.fictional.names import MAN, WOMAN, draw_name
from tmdb_assets.fake_tmdb.fictional.people import People
from tmdb_assets.fake_tmdb.fictional.providers import watch_providers_of
from tmdb_assets.fake_tmdb.fictional.reception import draw_budget, draw_reception, draw_runtime
from tmdb_assets.fake_tmdb.fictional.releases import draw_date, films_per_year, release_dates
from tmdb_assets.fake_tmdb.fictional.series import Series
from tmdb_assets.fake_tmdb.fictional.texts import (
    alternative_titles_of,
    draw_other_titles,
    reviews_of,
    translations_of,
)
from tmdb_assets.fake_tmdb.fictional.titles import Titles
from tmdb_assets.fake_tmdb.fictional.vocabulary import ANYWHERE, BY_GENRE, KEYWORDS, THEME_OF, THEMES
from tmdb_assets.fake_tmdb.reference import GENRES, LANGUAGES

FIRST_FILM_ID = 9_000_001
_THEME_EVERY = 8
"""One film in so many has a theme: far more than in the world, so that small catalogues fill every shelf."""


@dataclass(frozen=True, slots=True)
class _Story:
    """What several parts of a film agree on."""

    hero: str
    overview: str
    tagline: str
    home: str


class FictionalFilms:
    """Invented films, the same for a seed and a calendar year.

    Parameters
    ----------
    count
        How many.
    seed
        Decides everything about them.
    current_year
        The last year with released films; this year when None.
    """

    def __init__(self, count: int, seed: int, current_year: int | None = None) -> None:
        if count < 0:
            raise ValueError(f"films is {count}; it must be 0 or more.")
        self._seed = seed
        self._current_year = current_year or dt.datetime.now(dt.UTC).year
        self._people = People(seed, count)
        self._series = Series()
        self.keywords = KEYWORDS
        self.entries = list(self._entries(count))

    def details(self, entry: Entry) -> dict[str, Any]:
        """Return a film's details, in TMDB's order."""
        draw, story = self._draws(entry, "details"), self._story(entry)
        companies = draw_companies(draw, story.home)
        language = LANGUAGES[entry.original_language]
        return {
            "adult": entry.adult,
            "backdrop_path": backdrop_path(entry.id),
            "belongs_to_collection": self._series.collection_of(entry.id),
            "budget": draw_budget(draw, entry.revenue),
            "genres": [{"id": genre_id, "name": GENRES[genre_id]} for genre_id in entry.genre_ids],
            "homepage": f"https://film-{entry.id}.invalid" if chance(draw, 0.2) else "",
            "id": entry.id,
            "imdb_id": entry.imdb_id,
            "origin_country": [story.home],
            "original_language": entry.original_language,
            "original_title": entry.original_title,
            "overview": story.overview,
            "popularity": entry.popularity,
            "poster_path": poster_path(entry.id),
            "production_companies": companies,
            "production_countries": countries_of(companies, story.home),
            "release_date": entry.release_date,
            "revenue": entry.revenue,
            "runtime": entry.runtime,
            "spoken_languages": [
                {"english_name": language[0], "iso_639_1": entry.original_language, "name": language[1]}
            ],
            "status": self._status(entry, draw),
            "tagline": story.tagline,
            "title": entry.title,
            "video": entry.video,
            "vote_average": entry.vote_average,
            "vote_count": entry.vote_count,
        }

    def part(self, entry: Entry, name: str) -> dict[str, Any]:
        """Return a sub-resource of a film, as ``append_to_response`` shows it."""
        draw, story = self._draws(entry, name), self._story(entry)
        year = entry.year or self._current_year
        parts: dict[str, Callable[[], dict[str, Any]]] = {
            "alternative_titles": lambda: alternative_titles_of(entry, draw),
            "credits": lambda: credits_of(entry, draw, self._people, year, story.hero),
            "external_ids": lambda: _external_ids(entry, draw),
            "images": lambda: images_of(entry, draw),
            "keywords": lambda: {
                "keywords": [{"id": each, "name": KEYWORDS[each]} for each in entry.keyword_ids]
            },
            "release_dates": lambda: release_dates(entry, draw, story.home, self._current_year),
            "reviews": lambda: reviews_of(entry, draw),
            "translations": lambda: translations_of(entry, draw, story.overview, story.tagline, story.hero),
            "videos": lambda: videos_of(entry, draw),
            "watch/providers": lambda: watch_providers_of(entry, draw),
        }
        return parts[name]()

    def person_name(self, person_id: int) -> str:
        """Return someone's name; nothing when there is no such person."""
        return self._people.person(person_id)["name"] if self._people.has(person_id) else ""

    def collection_name(self, collection_id: int) -> str:
        """Return a collection's name; nothing when there is no such collection."""
        return self._series.name(collection_id)

    def _entries(self, count: int) -> Iterator[Entry]:
        draw = draws(self._seed, "films")
        ids = list(range(FIRST_FILM_ID, FIRST_FILM_ID + count))
        draw.shuffle(ids)
        titles, themes, unnamed = Titles(), cycle(THEMES), iter(ids)
        for year, number in films_per_year(count, self._current_year).items():
            dates = sorted(draw_date(draw, year, self._current_year) for _ in range(number))
            for place, date in enumerate(dates, start=1):
                theme = next(themes) if place % _THEME_EVERY == _THEME_EVERY // 2 else None
                yield self._entry(draw, titles, next(unnamed), (year, date), theme)

    def _entry(
        self, draw: Random, titles: Titles, film_id: int, year_and_date: tuple[int, str], theme: str | None
    ) -> Entry:
        year, date = year_and_date
        sequel = None if theme else self._series.draw_sequel(draw, film_id, year)
        language = "en" if sequel else draw_language(draw, year)
        genres = sequel.genres if sequel else draw_genres(draw, year, is_themed=theme is not None)
        title, original_title = (
            (sequel.title, sequel.title) if sequel else titles.draw(draw, genres[0], language)
        )
        if not sequel and language == "en" and theme is None:
            self._series.offer(draw, film_id, year, title, genres)
        reception = draw_reception(
            draw, year, self._current_year, is_english=language == "en", is_sequel=sequel is not None
        )
        has_premiere = date[5:7] in {"01", "02", "03"} and year <= self._current_year and chance(draw, 0.15)
        return Entry(
            id=film_id,
            title=title,
            original_title=original_title,
            original_language=language,
            release_date=date,
            genre_ids=genres,
            keyword_ids=_draw_keywords(draw, genres[0], theme),
            popularity=reception.popularity,
            vote_average=reception.vote_average,
            vote_count=reception.vote_count,
            runtime=draw_runtime(draw, genres[0], year) if year <= self._current_year else 0,
            revenue=reception.revenue,
            adult=theme is None and chance(draw, 0.007),
            video=theme is None and chance(draw, 0.012),
            imdb_id=f"tt9{film_id}" if chance(draw, 0.97) else None,
            other_titles=draw_other_titles(draw, language),
            release_years=((year - 1, year) if has_premiere else (year,)) if date else (),
        )

    def _story(self, entry: Entry) -> _Story:
        draw = self._draws(entry, "story")
        hero = draw_name(draw, entry.original_language, draw.choice((WOMAN, MAN)))
        theme = next((THEME_OF[each] for each in entry.keyword_ids if each in THEME_OF), None)
        year = entry.year or self._current_year
        overview = draw_overview(draw, entry.genre_ids, theme, hero, year)
        return _Story(hero, overview, draw_tagline(draw), draw.choice(HOMES[entry.original_language]))

    def _status(self, entry: Entry, draw: Random) -> str:
        if entry.year is not None and entry.year <= self._current_year:
            return "Released"
        return draw.choice(("Planned", "In Production", "Post Production"))

    def _draws(self, entry: Entry, purpose: str) -> Random:
        return draws(self._seed, entry.id, purpose)


def _draw_keywords(draw: Random, genre: int, theme: str | None) -> tuple[int, ...]:
    found: dict[int, None] = {}
    if theme is not None:
        ids = list(THEMES[theme].values())
        found |= dict.fromkeys(draw.sample(ids, k=min(len(ids), draw.choice((1, 1, 2, 3)))))
    found |= dict.fromkeys(draw.sample(BY_GENRE[genre], k=draw.randint(1, 4)))
    found |= dict.fromkeys(draw.sample(ANYWHERE, k=draw.randint(0, 4)))
    return tuple(found)


def _external_ids(entry: Entry, draw: Random) -> dict[str, str | None]:
    handle = f"fakefilm{entry.id}"
    return {
        "imdb_id": entry.imdb_id,
        "wikidata_id": f"Q99{entry.id}" if chance(draw, 0.8) else None,
        "facebook_id": handle if chance(draw, 0.3) else None,
        "instagram_id": handle if chance(draw, 0.3) else None,
        "twitter_id": handle if chance(draw, 0.2) else None,
    }
