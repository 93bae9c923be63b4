"""Years of films on their way: what is to be asked for, by whom it is asked, what has to be asked again."""

import dataclasses
from collections import Counter

from tmdb_assets.sync.audit import Tally
from tmdb_assets.sync.details_plan import YearPlan
from tmdb_assets.sync.details_rows import YearRows

_SWEEPS = 2


@dataclasses.dataclass
class YearOnItsWay:
    """A year on its way.

    Attributes
    ----------
    elsewhere
        Films that another process is asking for.
    """

    plan: YearPlan
    tally: Tally
    rows: YearRows
    in_flight: int = 0
    is_being_stored: bool = False
    sweeps_left: int = _SWEEPS
    again: list[int] = dataclasses.field(default_factory=list[int])
    elsewhere: list[int] = dataclasses.field(default_factory=list[int])
    attempts: Counter[int] = dataclasses.field(default_factory=Counter[int])

    @property
    def is_complete(self) -> bool:
        """Whether every film of it is answered or given up."""
        return not (self.plan.due or self.in_flight or self.again or self.elsewhere)

    @property
    def is_ready(self) -> bool:
        """Whether it can be stored, and nobody does so yet."""
        return self.is_complete and not self.is_being_stored

    def sweep_again(self) -> None:
        """Once all films were asked for, ask again for those that failed."""
        if self.again and not (self.plan.due or self.in_flight or self.elsewhere):
            self.plan.due.extend(self.again)
            self.again.clear()
            self.sweeps_left -= 1


@dataclasses.dataclass
class Group:
    """Years that are begun together, and how many films they were thought to ask for."""

    expected: int
    years: list[YearOnItsWay]
