"""A lake that another process writes to at the worst moment: after ours has computed, before it commits."""

import dataclasses
from collections.abc import Callable, Collection

import polars as pl

from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.lake import Lake
from tmdb_assets.tables import Row


class BusyLake(Lake):
    """A lake of which a table is written to by another process, once, while ours is about to commit to it."""

    def __init__(self, uri: str, table: type[Row], meanwhile: Callable[[], object]) -> None:
        super().__init__(uri)
        self._meanwhile = {table: meanwhile}

    def rewrite_years(
        self,
        table: type[Row],
        years: Collection[int],
        compute: Callable[[pl.LazyFrame], pl.DataFrame | None],
    ) -> None:
        """Rewrite years, after others where the moment has come."""
        super().rewrite_years(table, years, lambda old: self._after_others(table, compute(old)))

    def rewrite(self, table: type[Row], compute: Callable[[pl.LazyFrame], pl.DataFrame | None]) -> None:
        """Rewrite a table, after others where the moment has come."""
        super().rewrite(table, lambda old: self._after_others(table, compute(old)))

    def _after_others(self, table: type[Row], computed: pl.DataFrame | None) -> pl.DataFrame | None:
        if meanwhile := self._meanwhile.pop(table, None):
            meanwhile()
        return computed


def busy(storage: Storage, table: type[Row], meanwhile: Callable[[], object]) -> Storage:
    """Return the same storage as our process sees it, while another one does something to a table."""
    return dataclasses.replace(storage, lake=BusyLake(storage.lake.uri, table, meanwhile))
