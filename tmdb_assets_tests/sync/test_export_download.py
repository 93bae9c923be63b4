"""Downloads of exports, from the fake and from servers that fail."""

import datetime as dt
import gzip
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.storage.export_ids import ExportIds
from tmdb_assets.sync.export_download import ExportUnavailableError, export_file
from tmdb_assets.transforms.exports import ExportError, export_name

TODAY = dt.date(2026, 3, 10)
YESTERDAY = dt.date(2026, 3, 9)
WHOLE = gzip.compress(b"".join(b'{"id": %d}\n' % film for film in range(1000)))

Answer = Callable[[str, BaseHTTPRequestHandler], None]


@pytest.fixture
def ids(tmp_path: Path) -> Iterator[ExportIds]:
    ids = ExportIds(tmp_path / "exports")
    with ids.alone():
        yield ids


def downloaded(base_url: str, ids: ExportIds, source: str | None = None) -> tuple[dt.date, bytes]:
    with export_file(base_url, source, ids, TODAY, first_wait_seconds=0.001) as (date, path):
        return date, path.read_bytes()


@contextmanager
def serving(answer: Answer) -> Iterator[tuple[str, list[str]]]:
    """Serve files; yield the address and what was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            answer(self.path, self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class's name
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{http.server_address[1]}/p/exports", asked
        finally:
            http.shutdown()
            thread.join()


def send(handler: BaseHTTPRequestHandler, status: int, body: bytes, *, length: int | None = None) -> None:
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body) if length is None else length))
    handler.end_headers()
    handler.wfile.write(body)


@pytest.mark.parametrize(("now", "date"), [(TODAY, TODAY), (YESTERDAY, YESTERDAY)])
def test_the_newest_export_is_taken_and_yesterdays_where_todays_is_not_ready(
    ids: ExportIds, now: dt.date, date: dt.date
) -> None:
    at = dt.datetime.combine(now, dt.time(7), dt.UTC)
    with FakeTMDB(films=50, clock=lambda: at) as fake:
        found, content = downloaded(fake.export_base_url, ids)

    assert found == date
    assert len(gzip.decompress(content).splitlines()) == 50


def test_an_export_may_be_named_by_its_address(ids: ExportIds) -> None:
    at = dt.datetime.combine(TODAY, dt.time(9), dt.UTC)
    day = dt.date(2026, 1, 31)
    with FakeTMDB(films=50, clock=lambda: at) as fake:
        found, _ = downloaded("", ids, f"{fake.export_base_url}/{export_name(day)}")

    assert found == day


@pytest.mark.parametrize("status", [403, 404])
def test_where_there_is_no_export_it_is_said_when_there_will_be_one(ids: ExportIds, status: int) -> None:
    with (
        serving(lambda _, handler: send(handler, status, b"")) as (url, asked),
        pytest.raises(ExportUnavailableError, match=r"ready by 08:00 UTC, so try again later\.$"),
    ):
        downloaded(url, ids)

    assert asked == [f"/p/exports/{export_name(day)}" for day in (TODAY, YESTERDAY)]


def test_what_breaks_off_is_begun_anew(ids: ExportIds) -> None:
    def answer(_: str, handler: BaseHTTPRequestHandler) -> None:
        match len(asked):
            case 1:
                send(handler, 503, b"busy")
            case 2:
                send(handler, 200, WHOLE[:100], length=len(WHOLE))
            case _:
                send(handler, 200, WHOLE)

    with serving(answer) as (url, asked):
        _, content = downloaded(url, ids)

    assert content == WHOLE
    assert len(asked) == 3


@pytest.mark.parametrize("fault", ["503", "cut off"])
def test_a_server_that_keeps_failing_is_given_up_in_a_sentence_and_leaves_no_file(
    ids: ExportIds, tmp_path: Path, fault: str
) -> None:
    def answer(_: str, handler: BaseHTTPRequestHandler) -> None:
        if fault == "503":
            send(handler, 503, b"busy")
        else:
            send(handler, 200, WHOLE[:100], length=len(WHOLE))

    with serving(answer) as (url, asked), pytest.raises(ExportUnavailableError, match="try again later"):
        downloaded(url, ids)

    assert len(asked) == 3
    assert [path.name for path in (tmp_path / "exports").iterdir()] == [".lock"]


def test_where_nobody_listens_it_is_said_in_a_sentence(ids: ExportIds) -> None:
    with serving(lambda _, handler: send(handler, 200, b"")) as (url, _):
        pass

    with pytest.raises(ExportUnavailableError, match="cannot be downloaded"):
        downloaded(url, ids)


def test_a_file_whose_compression_the_server_declares_arrives_as_it_is(ids: ExportIds) -> None:
    """Else the bytes would be unpacked on the way, and no longer be what the name says."""

    def answer(_: str, handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Encoding", "gzip")
        handler.send_header("Content-Length", str(len(WHOLE)))
        handler.end_headers()
        handler.wfile.write(WHOLE)

    with serving(answer) as (url, _):
        _, content = downloaded(url, ids)

    assert content == WHOLE


@pytest.mark.parametrize(
    "address", ["http://[::1/{}", "https://files.example:port/{}", "ftp://files.example/{}", "https:///{}"]
)
def test_what_is_no_address_is_refused_at_once(ids: ExportIds, address: str) -> None:
    with pytest.raises(ExportError, match="is no address"):
        downloaded("", ids, address.format(export_name(TODAY)))
