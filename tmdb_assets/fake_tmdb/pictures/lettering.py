"""Setting words: how wide they are, where their lines break, how large they can be.

Which fonts a browser has is not known, so only generic families are named, widths are estimated, and every
line is told how long it is: a font that is a little wider or narrower is drawn a little narrower or wider.
"""

import unicodedata
from dataclasses import dataclass
from typing import Literal

from tmdb_assets.fake_tmdb.pictures.svg import element, escaped

_NARROW, _SLIM, _BROAD = (
    frozenset("iljI.,'\u2019!|:;·"),
    frozenset('ftr()[]-\u2013"/ \u2002'),
    frozenset("mwMW@\u2014…%&"),
)
_LONGEST_WORD = 20
_LONGEST_TITLE = 200
_WIDTHS = 28


@dataclass(frozen=True, slots=True)
class Typeface:
    """A way to set words."""

    family: Literal["serif", "sans-serif", "monospace"]
    weight: int = 400
    style: Literal["normal", "italic"] = "normal"
    width: float = 1.0
    """How wide its letters are against those of an ordinary sans-serif."""
    spacing: float = 0.0
    """Between letters, of the size."""
    leading: float = 1.0
    """From line to line, of the size."""
    is_upper: bool = False
    is_block: bool = False
    """Whether every line is as wide as the column."""

    def cased(self, text: str) -> str:
        """Return the words as this face has them."""
        return text.upper() if self.is_upper else text

    def length(self, text: str) -> float:
        """Return how wide a line is at size 1."""
        between = self.spacing_of(text) * len(text)
        if self.family == "monospace":
            return sum(1.0 if _is_wide(each) else 0.6 for each in text) + between
        return sum(_advance(each) for each in text) * self.width + between

    def spacing_of(self, text: str) -> float:
        """Return the space between a line's letters; those of Arabic or Hindi must not be pulled apart."""
        return 0.0 if any("\u0590" <= each < "\u1e00" for each in text) else self.spacing


@dataclass(frozen=True, slots=True)
class Box:
    """Where words stand, and which way they lean."""

    x: float
    y: float
    width: float
    height: float
    anchor: Literal["start", "middle"] = "middle"
    rise: Literal["top", "bottom"] = "top"
    """Where the words are when the box is higher than they are."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a title, and its size."""

    text: str
    size: float


def set_title(title: str, face: Typeface, box: Box, fill: str, largest: float) -> str:
    """Return a title as large as its box allows."""
    lines = title_lines(title, face, box, largest)
    leading = face.leading
    high = sum(line.size * leading for line in lines) - lines[-1].size * (leading - 0.76)
    baseline = box.y if box.rise == "top" else box.y + box.height - high
    drawn: list[str] = []
    for place, line in enumerate(lines):
        baseline += line.size * (leading if place else 0.76)  # capitals are about three quarters of the size
        drawn.append(set_line(line.text, face, line.size, (box, baseline), fill))
    return "".join(drawn)


def title_lines(title: str, face: Typeface, box: Box, largest: float) -> list[Line]:
    """Break a title into the lines that can be largest."""
    words = _words(face.cased(title))
    lengths = [face.length(word) for word in words]
    shortest, longest = max(lengths), face.length(" ".join(words))
    best: list[Line] = []
    best_score = 0.0
    for step in range(_WIDTHS + 1):
        limit = shortest + (longest - shortest) * (step / _WIDTHS) ** 2
        lines = _sized(_wrapped(words, face, limit + 0.01), face, box, largest)
        across = [face.length(line.text) for line in lines]
        score = (
            min(line.size for line in lines) * 0.95 ** len(lines) * (0.85 + 0.15 * min(across) / max(across))
        )
        if score > best_score:
            best, best_score = lines, score
    return best


def set_line(
    text: str, face: Typeface, size: float, place: tuple[Box, float], fill: str, opacity: float | None = None
) -> str:
    """Return one line of words on a baseline, as wide as it was reckoned to be."""
    box, baseline = place
    is_rtl = next(
        (bidi != "L" for each in text if (bidi := unicodedata.bidirectional(each)) in {"L", "R", "AL"}), False
    )
    x = box.x + box.width / 2 if box.anchor == "middle" else box.x + (box.width if is_rtl else 0)
    length = face.length(text) * size
    return element(
        "text",
        escaped(text),
        x=x,
        y=baseline,
        fill=fill,
        fill_opacity=opacity and f"{opacity}",
        font_family=face.family,
        font_size=size,
        font_weight=face.weight,
        font_style=None if face.style == "normal" else face.style,
        text_anchor=None if box.anchor == "start" else box.anchor,
        direction="rtl" if is_rtl else None,
        textLength=min(length, box.width),
        lengthAdjust="spacingAndGlyphs",
        letter_spacing=f"{spacing}em" if (spacing := face.spacing_of(text)) else None,
    )


def _sized(texts: list[str], face: Typeface, box: Box, largest: float) -> list[Line]:
    lengths = [max(face.length(text), 0.1) for text in texts]
    even = min(box.width / max(lengths), largest)
    sizes = [min(box.width / length, largest, even * 2.1) if face.is_block else even for length in lengths]
    high = sum(sizes) * face.leading
    shrink = min(1.0, box.height / high)
    return [Line(text, size * shrink) for text, size in zip(texts, sizes, strict=True)]


def _wrapped(words: list[str], face: Typeface, limit: float) -> list[str]:
    lines = [words[0]]
    for word in words[1:]:
        longer = f"{lines[-1]} {word}"
        if face.length(longer) <= limit:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _words(title: str) -> list[str]:
    """Return the pieces between which a line may end; a piece longer than any word is cut."""
    title = " ".join(title.split())
    if len(title) > _LONGEST_TITLE:
        title = title[:_LONGEST_TITLE] + "…"
    pieces: list[str] = []
    for word in title.split() or [" "]:
        longest = _LONGEST_WORD // 3 if any(map(_is_wide, word)) else _LONGEST_WORD
        count = -(-len(word) // longest)
        size = -(-len(word) // count)
        pieces += [word[start : start + size] for start in range(0, len(word), size)]
    return pieces


def _advance(char: str) -> float:
    if char in _NARROW:
        return 0.3
    if char in _SLIM:
        return 0.37
    if char in _BROAD:
        return 0.88
    if _is_wide(char):
        return 1.0
    if unicodedata.category(char) in {"Mn", "Cf", "Cc"}:
        return 0.0
    return 0.68 if char.isupper() else 0.56


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in {"W", "F"}
