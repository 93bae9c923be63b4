"""Spending: what the state keeps of requests, in statements that any number of processes may send at once."""

import datetime as dt
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

_LARGEST_LEASE = 20
_OF_WHAT_IS_LEFT = 20


def add_usage(
    connection: sa.Connection, usage: sa.Table, day: dt.date, asset: str, counts: Mapping[str, float]
) -> None:
    """Add to what was asked in a day on behalf of a table.

    Parameters
    ----------
    usage
        The table ``api_usage``.
    counts
        How much to add to which of its columns.
    """
    _add(connection, usage, {"day": day, "asset": asset}, counts)


def lease(connection: sa.Connection, usage: sa.Table, leases: sa.Table, day: dt.date, cap: int) -> int:
    """Return how many requests may be sent within a day's cap, and keep them as promised.

    They are a few, and fewer the less is left, so that the cap is used up whoever asks last.
    """
    release(connection, leases, day, 0)  # whoever comes now waits for the end of this transaction
    count = max(0, requests_left(connection, usage, leases, day, cap))
    count = min(count, _LARGEST_LEASE, max(1, count // _OF_WHAT_IS_LEFT))
    release(connection, leases, day, -count)
    return count


def release(connection: sa.Connection, leases: sa.Table, day: dt.date, count: int) -> None:
    """Take back so many requests that were promised: they are counted as sent now, or nobody needs them."""
    _add(connection, leases, {"day": day}, {"leased_count": -count})


def requests_left(
    connection: sa.Connection, usage: sa.Table, leases: sa.Table, day: dt.date, cap: int
) -> int:
    """Return how much of a day's cap is neither spent nor promised."""
    counted = (usage.c.request_count, usage.c.day), (leases.c.leased_count, leases.c.day)
    totals = [sa.select(sa.func.sum(count)).where(of == day).scalar_subquery() for count, of in counted]
    # In one statement: between two, another process may turn what is promised into what is spent.
    return cap - sum(int(total or 0) for total in connection.execute(sa.select(*totals)).one())


def _add(
    connection: sa.Connection, table: sa.Table, key: Mapping[str, object], counts: Mapping[str, float]
) -> None:
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    whole = {column.name: 0 for column in table.columns if column.name not in {"id", *key}}
    row = insert(table).values({**whole, **key, **counts})
    more = {name: table.c[name] + row.excluded[name] for name in counts}
    connection.execute(row.on_conflict_do_update(index_elements=list(key), set_=more))
