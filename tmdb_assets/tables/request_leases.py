"""The table ``request_leases``, which lives in the state."""

import datetime as dt
from typing import Annotated, ClassVar

from tmdb_assets.tables.row import Column, Integer, Row


class RequestLease(Row, frozen=True):
    """How many requests of a day's cap are promised to processes that have not reported them yet."""

    table: ClassVar[str] = "request_leases"
    grain: ClassVar[str] = "One row per UTC day on which the requests had a cap."
    key: ClassVar[tuple[str, ...]] = ("day",)

    day: Annotated[dt.date, Column(description="The day, UTC.")]
    leased_count: Annotated[
        Integer,
        Column(
            description="Requests that running processes may send yet, or have sent in the last second; "
            "those of a process that was killed stay."
        ),
    ] = 0
