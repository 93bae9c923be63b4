"""The daily exports of ids."""

import datetime as dt
import gzip
import json
from collections.abc import Iterator

import httpx
import pytest

from tmdb_assets.fake_tmdb import FakeTMDB

TODAY = dt.date(2026, 3, 10)


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeTMDB]:
    at = dt.datetime.combine(TODAY, dt.time(9), dt.UTC)
    with FakeTMDB(films=2500, clock=lambda: at, requests_per_second=1) as fake:
        yield fake


def export(fake: FakeTMDB, kind: str, day: dt.date) -> httpx.Response:
    return httpx.get(f"{fake.export_base_url}/{kind}_ids_{day:%m_%d_%Y}.json.gz")


def lines(answer: httpx.Response) -> list[dict[str, object]]:
    return [json.loads(line) for line in gzip.decompress(answer.content).splitlines()]


def test_it_names_every_film_without_a_key_and_beside_the_rate_limit(fake: FakeTMDB) -> None:
    first, second = (export(fake, "movie", TODAY) for _ in range(2))

    assert (first.status_code, second.status_code) == (200, 200)
    found = lines(first)
    assert len({film["id"] for film in found}) == len(found) == 2500
    assert list(found[0]) == ["adult", "id", "original_title", "popularity", "video"]
    assert "Content-Encoding" not in first.headers  # it is a file, which whoever reads it unpacks


def test_it_names_every_keyword(fake: FakeTMDB) -> None:
    found = lines(export(fake, "keyword", TODAY))

    assert len(found) > 10
    assert all(set(keyword) == {"id", "name"} for keyword in found)


@pytest.mark.parametrize(("days", "status"), [(-1, 404), (0, 200), (90, 200), (91, 404)])
def test_exports_are_kept_for_90_days_and_none_is_of_tomorrow(fake: FakeTMDB, days: int, status: int) -> None:
    assert export(fake, "movie", TODAY - dt.timedelta(days=days)).status_code == status


@pytest.mark.parametrize("name", ["movie_ids_02_30_2026.json.gz", "tv_ids_03_10_2026.json.gz", "movie_ids"])
def test_what_is_no_export_is_not_found(fake: FakeTMDB, name: str) -> None:
    assert httpx.get(f"{fake.export_base_url}/{name}").status_code == 404
