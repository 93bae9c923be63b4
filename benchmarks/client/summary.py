"""From the figures of all rounds to one figure of each kind, and to what is required of ours; no I/O."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from benchmarks.client.clients import CLIENTS, Client

__all__ = ["Check", "Summary", "checks", "summaries"]

_FILMS = 400
_MOST_SECONDS = 10.9
_MOST_TIMES_AIOHTTP = 3.0
_CPU = ("at_once_20.cpu", "at_once_1.cpu")


@dataclass(frozen=True, slots=True)
class Summary:
    """A client's medians, by names such as ``at_once_20.cpu``; what never came is not among them.

    On the limited server the figures are those of its middle run, so that they fit each other; ``errors``
    says what that run raised. ``failure`` is why the last of ``failed_rounds`` gave no figures.
    """

    client: Client
    figures: Mapping[str, float] = field(default_factory=dict[str, float])
    errors: str = ""
    failure: str = ""
    failed_rounds: int = 0


@dataclass(frozen=True, slots=True)
class Check:
    """Something required; ``passed`` is ``None`` when it was not measured."""

    words: str
    passed: bool | None

    def __str__(self) -> str:
        verdict = "not measured" if self.passed is None else "pass" if self.passed else "**FAIL**"
        return f"{verdict}: {self.words}"


def summaries(rounds: Iterable[Mapping[str, Mapping[str, Any]]]) -> list[Summary]:
    """Return the medians of each client that was measured, in the order of the table.

    Parameters
    ----------
    rounds
        For each round the figures by client and by what was measured; ``{"failure": …}`` where none came.
    """
    of_all = list(rounds)
    return [
        _summary(client, [each[client.name] for each in of_all if client.name in each])
        for client in CLIENTS
        if any(client.name in each for each in of_all)
    ]


def checks(of_all: Sequence[Summary]) -> list[Check]:
    """Say for everything that is required of ours whether it is so."""
    by_name = {summary.client.name: summary for summary in of_all}
    found: list[Check] = []
    for summary in of_all:
        if summary.client.role == "peer":
            found += _cheaper(by_name.get(f"ours_{summary.client.kind}"), summary)
    found += _near_aiohttp(by_name.get("ours_async"), by_name.get("bare_aiohttp"))
    found += [_within_the_limit(by_name[name]) for name in ("ours_sync", "ours_async") if name in by_name]
    return found


def _summary(client: Client, measured: Sequence[Mapping[str, Any]]) -> Summary:
    values: dict[str, list[float]] = {}
    for each in measured:
        for name, value in _flat({part: found for part, found in each.items() if part != "limited"}):
            values.setdefault(name, []).append(value)
    limited = sorted(
        (each["limited"] for each in measured if "limited" in each),
        key=lambda run: (run["films"], -run["seconds"]),
    )
    middle = limited[len(limited) // 2] if limited else {}
    figures = {name: median(several) for name, several in values.items()} | dict(_flat(middle, "limited."))
    if limited:
        figures["limited.fewest_films"] = min(run["films"] for run in limited)
        figures["limited.most_refused"] = max(run["refused"] for run in limited)
    failures = [str(each["failure"]) for each in measured if "failure" in each]
    return Summary(
        client,
        figures,
        ", ".join(f"{kind} {count}" for kind, count in middle.get("errors", {}).items()),
        failures[-1] if failures else "",
        len(failures),
    )


def _flat(figures: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, float]]:
    """Return every number with its name, those within by ``outer.inner``; errors are counted apart."""
    for name, value in figures.items():
        if isinstance(value, Mapping) and name != "errors":
            yield from _flat(value, f"{prefix}{name}.")
        elif isinstance(value, (int, float)):
            yield f"{prefix}{name}", float(value)


def _cheaper(ours: Summary | None, peer: Summary) -> list[Check]:
    if ours is None:
        return []
    found: list[Check] = []
    for name in _CPU if peer.client.kind == "sync" else _CPU[:1]:
        mine, theirs = ours.figures.get(name), peer.figures.get(name)
        how = "20 in flight" if name == _CPU[0] else "one after another"
        what = f"{ours.client.kind}, {how}: less CPU per request than {peer.client.title}"
        if mine is None or theirs is None:
            found.append(Check(what, None))
        else:
            found.append(Check(f"{what} ({mine:.2f} of {theirs:.2f} s, {mine / theirs:.2f}x)", mine < theirs))
    return found


def _near_aiohttp(ours: Summary | None, bare: Summary | None) -> list[Check]:
    if ours is None:
        return []
    what = f"async: CPU per request within {_MOST_TIMES_AIOHTTP:g}x of aiohttp with our decoding"
    mine = ours.figures.get(_CPU[0])
    theirs = bare.figures.get(_CPU[0]) if bare else None
    if mine is None or theirs is None:
        return [Check(what, None)]
    return [Check(f"{what} ({mine / theirs:.2f}x)", mine <= _MOST_TIMES_AIOHTTP * theirs)]


def _within_the_limit(ours: Summary) -> Check:
    what = f"{ours.client.kind}, limited server: {_FILMS} films, no 429, at most {_MOST_SECONDS} s"
    films, refused, seconds = (
        ours.figures.get(f"limited.{name}") for name in ("films", "refused", "seconds")
    )
    if films is None or refused is None or seconds is None:
        return Check(what, None)
    return Check(
        f"{what} ({films:.0f}, {refused:.0f}, {seconds:.2f} s)",
        films == _FILMS and refused == 0 and seconds <= _MOST_SECONDS,
    )
