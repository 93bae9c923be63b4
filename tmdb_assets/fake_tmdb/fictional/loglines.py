"""Overviews and taglines of fictional films."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tmdb_assets.fake_tmdb.draws import chance
from tmdb_assets.fake_tmdb.fictional.titles import NOUNS, PLACES
from tmdb_assets.fake_tmdb.fictional.words import read_words


@dataclass(frozen=True, slots=True)
class Kind:
    """The phrases of one kind of film."""

    heroes: list[str]
    others: list[str]
    events: list[str]
    goals: list[str]
    turns: list[str]


_WORDS = read_words("themes")
_THEMED = {
    theme: Kind(heroes, *(_WORDS["themed"][name] for name in ("others", "events", "goals", "turns")))
    for theme, heroes in _WORDS["themed"]["heroes"].items()
}
_KINDS = {name: Kind(**phrases) for name, phrases in read_words("loglines").items()}
_KIND_OF_GENRE = {
    28: "action", 12: "action", 16: "wonder", 35: "comedy", 80: "crime", 18: "drama", 10751: "wonder",
    14: "wonder",
    36: "history", 27: "horror", 10402: "music", 9648: "crime", 10749: "romance", 878: "science_fiction",
    10770: "romance", 53: "crime", 10752: "history", 37: "western",
}  # fmt: skip
_DOCUMENTARY = 99
_MOST_WORDS = 3
_UNNAMED = frozenset[str](_WORDS["unnamed"])
"""Words of a role that the name of just anybody cannot follow."""


def draw_overview(draw: Random, genres: tuple[int, ...], theme: str | None, hero_name: str, year: int) -> str:
    """Draw an overview of one or two sentences."""
    if _DOCUMENTARY in genres:
        return _documentary(draw, _WORDS["themed" if theme else "documentary"]["subjects"])
    words = _THEMED[theme] if theme else _KINDS[_KIND_OF_GENRE[genres[0]]]
    earlier = year - draw.choice((0, 0, 10, 25))
    setting = draw.choice(_WORDS["settings"]).format(place=draw.choice(PLACES), year=earlier)
    hero = _named(draw, draw.choice(words.heroes), hero_name)
    return _capital(draw.choice(_PATTERNS)(draw, words, hero, setting))


def draw_tagline(draw: Random) -> str:
    """Draw a tagline; more than half of all films have none."""
    if chance(draw, 0.55):
        return ""
    tagline: str = draw.choice(_WORDS["taglines"])
    return tagline.format(place=draw.choice(PLACES), noun=draw.choice(NOUNS).lower())


def _when(draw: Random, words: Kind, hero: str, _: str) -> str:
    return f"When {draw.choice(words.events)}, {hero} must {draw.choice(words.goals)}."


def _only_to_find(draw: Random, words: Kind, hero: str, _: str) -> str:
    return f"{hero} sets out to {draw.choice(words.goals)}, only to discover that {draw.choice(words.turns)}."


def _together(draw: Random, words: Kind, hero: str, setting: str) -> str:
    turn = _capital(draw.choice(words.turns))
    return f"{setting}, {hero} and {draw.choice(words.others)} try to {draw.choice(words.goals)}. {turn}."


def _nothing_more(draw: Random, words: Kind, hero: str, _: str) -> str:
    return f"{hero} wants nothing more than to {draw.choice(words.goals)}. Then {draw.choice(words.events)}."


def _deadline(draw: Random, words: Kind, hero: str, setting: str) -> str:
    deadline, goal = draw.choice(_WORDS["deadlines"]), draw.choice(words.goals)
    return f"{setting}, {draw.choice(words.events)}, and {hero} has {deadline} to {goal}."


def _unlikely(draw: Random, words: Kind, hero: str, _: str) -> str:
    return (
        f"To {draw.choice(words.goals)}, {hero} needs the help of {draw.choice(words.others)}. "
        f"Neither is prepared for what happens when {draw.choice(words.events)}."
    )


def _until(draw: Random, words: Kind, hero: str, setting: str) -> str:
    return (
        f"{setting}, {hero} leads an unremarkable life, until {draw.choice(words.events)}. "
        f"As {draw.choice(words.others)} enters the picture, it turns out that {draw.choice(words.turns)}."
    )


def _supposed(draw: Random, words: Kind, hero: str, _: str) -> str:
    return (
        f"It was supposed to be a quiet year. Instead, {draw.choice(words.events)}, and {hero} is left to "
        f"{draw.choice(words.goals)} with nobody but {draw.choice(words.others)} for company."
    )


def _bound(draw: Random, words: Kind, hero: str, _: str) -> str:
    deadline = draw.choice(_WORDS["deadlines"])
    goal, turn = draw.choice(words.goals), draw.choice(words.turns)
    return f"Bound by an old promise, {hero} has {deadline} to {goal}. But {turn}."


def _nobody_else(draw: Random, words: Kind, hero: str, _: str) -> str:
    return (
        f"Nobody asked {hero} to {draw.choice(words.goals)}. "
        f"But when {draw.choice(words.events)}, there is nobody else."
    )


def _drawn_together(draw: Random, words: Kind, hero: str, _: str) -> str:
    other, goal = draw.choice(words.others), draw.choice(words.goals)
    return f"Drawn together when {draw.choice(words.events)}, {hero} and {other} have to {goal}."


def _story_of(draw: Random, words: Kind, hero: str, _: str) -> str:
    other, turn = draw.choice(words.others), _capital(draw.choice(words.turns))
    return f"The story of {hero}, {other}, and the year in which {draw.choice(words.events)}. {turn}."


def _documentary(draw: Random, subjects: list[str]) -> str:
    words: dict[str, list[str]] = _WORDS["documentary"]
    subject, means, question = (draw.choice(each) for each in (subjects, words["means"], words["questions"]))
    return draw.choice(
        (
            f"Through {means}, this documentary follows {subject} and asks {question}.",
            f"{_capital(subject)}: a portrait told through {means}.",
            f"A film about {subject}. Drawing on {means}, it wonders {question}.",
            f"{_capital(means)} bring back {subject}. What emerges is a quiet meditation on {question}.",
        )
    )


Pattern = Callable[[Random, Kind, str, str], str]
_PATTERNS: tuple[Pattern, ...] = (
    _when, _only_to_find, _together, _nothing_more, _deadline, _unlikely, _until, _supposed, _bound,
    _nobody_else, _drawn_together, _story_of,
)  # fmt: skip


def _named(draw: Random, hero: str, name: str) -> str:
    """Give the hero a name now and then: "a night-shift nurse" becomes "night-shift nurse Ada Quill"."""
    article, _, role = hero.partition(" ")
    words = role.split()
    can_be_named = article in {"a", "an"} and len(words) <= _MOST_WORDS and _UNNAMED.isdisjoint(words)
    return f"{role} {name}" if can_be_named and chance(draw, 0.45) else hero


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
