"""The table ``api_usage``, which lives in the state."""

import datetime as dt
from typing import Annotated, ClassVar

from tmdb_assets.tables.row import Column, Integer, Row


class ApiUsage(Row, frozen=True):
    """What was asked of TMDB in a day on behalf of a table, by all processes together."""

    table: ClassVar[str] = "api_usage"
    grain: ClassVar[str] = "One row per UTC day and table that asked TMDB."
    key: ClassVar[tuple[str, ...]] = ("day", "asset")

    day: Annotated[dt.date, Column(description="The day, UTC.")]
    asset: Annotated[
        str, Column(description="The table on whose behalf; estimate and fetch: of a dry run, of `fetch`.")
    ]
    request_count: Annotated[Integer, Column(description="Requests sent, repeated attempts included.")] = 0
    ok_count: Annotated[Integer, Column(description="Questions that were answered well.")] = 0
    not_found_count: Annotated[Integer, Column(description="Questions for what TMDB does not have.")] = 0
    failed_count: Annotated[Integer, Column(description="Questions that were given up.")] = 0
    retry_count: Annotated[Integer, Column(description="Requests that were not a question's first.")] = 0
    rate_limited_count: Annotated[
        Integer, Column(description="Requests that TMDB answered with HTTP 429: slow down.")
    ] = 0
    waited_seconds: Annotated[
        float, Column(description="Seconds in which the rate limit or a pause held requests back.")
    ] = 0.0
    received_bytes: Annotated[Integer, Column(description="Bytes of the answers, decompressed.")] = 0
