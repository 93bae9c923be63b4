"""What the rounds of the client's benchmark come to."""

from typing import Any

from benchmarks.client.summary import checks, summaries


def speed(cpu: float, **more: Any) -> dict[str, Any]:  # noqa: ANN401 -- figures of any shape
    return {"at_once_20": {"cpu": cpu, "rate": 1000 / cpu, "wrong": 0}, "at_once_1": {"cpu": cpu}} | more


def limited(films: int, refused: int, seconds: float) -> dict[str, Any]:
    return {"films": films, "refused": refused, "seconds": seconds, "errors": {"HTTPError": refused}}


def said(*rounds: dict[str, dict[str, Any]]) -> list[str]:
    return [str(check) for check in checks(summaries(rounds))]


def test_a_figure_is_the_median_of_the_rounds() -> None:
    rounds = [{"tmdbsimple": speed(cpu)} for cpu in (2.0, 9.0, 3.0)]

    (summary,) = summaries(rounds)

    assert summary.figures["at_once_20.cpu"] == 3.0


def test_a_round_that_failed_leaves_the_others_figures() -> None:
    rounds = [{"aiotmdb": speed(2.0)}, {"aiotmdb": {"failure": "no figures within 60 s"}}]

    (summary,) = summaries(rounds)

    assert summary.figures["at_once_20.cpu"] == 2.0
    assert (summary.failed_rounds, summary.failure) == (1, "no figures within 60 s")


def test_the_limited_server_need_not_be_asked_in_every_round() -> None:
    rounds = [{"tmdbsimple": speed(2.0, limited=limited(80, 320, 1.5))}, {"tmdbsimple": speed(2.0)}]

    (summary,) = summaries(rounds)

    assert (summary.figures["limited.films"], summary.errors) == (80, "HTTPError 320")


def test_what_is_said_of_the_limited_server_is_all_of_one_run() -> None:
    runs = [limited(160, 240, 1.0), limited(80, 320, 3.0), limited(120, 280, 2.0)]

    (summary,) = summaries([{"tmdbsimple": speed(2.0, limited=run)} for run in runs])

    said_of_it = [summary.figures[f"limited.{name}"] for name in ("films", "refused", "seconds")]
    assert (said_of_it, summary.errors) == ([120, 280, 2.0], "HTTPError 280")


def test_one_429_in_any_run_is_one_too_many() -> None:
    runs = [limited(400, 0, 10.8), limited(400, 1, 10.8), limited(400, 0, 10.8)]

    found = said(*({"ours_sync": speed(1.0, limited=run)} for run in runs))

    assert found[-1].startswith("**FAIL**")


def test_ours_is_compared_with_peers_of_its_kind_alone() -> None:
    found = said(
        {"ours_sync": speed(1.0), "tmdbsimple": speed(2.0), "aiotmdb": speed(0.5), "bare_httpx": speed(0.5)}
    )

    assert found[:2] == [
        "pass: sync, 20 in flight: less CPU per request than tmdbsimple (1.00 of 2.00 s, 0.50x)",
        "pass: sync, one after another: less CPU per request than tmdbsimple (1.00 of 2.00 s, 0.50x)",
    ]
    assert not any("aiotmdb" in line or "httpx" in line for line in found)


def test_as_much_cpu_as_a_peer_is_not_less() -> None:
    found = said({"ours_async": speed(2.0), "aiotmdb": speed(2.0)})

    assert found[0].startswith("**FAIL**: async, 20 in flight: less CPU per request than aiotmdb")


def test_three_times_aiohttp_is_the_most() -> None:
    cpu = (3.0, 3.1)

    verdicts = [
        said({"ours_async": speed(each), "bare_aiohttp": speed(1.0)})[0].split(":")[0] for each in cpu
    ]

    assert verdicts == ["pass", "**FAIL**"]


def test_the_limited_server_wants_all_films_without_a_429_in_time() -> None:
    runs = [(400, 0, 10.9), (399, 0, 10.0), (400, 1, 10.0), (400, 0, 10.91)]

    verdicts = [said({"ours_sync": speed(1.0, limited=limited(*run))})[-1].split(":")[0] for run in runs]

    assert verdicts == ["pass", "**FAIL**", "**FAIL**", "**FAIL**"]


def test_what_failed_is_not_measured_rather_than_passed() -> None:
    found = said({"ours_async": {"failure": "it ended"}, "aiotmdb": speed(2.0), "bare_aiohttp": speed(1.0)})

    assert [line.split(":")[0] for line in found] == ["not measured"] * 3
