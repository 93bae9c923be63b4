"""SVG as text: elements, escaped; numbers no longer than they need to be."""

import math
import re
from collections.abc import Iterable
from itertools import pairwise

Point = tuple[float, float]

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})


def escaped(text: str) -> str:
    """Return text that may stand anywhere in XML; what XML has no way to say is left out."""
    return _NOT_XML.sub("", text).translate(_ENTITIES)


def element(name: str, content: str = "", **attributes: str | float | None) -> str:
    """Return an element; ``stroke_width`` is ``stroke-width``, and None is no attribute."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_value(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{given}>{content}</{name}>" if content else f"<{name}{given}/>"


def document(width: float, height: float, shown: Point, *content: str) -> str:
    """Return a whole picture: drawn at a width and height, shown at another size."""
    return element(
        "svg",
        "".join(content),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=round(shown[0]),
        height=round(shown[1]),
    )


def rect(x: float, y: float, width: float, height: float, fill: str) -> str:
    """Return a rectangle."""
    return element("rect", x=x, y=y, width=width, height=height, fill=fill)


def circle(x: float, y: float, radius: float, fill: str) -> str:
    """Return a disc."""
    return element("circle", cx=x, cy=y, r=radius, fill=fill)


def ring(x: float, y: float, radius: float, stroke: str, width: float) -> str:
    """Return a circle that is a line."""
    return element("circle", cx=x, cy=y, r=radius, fill="none", stroke=stroke, stroke_width=width)


def polygon(points: Iterable[Point], fill: str) -> str:
    """Return an area within straight lines."""
    return element("path", d=lines(points) + "Z", fill=fill)


def path(d: str, fill: str = "none", stroke: str | None = None, width: float | None = None) -> str:
    """Return a path."""
    return element("path", d=d, fill=fill, stroke=stroke, stroke_width=width)


def placed(d: str, spot: Point, scale: float, fill: str) -> str:
    """Return a path that was drawn elsewhere, at a spot and in another size."""
    x, y = spot
    return element("path", d=d, fill=fill, transform=f"translate({x:.1f} {y:.1f}) scale({scale:.3f})")


def lines(points: Iterable[Point]) -> str:
    """Return the data of a path along points."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)


def curve(points: list[Point]) -> str:
    """Return the data of a path that passes softly between points: from the first to the last."""
    first, last = points[0], points[-1]
    middles = [((x + nx) / 2, (y + ny) / 2) for (x, y), (nx, ny) in pairwise(points)]
    turns = "".join(
        f"Q{number(x)} {number(y)} {number(mx)} {number(my)}"
        for (x, y), (mx, my) in zip(points[1:-1], middles[1:], strict=True)
    )
    return (
        f"M{number(first[0])} {number(first[1])}L{number(middles[0][0])} {number(middles[0][1])}"
        f"{turns}L{number(last[0])} {number(last[1])}"
    )


def at(x: float, y: float, radius: float, angle: float) -> Point:
    """Return the point at an angle, in degrees, and a distance from a centre."""
    return x + radius * math.cos(math.radians(angle)), y + radius * math.sin(math.radians(angle))


def number(value: float) -> str:
    """Return a number with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")


def _value(value: str | float) -> str:
    return escaped(value) if isinstance(value, str) else number(value)
