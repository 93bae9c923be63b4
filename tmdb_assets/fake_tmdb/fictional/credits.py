"""Who plays and who makes fictional films."""

from collections.abc import Iterator
from random import Random
from typing import Any

from tmdb_assets.fake_tmdb.draws import chance
from tmdb_assets.fake_tmdb.entries import Entry
from tmdb_assets.fake_tmdb.fictional.names import MAN, WOMAN, draw_name
from tmdb_assets.fake_tmdb.fictional.people import People

_DOCUMENTARY = 99
_FEWEST, _MOST = 5, 25
_ROLES = [
    "The Landlord",
    "Bartender",
    "Young Officer",
    "Receptionist",
    "Taxi Driver",
    "The Stranger",
    "Grandmother",
    "Waiter",
    "Doctor",
    "Newsreader",
    "Old Man",
    "Policewoman",
    "The Priest",
    "Neighbour",
    "Schoolboy",
    "Nurse",
    "Shopkeeper",
    "Postman",
    "The Twin",
    "Woman at the Station",
]
_JOBS = (
    ("Writing", "Screenplay", 0.9), ("Writing", "Story", 0.2), ("Writing", "Novel", 0.2),
    ("Production", "Producer", 0.95),
    ("Production", "Executive Producer", 0.4), ("Production", "Casting", 0.4),
    ("Camera", "Director of Photography", 0.9),
    ("Editing", "Editor", 0.9), ("Sound", "Original Music Composer", 0.8), ("Art", "Production Design", 0.6),
    ("Costume & Make-Up", "Costume Design", 0.5), ("Sound", "Sound Designer", 0.3),
    ("Visual Effects", "Visual Effects Supervisor", 0.2),
)  # fmt: skip


def credits_of(entry: Entry, draw: Random, people: People, year: int, hero: str) -> dict[str, Any]:
    """Return a film's cast in order and its crew, the director first."""
    language = entry.original_language
    wanted = min(_MOST, max(_FEWEST, int(draw.gauss(7 + entry.vote_count**0.3, 3))))
    cast_ids: dict[int, None] = {}
    for _ in range(wanted * 3):
        cast_ids[people.draw(draw, "Acting", language if chance(draw, 0.9) else "en", year)] = None
        if len(cast_ids) == wanted:
            break
    cast = [
        people.person(person_id)
        | {
            "cast_id": order + 1,
            "character": _character(entry, draw, hero, order),
            "credit_id": _credit_id(draw),
            "order": order,
        }
        for order, person_id in enumerate(cast_ids)
    ]
    return {"cast": cast, "crew": list(_crew(entry, draw, people, year))}


def _crew(entry: Entry, draw: Random, people: People, year: int) -> Iterator[dict[str, Any]]:
    language = entry.original_language
    directors = {people.draw(draw, "Directing", language, year, entry.genre_ids[0]): None}
    if chance(draw, 0.06):
        directors[people.draw(draw, "Directing", language, year, entry.genre_ids[0])] = None
    for person_id in directors:
        yield _member(draw, people.person(person_id), "Directing", "Director")
    writes_too = chance(draw, 0.4)
    for department, job, share in _JOBS:
        if job == "Screenplay" and writes_too:
            yield _member(draw, people.person(next(iter(directors))), department, "Writer")
        elif chance(draw, share):
            yield _member(draw, people.person(people.draw(draw, "Crew", language, year)), department, job)


def _member(draw: Random, person: dict[str, Any], department: str, job: str) -> dict[str, Any]:
    return person | {"credit_id": _credit_id(draw), "department": department, "job": job}


def _character(entry: Entry, draw: Random, hero: str, order: int) -> str:
    if _DOCUMENTARY in entry.genre_ids:
        return "Self"
    if not order:
        return hero
    if order > _FEWEST and chance(draw, 0.4):
        return draw.choice(_ROLES)
    return draw_name(draw, entry.original_language, draw.choice((WOMAN, MAN)))


def _credit_id(draw: Random) -> str:
    return f"{draw.getrandbits(96):024x}"
