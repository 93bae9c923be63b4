"""The answers that the server gives: real films and real parts of them, each answer 30 kB long.

A film of ../shared/films is laid over a recorded answer of TMDB, with recorded release dates and videos, and
as many recorded people as make 30 kB. Where ../shared is not, fictional films of the fake stand in.
"""

import gzip
import json
import urllib.request
from collections.abc import Iterable
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from benchmarks.client.clients import APPENDED
from tmdb_assets.fake_tmdb import FakeTMDB

__all__ = ["BODY_BYTES", "compact", "film_answers", "reference_answers"]

BODY_BYTES = 30_000
_FILM = "47964"
_KEY = "0" * 32
_REFERENCE = {
    "configuration": {"images": {"base_url": "", "secure_base_url": ""}, "change_keys": []},
    "configuration/countries": [],
    "configuration/jobs": [],
    "configuration/languages": [],
    "configuration/primary_translations": [],
    "configuration/timezones": [],
    "genre/movie/list": {"genres": []},
}


def compact(value: object) -> bytes:
    """Return JSON as TMDB sends it: in UTF-8, without spaces."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def film_answers(shared: Path, count: int) -> dict[int, bytes]:
    """Return the body of each film by its id; real ones where ``shared`` has them."""
    films = shared / "films" / "films_2017.jsonl.gz"
    recordings = shared / "tmdb" / "recordings"
    if not (films.exists() and recordings.exists()):
        return _fictional(count)
    template = _recorded(recordings / "movie-_id" / f"tmdblib__movie-{_FILM}.json")
    for part in ("release_dates", "videos"):
        template[part] = _part(recordings / f"movie-_id-{part}" / f"tmdblib__movie-{_FILM}-{part}.json")
    template["external_ids"] = _part(
        recordings / "movie-_id-external_ids" / "tmdblib__movie-335984-external_ids.json"
    )
    credit_lists = sorted((recordings / "movie-_id-credits").glob("*.json"))
    people = [person for path in credit_lists for person in _people(_recorded(path))]
    with gzip.open(films, "rt", encoding="utf-8") as lines:
        chosen = [json.loads(line) for line in islice(lines, count)]
    return {film["id"]: _answer(film, template, people, place) for place, film in enumerate(chosen)}


def reference_answers(shared: Path) -> dict[str, bytes]:
    """Return what some clients ask for before the first film, by path."""
    answers = {path: compact(value) for path, value in _REFERENCE.items()}
    for path in answers:
        folder = shared / "tmdb" / "recordings" / path.replace("/", "-")
        for recorded in sorted(folder.glob("docs__*_200.json")):
            answers[path] = compact(json.loads(recorded.read_bytes()))
    return answers


def _answer(
    film: dict[str, Any], template: dict[str, Any], people: list[dict[str, Any]], place: int
) -> bytes:
    own = {name: value for name, value in film.items() if name in template and name != "keywords"}
    answer = template | own | {"keywords": {"keywords": film.get("keywords", [])}}
    return _filled(answer, islice(cycle(people), place * 7, None))


def _filled(film: dict[str, Any], people: Iterable[dict[str, Any]]) -> bytes:
    """Return a film's body with so many of the people in its credits that it is long enough."""
    credited: dict[str, list[dict[str, Any]]] = {"cast": [], "crew": []}
    answer = film | {"credits": credited}
    room = BODY_BYTES - len(compact(answer))
    for person in people:
        room -= len(compact(person)) + 1
        if room < 0:
            break
        credited["cast" if "character" in person else "crew"].append(person)
    return compact(answer)


def _fictional(count: int) -> dict[int, bytes]:
    with FakeTMDB(films=2 * count) as fake:
        ids = [film["id"] for page in range(1, count // 20 + 2) for film in _page(fake, page)][:count]
        query = f"api_key={_KEY}&append_to_response={','.join(APPENDED)},translations"
        films = [json.loads(_asked(f"{fake.base_url}/movie/{id_}?{query}")) for id_ in ids]
    return {film["id"]: _filled(film, cycle(_people(film["credits"]))) for film in films}


def _page(fake: FakeTMDB, page: int) -> list[dict[str, Any]]:
    return json.loads(_asked(f"{fake.base_url}/discover/movie?api_key={_KEY}&page={page}"))["results"]


def _asked(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 -- the fake's own address
        return answer.read()


def _people(credits_: dict[str, Any]) -> list[dict[str, Any]]:
    """Return three of the crew after each of the cast, about as TMDB has them."""
    crew = iter(credits_["crew"])
    return [person for actor in credits_["cast"] for person in (actor, *islice(crew, 3))]


def _part(path: Path) -> dict[str, Any]:
    return {name: value for name, value in _recorded(path).items() if name != "id"}


def _recorded(path: Path) -> dict[str, Any]:
    return json.loads(path.read_bytes())
