"""Faults, each over a real socket, and their specification."""

import gzip
import json
import socket
import time
from collections import Counter
from http.client import HTTPResponse

import httpx
import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.fake_tmdb.faults import Faults
from tmdb_assets_tests.fake_tmdb.asking import KEY, client_of


def answer_with(fault: str) -> httpx.Response:
    with FakeTMDB(films=0, faults=f"{fault}!") as fake, client_of(fake) as client:
        return client.get("/configuration", headers={"Accept-Encoding": "identity"})


@pytest.mark.parametrize(
    ("fault", "status", "code"), [("429", 429, 25), ("500", 500, 11), ("503", 503, 46), ("504", 504, 24)]
)
def test_an_error_has_its_body(fault: str, status: int, code: int) -> None:
    answer = answer_with(fault)

    assert (answer.status_code, answer.json()["status_code"], answer.json()["success"]) == (
        status,
        code,
        False,
    )
    assert "Retry-After" not in answer.headers


@pytest.mark.parametrize(("fault", "status"), [("502html", 502), ("html200", 200)])
def test_a_page_comes_instead_of_json(fault: str, status: int) -> None:
    answer = answer_with(fault)

    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "text/html")
    assert answer.text.startswith("<!DOCTYPE html>")


def test_an_empty_answer_says_200() -> None:
    answer = answer_with("empty")

    assert (answer.status_code, answer.content) == (200, b"")


def test_a_truncated_answer_agrees_with_its_length() -> None:
    answer = answer_with("truncate")

    assert answer.status_code == 200
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    with pytest.raises(json.JSONDecodeError):
        answer.json()


def test_truncated_gzip_agrees_with_its_length() -> None:
    with (
        FakeTMDB(films=0, faults="truncate_gzip!") as fake,
        raw_request(fake, "Accept-Encoding: gzip\r\n") as reply,
    ):
        body = reply.read()

    assert int(reply.headers["Content-Length"]) == len(body)
    with pytest.raises(EOFError):
        gzip.decompress(body)


def test_a_connection_is_reset_before_the_answer() -> None:
    with FakeTMDB(films=0, faults="reset!") as fake, pytest.raises(ConnectionResetError):
        raw_request(fake)


def test_a_connection_is_reset_in_the_middle_of_the_body() -> None:
    with FakeTMDB(films=0, faults="reset_body!") as fake, raw_request(fake) as reply:
        assert reply.status == 200
        with pytest.raises(ConnectionResetError):
            reply.read()


def test_a_slow_answer_is_right_but_late() -> None:
    started = time.monotonic()

    answer = answer_with("slow")

    assert answer.status_code == 200
    assert time.monotonic() - started >= 1.5


def test_a_drifting_list_repeats_a_film_and_loses_another() -> None:
    query = {"sort_by": "primary_release_date.asc", "include_adult": "true", "include_video": "true"}
    with FakeTMDB(films=100, faults="drift@4") as fake, client_of(fake) as client:
        steady = [client.get("/discover/movie", params=query | {"page": page}).json() for page in (1, 2, 3)]
        drifted = client.get("/discover/movie", params=query | {"page": 2}).json()

    ids = [[film["id"] for film in page["results"]] for page in (*steady, drifted)]
    assert ids[3] == [ids[0][-1], *ids[1][:-1]]
    assert drifted["total_results"] != steady[1]["total_results"] == 100


def test_details_do_not_drift() -> None:
    with FakeTMDB(films=100, faults="drift!") as fake, client_of(fake) as client:
        film = client.get("/discover/movie").json()["results"][0]
        path, query = f"/movie/{film['id']}", {"append_to_response": "similar,recommendations"}
        answers = [client.get(path, params=query).json() for _ in range(5)]

    assert all(answer == answers[0] for answer in answers)


def test_the_nth_request_alone_goes_wrong() -> None:
    with FakeTMDB(films=0, faults="500@2,503@3") as fake, client_of(fake) as client:
        statuses = [client.get("/configuration").status_code for _ in range(4)]

    assert statuses == [200, 500, 503, 200]


def test_faults_repeat_for_a_seed_and_come_as_often_as_asked_for() -> None:
    spec = "429:0.05,reset:0.1,drift:0.2"
    first, again, other = (Faults.parse(spec, seed) for seed in (1, 1, 2))
    numbers = range(1, 4001)

    chosen = [first.choose(number) for number in numbers]
    drifts = sum(first.drift(number) != 0 for number in numbers)

    assert chosen == [again.choose(number) for number in numbers]
    assert chosen != [other.choose(number) for number in numbers]
    counts = Counter(chosen)
    assert counts["429"] == pytest.approx(200, rel=0.25)
    assert counts["reset"] == pytest.approx(400, rel=0.25)
    assert drifts == pytest.approx(800, rel=0.25)
    assert set(counts) == {None, "429", "reset"}


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        ("nonsense:0.1", "Unknown fault 'nonsense' in 'nonsense:0.1'"),
        ("500", "Fault '500' is none of name:probability, name@N and name!"),
        ("500:often", "Fault '500:often' needs a probability from 0 to 1"),
        ("500:1.5", "Fault '500:1.5' needs a probability from 0 to 1"),
        ("500:nan", "Fault '500:nan' needs a probability from 0 to 1"),
        ("500@0", "Fault '500@0' needs the number of a request"),
        ("500:0.6,503:0.6", "The fault probabilities add up to 1.2"),
    ],
)
def test_a_wrong_specification_is_one_clear_sentence(spec: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        FakeTMDB(films=0, faults=spec)


def raw_request(fake: FakeTMDB, headers: str = "") -> HTTPResponse:
    """Send one request over a bare socket and read the head of the reply."""
    with socket.create_connection((fake.host, fake.port)) as connection:
        request = f"GET /3/configuration?api_key={KEY} HTTP/1.1\r\nHost: fake\r\n{headers}\r\n"
        connection.sendall(request.encode())
        reply = HTTPResponse(connection)
        reply.begin()
        return reply
