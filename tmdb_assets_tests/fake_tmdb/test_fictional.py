"""Fictional films: stable for a seed, skewed as TMDB is, and with something on every theme's shelf."""

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from tmdb_assets.fake_tmdb.documents import PART_NAMES
from tmdb_assets.fake_tmdb.fictional import FictionalFilms
from tmdb_assets.fake_tmdb.fictional.vocabulary import KEYWORDS, THEMES

THEMES_FILE = Path(__file__).parents[2] / "tmdb_assets" / "themes.yaml"
YEAR = 2026


@pytest.fixture(scope="module")
def films() -> FictionalFilms:
    return FictionalFilms(3000, seed=1, current_year=YEAR)


def everything(films: FictionalFilms) -> list[object]:
    return [
        (films.details(entry), {name: films.part(entry, name) for name in PART_NAMES})
        for entry in films.entries
    ]


def test_a_seed_and_a_year_decide_everything() -> None:
    first = everything(FictionalFilms(120, seed=1, current_year=YEAR))
    again = everything(FictionalFilms(120, seed=1, current_year=YEAR))
    other = everything(FictionalFilms(120, seed=2, current_year=YEAR))

    assert first == again
    assert first != other


def test_a_film_is_the_same_whatever_was_asked_before(films: FictionalFilms) -> None:
    fresh = FictionalFilms(3000, seed=1, current_year=YEAR)

    for entry in films.entries:
        films.part(entry, "credits")

    assert films.part(films.entries[7], "credits") == fresh.part(fresh.entries[7], "credits")


@pytest.mark.parametrize("count", [0, 1, 2, 11, 300])
def test_there_are_as_many_films_as_asked_for(count: int) -> None:
    films = FictionalFilms(count, seed=1)

    assert len({entry.id for entry in films.entries}) == count


def test_fewer_than_no_films_is_refused() -> None:
    with pytest.raises(ValueError, match="films is -1; it must be 0 or more"):
        FictionalFilms(-1, seed=1)


def test_recent_years_have_far_more_films(films: FictionalFilms) -> None:
    years = Counter(entry.year for entry in films.entries if entry.release_date)

    assert sorted(years) == list(range(1930, YEAR + 2))
    assert years[YEAR] > 10 * years[1930]
    assert 0 < years[YEAR + 1] < years[YEAR] / 4
    assert all(abs(years[one] - years[next_one]) <= 5 for one, next_one in pairwise(range(1930, YEAR + 1)))


def test_votes_have_a_heavy_tail(films: FictionalFilms) -> None:
    recent = [entry.vote_count for entry in films.entries if entry.year in range(YEAR - 10, YEAR)]

    assert 0.2 < sum(votes >= 200 for votes in recent) / len(recent) < 0.6
    assert sum(votes < 20 for votes in recent) / len(recent) > 0.1
    assert max(recent) > 5000


def test_ids_cannot_be_taken_for_real_ones(films: FictionalFilms) -> None:
    imdb_ids = [entry.imdb_id for entry in films.entries if entry.imdb_id]

    assert min(entry.id for entry in films.entries) > 9_000_000
    assert len(set(imdb_ids)) == len(imdb_ids)
    assert all(imdb_id.startswith("tt9900") for imdb_id in imdb_ids)


def test_titles_hardly_repeat(films: FictionalFilms) -> None:
    titles = Counter(entry.title for entry in films.entries)
    overviews = {films.details(entry)["overview"] for entry in films.entries}

    assert sum(count - 1 for count in titles.values()) < 0.02 * len(films.entries)
    assert len(overviews) > 0.95 * len(films.entries)


def test_a_poster_is_missing_now_and_then(films: FictionalFilms) -> None:
    posters = [films.details(entry)["poster_path"] for entry in films.entries]

    assert 0.01 < posters.count(None) / len(posters) < 0.03


def test_directors_keep_to_their_genre(films: FictionalFilms) -> None:
    genres: dict[int, set[int]] = {}
    for entry in films.entries:
        for member in films.part(entry, "credits")["crew"]:
            if member["job"] == "Director":
                genres.setdefault(member["id"], set()).add(entry.genre_ids[0])

    assert all(len(each) == 1 for each in genres.values())


def test_people_recur_in_a_career(films: FictionalFilms) -> None:
    years: dict[int, list[int]] = {}
    for entry in films.entries:
        cast = films.part(entry, "credits")["cast"]
        assert 5 <= len(cast) <= 25
        assert len({member["id"] for member in cast}) == len(cast)
        for member in cast:
            years.setdefault(member["id"], []).append(entry.year or YEAR)

    careers = [max(each) - min(each) for each in years.values()]
    assert sum(len(each) for each in years.values()) / len(years) > 5
    assert sorted(careers)[len(careers) * 9 // 10] <= 40


def test_a_collection_has_parts_in_order(films: FictionalFilms) -> None:
    parts: dict[int, list[str]] = {}
    for entry in films.entries:
        if collection := films.details(entry)["belongs_to_collection"]:
            parts.setdefault(collection["id"], []).append(entry.release_date)

    assert len(parts) > 10
    assert all(len(dates) > 1 for dates in parts.values())
    assert all(dates == sorted(dates) for dates in parts.values())


def test_the_vocabulary_has_the_keywords_of_every_theme() -> None:
    themes = yaml.safe_load(THEMES_FILE.read_text())["themes"]
    pinned = {theme["slug"]: {each["name"]: each.get("id") for each in theme["keywords"]} for theme in themes}

    assert set(pinned) == set(THEMES)
    for slug, keywords in pinned.items():
        assert set(keywords) == set(THEMES[slug])
        assert all(keyword_id in {None, THEMES[slug][name]} for name, keyword_id in keywords.items())


@pytest.mark.parametrize("near", ["transformation", "transplant", "dragon", "dragonfly", "drag racing"])
def test_the_vocabulary_has_near_names_that_are_no_themes(near: str) -> None:
    assert near in KEYWORDS.values()
    assert all(near not in names for names in THEMES.values())


def test_no_theme_is_without_films(films: FictionalFilms) -> None:
    used = Counter(each for entry in films.entries for each in entry.keyword_ids)

    for slug, keywords in THEMES.items():
        assert sum(used[each] for each in keywords.values()) >= 20, slug


@pytest.mark.parametrize("count", [300, 3000])
def test_each_of_the_ten_latest_whole_years_has_films_with_a_theme(count: int) -> None:
    ids = {each for keywords in THEMES.values() for each in keywords.values()}

    years = Counter(
        entry.year
        for entry in FictionalFilms(count, seed=1, current_year=YEAR).entries
        if ids.intersection(entry.keyword_ids)
    )

    assert all(years[year] for year in range(YEAR - 10, YEAR))
