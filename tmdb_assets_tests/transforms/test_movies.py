import datetime as dt
import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmdb_assets.tables import CastMember, CrewMember, MovieDetail
from tmdb_assets.tmdb.decoding import decode
from tmdb_assets.tmdb.images import ImageURLs
from tmdb_assets.tmdb.models import MovieDetails, MovieListItem
from tmdb_assets.transforms.movies import discovered_movie, movie_detail, whole_date
from tmdb_assets_tests.tables.rows import AT


def row_of(*, region: str | None = None, **answer: object) -> MovieDetail:
    """Return the row for an answer of TMDB's that says what is given, and a date."""
    body = json.dumps({"id": 348, "release_date": "1979-05-25", **answer}).encode()
    details = decode(body, MovieDetails)
    assert isinstance(details, MovieDetails)
    row = movie_detail(details, fetched_at=AT, fingerprint="f", region=region)
    assert row is not None
    assert msgspec.json.decode(row.as_line(), type=MovieDetail) == row
    return row


def country(code: str, *releases: tuple[int | None, str]) -> dict[str, object]:
    """Return a country's releases, each a type and a certification."""
    dates = [{"type": kind, "certification": rating} for kind, rating in releases]
    return {"iso_3166_1": code, "release_dates": dates}


def trailer(
    key: str, *, official: bool | None = True, day: str = "2020-01-01", **other: str
) -> dict[str, object]:
    """Return a trailer at YouTube."""
    video = {"key": key, "official": official, "published_at": f"{day}T00:00:00.000Z"}
    return {**video, "site": "YouTube", "type": "Trailer", **other}


@pytest.mark.parametrize("column", ["runtime", "budget", "revenue"])
@pytest.mark.parametrize(
    ("answered", "kept"), [(0, None), (None, None), (1, 1), (2_787_965_087, 2_787_965_087)]
)
def test_nought_means_unknown(column: str, answered: int | None, kept: int | None) -> None:
    assert getattr(row_of(**{column: answered}), column) == kept


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("imdb_id", "imdb_id"),
        ("title", "title"),
        ("overview", "overview"),
        ("tagline", "tagline"),
        ("homepage", "homepage"),
        ("poster_url", "poster_path"),
        ("backdrop_url", "backdrop_path"),
    ],
)
@pytest.mark.parametrize("missing", ["", None])
def test_missing_text_is_unknown(column: str, field: str, missing: str | None) -> None:
    assert getattr(row_of(**{field: missing}), column) is None


def test_a_film_of_which_only_id_and_date_are_known_has_empty_lists_and_nulls() -> None:
    row = row_of()

    given_values = {"tmdb_id", "release_year", "release_date", "request_fingerprint"}
    lists = {name for name in MovieDetail.__struct_fields__ if isinstance(getattr(row, name), list)}
    moments = {"fetched_at", "checked_at", "changed_at"}
    known = {name for name in MovieDetail.__struct_fields__ if getattr(row, name) is not None}
    assert known == given_values | lists | moments | {"unchanged_count"}
    assert [getattr(row, name) for name in lists] == [[]] * len(lists)
    assert {getattr(row, name) for name in moments} == {AT}


@pytest.mark.parametrize("undated", ["", None, "1979", "1979-05", "1979-13-01", "0000-00-00", "soon"])
def test_a_film_without_a_whole_date_is_no_row(undated: str | None) -> None:
    details = MovieDetails(id=348, release_date=undated)

    assert movie_detail(details, fetched_at=AT, fingerprint="f") is None


def test_the_year_is_that_of_the_release_date() -> None:
    row = row_of(release_date="1874-12-09")

    assert (row.release_year, row.release_date) == (1874, dt.date(1874, 12, 9))


@given(st.dates())
def test_a_whole_date_is_read(day: dt.date) -> None:
    assert whole_date(day.isoformat()) == whole_date(f"{day.isoformat()}T00:00:00.000Z") == day


@pytest.mark.parametrize("text", ["1979-05", " 1979-05-25", "25.05.1979"])
def test_other_forms_of_dates_are_not_guessed(text: str) -> None:
    assert whole_date(text) is None


def test_the_cast_stands_in_billing_order() -> None:
    cast = [
        {"id": 3, "name": "No order", "order": None},
        {"id": 2, "name": "Second", "character": "", "order": 1},
        {"id": 1, "name": "First", "character": "Ripley", "order": 0},
        {"id": 1, "name": "First", "character": "Mother", "order": 2},
    ]

    row = row_of(credits={"cast": cast, "crew": []})

    assert row.cast[0] == CastMember(person_id=1, name="First", character="Ripley", order=0)
    assert [member.character for member in row.cast] == ["Ripley", None, "Mother", None]
    assert row.cast_ids == [1, 2, 3]


