"""What goes wrong on purpose: the faults of a specification, drawn by the number of the request."""

from dataclasses import dataclass, field

from tmdb_assets.fake_tmdb.draws import draws

DRIFT = "drift"
NAMES = frozenset(
    {
        "429",  # over the limit, without a Retry-After
        "500",
        "502html",  # the gateway's own page
        "503",
        "504",
        "reset",  # the connection is reset before the answer
        "reset_body",  # ... in the middle of it
        "truncate",  # 200, the JSON ends early, Content-Length agrees
        "truncate_gzip",  # 200, the compressed bytes end early, Content-Length agrees
        "empty",  # 200 without a body
        "html200",  # 200 with a page
        "slow",  # the right answer, much later
        DRIFT,  # a list page that has moved since the page before it was read
    }
)


@dataclass(frozen=True)
class Faults:
    """The faults to inject: the same for a seed and the number of a request."""

    seed: int
    always: tuple[str, ...] = ()
    at: dict[tuple[int, str], None] = field(default_factory=dict[tuple[int, str], None])
    probabilities: dict[str, float] = field(default_factory=dict[str, float])

    @classmethod
    def parse(cls, spec: str, seed: int) -> "Faults":
        """Read ``name:probability``, ``name@N`` (the Nth request), ``name!`` (always), between commas.

        Raises
        ------
        ValueError
            Saying which part is wrong.
        """
        always: list[str] = []
        at: dict[tuple[int, str], None] = {}
        probabilities: dict[str, float] = {}
        for part in filter(None, (part.strip() for part in spec.split(","))):
            name, sign, value = _split(part)
            if name not in NAMES:
                raise ValueError(f"Unknown fault {name!r} in {part!r}; known are {', '.join(sorted(NAMES))}.")
            if sign == "!":
                always.append(name)
            elif sign == "@":
                at[_positive(value, part), name] = None
            else:
                probabilities[name] = _probability(value, part)
        total = sum(share for name, share in probabilities.items() if name != DRIFT)
        if total > 1 + 1e-9:
            raise ValueError(f"The fault probabilities add up to {total:g}, which is more than 1.")
        return cls(seed, tuple(always), at, probabilities)

    def choose(self, number: int) -> str | None:
        """Name the fault of the Nth request; drift apart, which is no failure."""
        for name in sorted(NAMES - {DRIFT}):
            if name in self.always or (number, name) in self.at:
                return name
        if not self.probabilities:
            return None
        rest = draws(self.seed, number, "fault").random()
        for name, share in self.probabilities.items():
            if name == DRIFT:
                continue
            rest -= share
            if rest < 0:
                return name
        return None

    def drift(self, number: int) -> int:
        """Say by how much the Nth request's total is off; 0 when its page has not drifted."""
        share = self.probabilities.get(DRIFT, 0.0)
        if not share and DRIFT not in self.always and (number, DRIFT) not in self.at:
            return 0
        draw = draws(self.seed, number, DRIFT)
        hit = draw.random() < share or DRIFT in self.always or (number, DRIFT) in self.at
        return draw.choice((-3, -2, -1, 1, 2, 3)) if hit else 0


def _split(part: str) -> tuple[str, str, str]:
    if part.endswith("!"):
        return part[:-1], "!", ""
    for sign in ":@":
        if sign in part:
            name, _, value = part.partition(sign)
            return name, sign, value
    raise ValueError(f"Fault {part!r} is none of name:probability, name@N and name!.")


def _positive(value: str, part: str) -> int:
    if not value.isdecimal() or not int(value):
        raise ValueError(f"Fault {part!r} needs the number of a request, 1 or more, after the @.")
    return int(value)


def _probability(value: str, part: str) -> float:
    try:
        share = float(value)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise ValueError(f"Fault {part!r} needs a probability from 0 to 1 after the colon.")
    return share
