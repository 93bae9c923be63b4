"""Dagster's event log in SQLite, with its databases kept open while a command runs."""

from collections import OrderedDict
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import sqlalchemy as sa
from dagster._core.instance.ref import InstanceRef
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import create_db_conn_string
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from sqlalchemy import event

_OPEN_AT_MOST = 2
"""The index of all runs, and the run that is under way."""
_BUSY_SECONDS = 60


class OpenEventLog(SqliteEventLogStorage):
    """The same databases as Dagster's own class writes, at a quarter of the cost.

    That one opens a database for each event and closes it, which copies its write-ahead log back, waits for
    the disk, and forgets every compiled statement: 10 ms an event. A run over 27 years writes 430, some while
    TMDB's answers wait for the same thread. A killed command loses no event; a power cut may lose the last.
    """

    def __init__(self, base_dir: str) -> None:
        self._engines = OrderedDict[str, sa.Engine]()
        super().__init__(base_dir)

    @contextmanager
    def _connect(self, shard: str) -> Generator[sa.Connection]:
        with self._db_lock:
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.begin() as connection:
                yield connection

    def _engine(self, shard: str) -> sa.Engine:
        if shard in self._engines and not Path(self.path_for_shard(shard)).exists():
            # A folder that is gone must be noticed, not written to for ever.
            self._engines.pop(shard).dispose()
        if shard not in self._engines:
            while len(self._engines) >= _OPEN_AT_MOST:
                self._engines.popitem(last=False)[1].dispose()
            address = create_db_conn_string(self._base_dir, shard)
            self._engines[shard] = sa.create_engine(address, connect_args={"timeout": _BUSY_SECONDS})
            event.listen(self._engines[shard], "connect", _without_waiting_for_the_disk)
        self._engines.move_to_end(shard)
        return self._engines[shard]

    def dispose(self) -> None:
        """Close the databases."""
        super().dispose()
        while self._engines:
            self._engines.popitem()[1].dispose()


class OpenSqliteStorage(DagsterSqliteStorage):
    """Dagster's storage in SQLite, with :class:`OpenEventLog`."""

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:  # noqa: ANN401 -- Dagster's own
        super().__init__(base_dir, inst_data)
        folder = Path(self._event_log_storage.path_for_shard("index")).parent
        self._event_log_storage = OpenEventLog(str(folder))

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> "OpenSqliteStorage":  # noqa: ANN401 -- as above
        """Make it as the instance's settings say."""
        return cls.from_local(inst_data=inst_data, **config_value)


def open_instance(home: Path) -> dg.DagsterInstance:
    """Open the Dagster instance of a folder: with :class:`OpenEventLog`, where its settings say SQLite."""
    ref = InstanceRef.from_dir(str(home))
    data = ref.storage_data
    if data and data.class_name == DagsterSqliteStorage.__name__:
        ref = ref._replace(
            storage_data=data._replace(module_name=__name__, class_name=OpenSqliteStorage.__name__)
        )
    return dg.DagsterInstance.from_ref(ref)


def _without_waiting_for_the_disk(connection: Any, _record: object) -> None:  # noqa: ANN401 -- any driver's
    connection.execute("PRAGMA synchronous = NORMAL")
