"""Sensors, tick after tick; the live tests have them under a real daemon."""

import datetime as dt
from pathlib import Path

import dagster as dg
import msgspec

from tmdb_assets.definitions import build_defs
from tmdb_assets.resources.storage import StorageResource
from tmdb_assets.resources.tmdb import TMDBResource
from tmdb_assets.sensors import dropped_files, lists_have_a_say
from tmdb_assets.tables import UploadSession

KEY = "0123456789abcdef0123456789abcdef"
LIST = "Title,Year\nHeat,1995\n"


def definitions(resource: StorageResource) -> dg.Definitions:
    return build_defs(storage=resource, tmdb=TMDBResource(requests_per_second=5000))


def session(upload: str, status: str) -> UploadSession:
    return msgspec.convert(
        {
            "upload": upload,
            "status": status,
            "total_movies": 1,
            "enriched_count": 1,
            "problems": [],
            "updated_at": dt.datetime.now(dt.UTC),
        },
        UploadSession,
    )


class Folder:
    """The sensor, tick after tick."""

    def __init__(self, resource: StorageResource) -> None:
        self._resource = resource
        self._cursor: str | None = None

    def tick(self) -> dg.SensorResult | dg.SkipReason:
        """Let the sensor look at the folder."""
        context = dg.build_sensor_context(cursor=self._cursor, resources={"storage": self._resource})
        result = dropped_files(context)
        if isinstance(result, dg.SensorResult):
            self._cursor = result.cursor
        assert isinstance(result, dg.SensorResult | dg.SkipReason)
        return result

    def run_requests(self) -> list[dg.RunRequest]:
        """Let it look, and return the runs that it asks for."""
        result = self.tick()
        assert isinstance(result, dg.SensorResult)
        return list(result.run_requests or [])


class Say:
    """The sensor that lets lists have a say, tick after tick."""

    def __init__(self, resource: StorageResource) -> None:
        self._resource = resource
        self._cursor: str | None = None

    def run_requests(self) -> list[dg.RunRequest]:
        """Let it look, and return the runs that it asks for."""
        context = dg.build_sensor_context(cursor=self._cursor, resources={"storage": self._resource})
        result = lists_have_a_say(context)
        if not isinstance(result, dg.SensorResult):
            return []
        self._cursor = result.cursor
        return list(result.run_requests or [])


def put(path: Path, text: str = LIST) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
