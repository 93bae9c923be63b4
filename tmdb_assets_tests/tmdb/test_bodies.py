"""Bodies: what came over the wire as an answer, never more than fifty megabytes of it."""

import gzip
import os
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmdb_assets.tmdb.transport.bodies import LARGEST_BYTES, BodyError, Received

CHECKOUT = Path(__file__).parents[2]
FILM = b'{"id":1,"title":"Film 1"}'


def received(*pieces: bytes) -> Received:
    body = Received()
    for piece in pieces:
        body.add(piece)
    return body


@pytest.mark.parametrize("encoding", ["", "identity", " Identity "])
def test_a_plain_body_is_as_it_came(encoding: str) -> None:
    assert received(FILM[:5], b"", FILM[5:]).decompressed(encoding) == FILM


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", " GZIP "])
def test_a_compressed_body_is_unpacked(encoding: str) -> None:
    packed = gzip.compress(FILM)

    assert received(packed[:7], packed[7:]).decompressed(encoding) == FILM


def test_bodies_that_were_packed_one_by_one_are_one() -> None:
    assert received(gzip.compress(FILM[:9]) + gzip.compress(FILM[9:])).decompressed("gzip") == FILM


def test_a_body_that_was_cut_is_as_short_as_it_was_cut() -> None:
    packed = gzip.compress(FILM * 1000)

    assert FILM in received(packed[: len(packed) // 2]).decompressed("gzip")


@pytest.mark.parametrize("encoding", ["br", "deflate", "zstd", "gzip, gzip", "gzip, br", "\xff", "gzip;q=1"])
def test_a_packing_that_was_not_asked_for_is_refused_for_good(encoding: str) -> None:
    with pytest.raises(BodyError, match="not asked for") as caught:
        received(zlib.compress(FILM)).decompressed(encoding)

    assert not caught.value.may_pass


@pytest.mark.parametrize(
    "body",
    [FILM, gzip.compress(FILM) + b"?" * 20, gzip.compress(FILM)[:-8] + bytes(8)],
    ids=["not packed", "more behind it", "another checksum"],
)
def test_a_damaged_body_may_be_a_good_one_the_next_time(body: bytes) -> None:
    with pytest.raises(BodyError, match="damaged") as caught:
        received(body).decompressed("gzip")

    assert caught.value.may_pass


def test_the_largest_body_is_taken_and_one_byte_more_is_not() -> None:
    body = received(bytes(LARGEST_BYTES))
    assert len(body.decompressed("")) == LARGEST_BYTES

    with pytest.raises(BodyError, match="50 MB") as caught:
        body.add(b"?")

    assert not caught.value.may_pass


@pytest.mark.parametrize("members", [1, 2, 50])
def test_the_largest_unpacked_body_is_taken_and_one_byte_more_is_not(members: int) -> None:
    packed = gzip.compress(bytes(LARGEST_BYTES // members), 1) * members
    assert len(received(packed).decompressed("gzip")) == LARGEST_BYTES

    with pytest.raises(BodyError, match="50 MB"):
        received(packed, gzip.compress(b"?")).decompressed("gzip")


def test_a_million_empty_packages_cost_no_time() -> None:
    body = received(gzip.compress(b"") * 1_000_000)
    started = time.process_time()

    with pytest.raises(BodyError, match="damaged"):
        body.decompressed("gzip")

    assert time.process_time() - started < 2


@given(st.binary(max_size=300), st.integers(0, 400), st.integers(0, 255))
def test_whatever_happens_to_a_packed_body_is_a_body_or_our_error(body: bytes, place: int, byte: int) -> None:
    packed = bytearray(gzip.compress(body))
    packed[place % len(packed)] = byte

    try:
        unpacked = received(bytes(packed)).decompressed("gzip")
    except BodyError:
        return

    assert len(unpacked) <= LARGEST_BYTES


@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize("what", ["bomb", "bomb in a bomb", "bombs in a row", "flood"])
def test_far_too_much_is_refused_at_once_and_takes_little_memory(kind: str, what: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tmdb_assets_tests.tmdb.swallowing", kind, what],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "TMDB_API_KEY": "feedface" * 4},
        capture_output=True,
        text=True,
        check=True,
    )

    kilobytes, requests, sentence = done.stdout.split(" ", 2)
    assert int(kilobytes) < 150_000
    assert requests == "1"
    assert "larger than 50 MB" in sentence or "not asked for" in sentence
