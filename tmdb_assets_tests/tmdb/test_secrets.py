"""The credential appears in nothing that is printed or written, whatever goes wrong."""

import json
import logging
import os
import pickle
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from tmdb_assets.settings import Settings
from tmdb_assets.tmdb import AsyncTMDBClient, NotFoundError, RetryPolicy, TMDBClient, TMDBError
from tmdb_assets.tmdb.transport.redaction import Redaction
from tmdb_assets_tests.tmdb.certificates import certificate
from tmdb_assets_tests.tmdb.conftest import Ask
from tmdb_assets_tests.tmdb.odd_server import OddServer, Peer, reply

KEY = "feedfacefeedfacefeedfacefeedface"
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJhdWQiOiJmZWVkZmFjZSJ9.feedface-feed_face"
ODD_KEY = "feedface+FEED/face=100%&'\"\\~x?#[y]"
ODD_TOKEN = "eyJmZWVk+/==.feed/face+%2F.100%"
CREDENTIALS = pytest.mark.parametrize(
    "credential", [KEY, TOKEN, ODD_KEY, ODD_TOKEN], ids=["key", "token", "odd key", "odd token"]
)
CHECKOUT = Path(__file__).parents[2]


def spellings(printed: str) -> list[str]:
    """Return what was printed, and the same without the quoting of addresses, of JSON and of ``repr``."""
    plain = re.sub(r"\\u00([0-9a-f]{2})", lambda code: chr(int(code[1], 16)), printed).replace("\\", "")
    return [printed, plain, unquote(plain), unquote(unquote(plain))]


def shows(printed: str, credential: str) -> bool:
    forms = {credential, credential.replace("\\", ""), unquote(credential.replace("\\", ""))}
    return any(form in text for form in forms for text in spellings(printed))


@pytest.mark.parametrize("credential", [ODD_KEY, TOKEN], ids=["key", "token"])
def test_no_error_path_prints_or_writes_the_credential(credential: str, tmp_path: Path) -> None:
    trusted = tmp_path / "one.pem"  # quicker to read, a hundred times, than all that the world trusts
    trusted.write_bytes(certificate())
    environment = {
        **os.environ,
        "SSL_CERT_FILE": str(trusted),
        "PYTHONPATH": str(CHECKOUT),
        "PYTHONASYNCIODEBUG": "1",
        "TMDB_API_KEY": credential,
        "TMDB_REQUESTS_PER_SECOND": "500",
    }

    done = subprocess.run(
        [sys.executable, "-X", "dev", "-m", "tmdb_assets_tests.tmdb.every_error_path"],
        env=environment,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )

    assert done.stdout.endswith("done\n"), done.stderr[-2000:]
    assert "DEBUG:httpcore" in done.stderr
    assert "was never closed" in done.stderr
    assert not [line for line in (done.stdout + done.stderr).splitlines() if shows(line, credential)]
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert written
    assert not [path for path in written if shows(f"{path} {path.read_bytes()!r}", credential)]


@CREDENTIALS
def test_a_credential_arrives_as_it_is_whatever_its_characters(credential: str, ask: Ask) -> None:
    with OddServer() as server:
        ask(server.url, lambda client: client.movies.details(1), api_key=credential)

    sent = parse_qs(urlsplit(server.targets[0]).query).get("api_key", [])
    header = f"authorization: bearer {credential}".lower().encode()
    assert sent == ([] if credential.startswith("eyJ") else [credential])
    assert (header in server.heads[0].lower()) is credential.startswith("eyJ")


@CREDENTIALS
def test_a_refusal_that_repeats_the_request_does_not_repeat_the_credential(credential: str, ask: Ask) -> None:
    def echo(peer: Peer) -> None:
        said = json.dumps({"status_code": 34, "status_message": f"No {peer.target} {credential}"})
        peer.send(reply(said.replace("/", "\\/").encode(), "404 Not Found"))

    with OddServer(echo) as server, pytest.raises(NotFoundError) as caught:
        ask(server.url, lambda client: client.movies.details(1), api_key=credential)

    assert "No /3/movie/1" in str(caught.value)
    assert not shows(f"{caught.value} {vars(caught.value)}", credential)


@CREDENTIALS
def test_a_redirect_with_the_credential_is_in_no_log(
    credential: str, ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    def redirect(peer: Peer) -> None:
        peer.send(reply(b"", "302 Found", f"Location: {peer.target}", f"X-Key: {credential}"))

    with OddServer(redirect) as server, pytest.raises(TMDBError):
        ask(server.url, lambda client: client.movies.details(1), api_key=credential)

    assert len(server.targets) == 1
    assert caplog.records
    assert not [each for each in caplog.records if shows(f"{each.getMessage()} {vars(each)}", credential)]


def test_a_short_credential_leaves_the_films_alone(ask: Ask) -> None:
    """The fake takes any word for a key, and a film's title may hold it."""
    with OddServer() as server:
        movie = ask(server.url, lambda client: client.movies.details(1), api_key="Film")

    assert movie.title == "Film 1"


@pytest.mark.parametrize("kind", [TMDBClient, AsyncTMDBClient])
def test_a_client_shows_its_credential_nowhere(kind: type[TMDBClient | AsyncTMDBClient]) -> None:
    client = kind(KEY, base_url="http://127.0.0.1:1/3")

    assert KEY not in f"{client} {client!r} {vars(client)} {Settings(api_key=KEY)!r} {client.movies!r}"
    with pytest.raises(TypeError, match="pickle"):
        pickle.dumps(client)


def test_an_error_travels_between_processes(ask: Ask) -> None:
    with (
        OddServer(lambda peer: peer.send(reply(b"", "503 Oops", "Retry-After: 7"))) as server,
        pytest.raises(TMDBError) as caught,
    ):
        ask(server.url, lambda client: client.movies.details(1), retry=RetryPolicy(attempts=1))

    copy = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 -- our own bytes

    assert (type(copy), str(copy), vars(copy)) == (type(caught.value), str(caught.value), vars(caught.value))


def test_a_key_of_one_letter_leaves_words_alone() -> None:
    redacted = Redaction("a").of("a banana at ?api_key=a&page=1")

    assert redacted == "*** banana at ?api_key=***&page=1"