def test_the_directors_are_those_whose_job_it_is_each_once() -> None:
    crew = [
        {"id": 5, "name": "Lana", "department": "Directing", "job": "Director"},
        {"id": 5, "name": "Lana", "department": "Writing", "job": "Writer"},
        {"id": 6, "name": "Lilly", "department": "Directing", "job": "Director"},
        {"id": 5, "name": "Lana", "department": "Directing", "job": "Director"},
        {"id": 7, "name": "Assistant", "department": "Directing", "job": "Assistant Director"},
        {"id": None, "name": "Nobody", "department": "Sound", "job": "Boom Operator"},
    ]

    row = row_of(credits={"cast": [], "crew": crew})

    assert (row.directors, row.director_ids) == (["Lana", "Lilly"], [5, 6])
    assert row.crew[1] == CrewMember(person_id=5, name="Lana", department="Writing", job="Writer")
    assert len(row.crew) == len(crew)
    assert row.crew_ids == [5, 6, 7]


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        (None, "R"),
        ("US", "R"),
        ("GB", "18"),
        ("DE", "16"),
        ("FR", None),
        ("JP", None),
    ],
)
def test_the_certification_is_the_regions_with_the_theatrical_release_first(
    region: str | None, expected: str | None
) -> None:
    released = [
        country("US", (1, "NC-17"), (3, "R"), (5, "NR")),
        country("GB", (4, "15"), (3, ""), (1, "18")),
        country("DE", (None, "12"), (6, "16")),
        country("FR", (3, "")),
    ]

    row = row_of(region=region, release_dates={"results": released})

    assert row.certification == expected


@pytest.mark.parametrize(
    ("videos", "expected"),
    [
        ([], None),
        (
            [trailer("a", day="2020-01-01"), trailer("b", day="2021-01-01")],
            "https://www.youtube.com/watch?v=b",
        ),
        ([trailer("a"), trailer("b", official=False, day="2024-01-01")], "https://www.youtube.com/watch?v=a"),
        ([trailer("a", official=None)], "https://www.youtube.com/watch?v=a"),
        ([trailer("a", type="Teaser"), trailer("b", type="Clip")], None),
        ([trailer("12", site="Vimeo")], "https://vimeo.com/12"),
        ([trailer("a", site="Elsewhere"), trailer("")], None),
    ],
)
def test_the_trailer_is_the_newest_official_one(
    videos: list[dict[str, object]], expected: str | None
) -> None:
    assert row_of(videos={"results": videos}).trailer_url == expected


def test_pictures_have_whole_addresses() -> None:
    row = row_of(poster_path="/p.jpg", backdrop_path="/b.jpg")

    assert row.poster_url == "https://image.tmdb.org/t/p/w500/p.jpg"
    assert row.backdrop_url == "https://image.tmdb.org/t/p/w1280/b.jpg"


def test_pictures_may_be_at_another_address() -> None:
    details = MovieDetails(id=348, release_date="1979-05-25", poster_path="/p.jpg", backdrop_path="/b.jpg")

    row = movie_detail(details, fetched_at=AT, fingerprint="f", images=ImageURLs("http://127.0.0.1:8099/t/p"))

    assert row is not None
    assert row.poster_url == "http://127.0.0.1:8099/t/p/w500/p.jpg"
    assert row.backdrop_url == "http://127.0.0.1:8099/t/p/w1280/b.jpg"


def test_ids_at_other_places_are_kept() -> None:
    ids = {
        "imdb_id": "tt0078748",
        "wikidata_id": "Q103569",
        "facebook_id": "",
        "twitter_id": "AlienAnthology",
    }

    row = row_of(imdb_id="", external_ids=ids)

    assert (row.imdb_id, row.wikidata_id, row.facebook_id, row.twitter_id) == (
        "tt0078748",
        "Q103569",
        None,
        "AlienAnthology",
    )


def test_the_collection_is_its_id_and_name() -> None:
    row = row_of(belongs_to_collection={"id": 8091, "name": "Alien Collection"})

    assert (row.collection_id, row.collection) == (8091, "Alien Collection")


def test_names_and_ids_of_genres_and_keywords_run_side_by_side() -> None:
    row = row_of(
        genres=[{"id": 27, "name": "Horror"}, {"id": 5, "name": ""}], keywords={"keywords": [{"id": 803}]}
    )

    assert (row.genres, row.genre_ids) == (["Horror", "5"], [27, 5])
    assert (row.keywords, row.keyword_ids) == (["803"], [803])


def test_a_discovered_film_keeps_what_the_list_said() -> None:
    item = MovieListItem(id=348, title="Alien", release_date="1979-05", genre_ids=(27, 878), vote_count=9)

    row = discovered_movie(item, year=1979, has_enough_votes=False, has_theme_keyword=True, discovered_at=AT)

    assert (row.tmdb_id, row.release_year, row.title, row.vote_count) == (348, 1979, "Alien", 9)
    assert (row.release_date, row.genre_ids) == (None, [27, 878])
    assert (row.has_enough_votes, row.has_theme_keyword, row.discovered_at) == (False, True, AT)
    assert msgspec.json.decode(row.as_line(), type=type(row)) == row
