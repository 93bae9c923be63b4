"""States as other releases leave them."""

import sqlalchemy as sa

from tmdb_assets.storage.state import State
from tmdb_assets.tables import TitleSearch
from tmdb_assets_tests.tables.rows import AT, audit

_DOUBLE = """
    INSERT INTO title_searches (title, year, language, films, searched_at)
    SELECT title || id, year, language, films, searched_at FROM title_searches"""


def alter(url: str, *statements: str) -> None:
    """Make a state into one of another release."""
    with sa.create_engine(url, poolclass=sa.NullPool).begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def make_old(url: str, *, doublings: int = 0) -> None:
    """Leave a state that lacks a table, two columns and an index, and keeps years as texts."""
    state = State(url)
    state.add_audit(audit())
    state.keep_search(TitleSearch(title="Alien", year=1979, language="en", films="[]", searched_at=AT))
    alter(
        url,
        "DROP TABLE state_version",
        "DROP TABLE failed_runs",
        "DROP INDEX newest_audit",
        "ALTER TABLE sync_audit DROP COLUMN retry_count",
        "ALTER TABLE upload_sessions DROP COLUMN problems",
        "ALTER TABLE title_searches RENAME COLUMN year TO number",
        "ALTER TABLE title_searches ADD COLUMN year VARCHAR",
        "UPDATE title_searches SET year = CAST(number AS VARCHAR)",
        "ALTER TABLE title_searches DROP COLUMN number",
        *[_DOUBLE] * doublings,
    )
