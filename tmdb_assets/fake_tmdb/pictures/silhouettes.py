"""Small figures that give a composition its scale: a person, a bird, a boat, a tree."""

from tmdb_assets.fake_tmdb.pictures.svg import lines, placed

# Each is drawn a hundred high, above the point where it stands.
_PERSON = (
    "M0 -100a10 10 0 0 1 0 20a10 10 0 0 1 0 -20Z"
    "M-7 -79Q-17 -78 -17 -68L-21 -26H-10V0H-2V-24H2V0H10V-26H21L17 -68Q17 -78 7 -79Z"
)
_BOAT = "M-40 -20H40L24 0H-26ZM0 -100V-26H36ZM-5 -86V-26H-33Z"
_BIRD = "M-100 -33Q-50 -50 0 0Q50 -50 100 -33Q50 -32 0 14Q-50 -32 -100 -33Z"
_PINE = (
    *((0.0, -1.0), (0.11, -0.66), (0.07, -0.66), (0.16, -0.36), (0.11, -0.36), (0.2, 0.0)),
    *((-0.2, 0.0), (-0.11, -0.36), (-0.16, -0.36), (-0.07, -0.66), (-0.11, -0.66)),
)


def person(x: float, foot: float, tall: float, fill: str) -> str:
    """Return someone who stands, seen from behind, in a coat."""
    return placed(_PERSON, (x, foot), tall / 100, fill)


def bird(x: float, y: float, span: float, fill: str) -> str:
    """Return a bird that is far away."""
    return placed(_BIRD, (x, y), span / 100, fill)


def boat(x: float, water: float, tall: float, fill: str) -> str:
    """Return a boat under sail."""
    return placed(_BOAT, (x, water), tall / 100, fill)


def pine(x: float, foot: float, tall: float) -> str:
    """Return the data of a pine's outline: a wood is one path."""
    return lines((x + tall * across, foot + tall * up) for across, up in _PINE) + "Z"
