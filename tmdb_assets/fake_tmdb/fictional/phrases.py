"""Titles in other languages, put together from two halves."""

from dataclasses import dataclass
from random import Random

from tmdb_assets.fake_tmdb.fictional.words import read_words


@dataclass(frozen=True, slots=True)
class Phrases:
    """The two halves of a language's titles, each with its English."""

    heads: list[tuple[str, str]]
    tails: list[tuple[str, str]]
    tail_first: bool = False
    space: str = " "

    def draw(self, draw: Random) -> tuple[str, str]:
        """Draw a title and what it means in English."""
        (head, english_head), (tail, english_tail) = draw.choice(self.heads), draw.choice(self.tails)
        first, second = (tail, head) if self.tail_first else (head, tail)
        return f"{first}{self.space}{second}", f"{english_head} {english_tail}"


PHRASES = {language: Phrases(**words) for language, words in read_words("foreign_titles").items()}
"""Only these languages have titles of their own."""
