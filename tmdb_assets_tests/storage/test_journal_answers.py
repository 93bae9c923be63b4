"""What a rebuild reads of an answer is what a run reads of it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.storage.journal import Journal
from tmdb_assets.storage.journal_answers import Reading, batches, parts_of
from tmdb_assets.tables import MovieDetail
from tmdb_assets.tmdb import DecodeError, TMDBClient
from tmdb_assets.tmdb.decoding import decode
from tmdb_assets.tmdb.endpoints.movies import full_details
from tmdb_assets.tmdb.images import ImageURLs
from tmdb_assets.tmdb.models import MovieDetails
from tmdb_assets.transforms.movies import movie_detail
from tmdb_assets_tests.storage.answers import answer
from tmdb_assets_tests.tables.rows import AT

KEY = "0123456789abcdef0123456789abcdef"
ODD_VALUES = [None, "", "x", "5", 0, -1, 5.0, 5.5, True, False, [], {}, [None], [""], [{}], {"": ""}, 10**20]


@pytest.fixture(scope="module")
def film() -> Iterator[dict[str, Any]]:
    """Return an answer that has everything appended."""
    with FakeTMDB(films=1) as fake, TMDBClient(KEY, base_url=fake.base_url) as client:
        [listed] = client.discover.movie(include_adult=True, include_video=True)
        yield json.loads(client.answer(full_details(listed.id, language="en-US")).body)


def places(value: object, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield where each value within an answer stands."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*at, key)
        yield from places(item, (*at, key))


def row_of(details: MovieDetails | Any) -> MovieDetail | None:  # noqa: ANN401 -- the parts have the same fields
    return movie_detail(details, fetched_at=AT, fingerprint="f")


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_parts_make_the_row_that_the_whole_makes(film: dict[str, Any], data: st.DataObject) -> None:
    """Whatever odd stands in the answer, as long as the client can read it."""
    changed = json.loads(json.dumps(film))
    *way, last = data.draw(st.sampled_from(sorted(places(film), key=repr)))
    inner = changed
    for key in way:
        inner = inner[key]
    inner[last] = data.draw(st.sampled_from(ODD_VALUES))
    body = json.dumps(changed).encode()

    parts, whole = parts_of(body), decode(body, MovieDetails)

    if isinstance(whole, MovieDetails):
        assert not isinstance(parts, DecodeError)
        assert row_of(parts) == row_of(whole)


def test_a_number_that_no_column_holds_refuses_its_film_alone(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    with journal.new_segment() as segment:
        for tmdb_id, votes in ((1, 10), (2, 10**30), (3, 10)):
            body = msgspec.json.encode({"id": tmdb_id, "release_date": "1999-01-01", "vote_count": votes})
            segment.append(answer(tmdb_id, body=body))

        [batch] = batches(journal.segments(), Reading(None, ImageURLs(), pytest.fail))

    assert batch.rows["tmdb_id"].to_list() == [1, 3]
    assert [(one.tmdb_id, one.reason) for one in batch.refusals] == [(2, "failed")]
