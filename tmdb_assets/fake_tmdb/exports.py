"""The daily exports of ids: gzip JSON Lines, written while they are sent."""

import datetime as dt
import re
import zlib
from collections.abc import Iterable, Iterator
from itertools import islice

import msgspec
from aiohttp import web

from tmdb_assets.fake_tmdb.catalogue import Catalogue
from tmdb_assets.fake_tmdb.documents import Json
from tmdb_assets.fake_tmdb.entries import Entry

PREFIX = "/p/exports/"
_FILE = re.compile(r"/p/exports/(movie|keyword)_ids_(\d\d)_(\d\d)_(\d{4})\.json\.gz")
_KEPT = dt.timedelta(days=90)
_LINES_AT_A_TIME = 1000
_GZIP = 16 + zlib.MAX_WBITS


def export_of(catalogue: Catalogue, path: str, today: dt.date) -> Iterator[bytes] | None:
    """Return the parts of an export, of what is known now; None where TMDB has no such file."""
    named = _FILE.fullmatch(path)
    if named is None:
        return None
    kind, month, day, year = named.groups()
    try:
        date = dt.date(int(year), int(month), int(day))
    except ValueError:
        return None
    if not today - _KEPT <= date <= today:
        return None
    if kind == "movie":
        return _compressed(_movie(entry) for _, entry in sorted(catalogue.entries.items()))
    names = sorted(catalogue.keywords.items())
    return _compressed({"id": keyword_id, "name": name} for keyword_id, name in names)


async def send(request: web.BaseRequest, parts: Iterable[bytes]) -> web.StreamResponse:
    """Send an export part by part; it is never whole in memory."""
    response = web.StreamResponse(headers={"Content-Type": "application/gzip"})
    await response.prepare(request)
    if request.method != "HEAD":
        for part in parts:
            await response.write(part)
    await response.write_eof()
    return response


def _movie(entry: Entry) -> Json:
    return {
        "adult": entry.adult,
        "id": entry.id,
        "original_title": entry.original_title,
        "popularity": entry.popularity,
        "video": entry.video,
    }


def _compressed(objects: Iterator[Json]) -> Iterator[bytes]:
    compressor = zlib.compressobj(6, zlib.DEFLATED, _GZIP)
    while some := list(islice(objects, _LINES_AT_A_TIME)):
        yield compressor.compress(b"".join(msgspec.json.encode(one) + b"\n" for one in some))
    yield compressor.flush()
