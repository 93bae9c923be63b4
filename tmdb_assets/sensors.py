"""Sensors: what Dagster does when files are dropped, tables were updated, or a run failed."""

import datetime as dt
import errno
import hashlib
import os
import stat
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

import dagster as dg
import msgspec

from tmdb_assets.jobs import carousels_and_snapshot, upload_enrichment
from tmdb_assets.partitions import PARTITION_TAG, range_tags, uploads
from tmdb_assets.resources.storage import StorageResource
from tmdb_assets.run_failures import first_failure, what_of
from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.uploads import LARGEST_UPLOAD, forget_upload
from tmdb_assets.sync.usage import is_of_daily_cap
from tmdb_assets.tables import CuratedCarousel, EnrichedUpload, FailedRun, MovieDetail, UploadSession
from tmdb_assets.ticks import REASON, or_why_not
from tmdb_assets.transforms.dropped_files import Cursor, FileState, Look, is_finished_name, launched, look
from tmdb_assets.transforms.upload_keys import partition_key, upload_path

Tick = dg.SensorResult | dg.SkipReason

_UNDER_WAY = ("uploading", "processing", "enriching")
_STUCK = dt.timedelta(minutes=10)
_NEVER = dt.datetime.fromtimestamp(0, dt.UTC)
_WAREHOUSE = "warehouse"
_NO_FILE = (errno.ENOENT, errno.ELOOP)
"""Removed just now, a link to nothing, a loop of links."""
_AT_A_TICK = 10
"""Runs that a tick asks for at most: each takes the daemon a second, and the other sensors wait."""
_KILLED = "Its process was stopped from outside. What it had got is kept: re-execute it to go on from there."


@dg.sensor(
    jobs=[upload_enrichment, carousels_and_snapshot],
    minimum_interval_seconds=5,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Makes every film list in the uploads folder a partition of enriched_uploads, and enriches "
    "it once its last byte has come; forgets the lists that were removed, and goes on with those that the "
    "daily cap of requests has stopped, the next day.",
)
def dropped_files(context: dg.SensorEvaluationContext, storage: StorageResource) -> Tick:
    """Look at the uploads folder, compare it with the last look, and ask for runs."""

    def decide() -> Tick:
        store = storage.open()
        if not store.uploads.is_dir():
            return dg.SkipReason(f"There is no folder {store.uploads}: make it, and drop film lists into it.")
        before = msgspec.json.decode(context.cursor, type=Cursor) if context.cursor else Cursor()
        now_ns = time.time_ns()
        found = look(before, _files(store.uploads), now_ns=now_ns)
        contents = {path: _content_hash(store.uploads / path) for path in found.whole}
        sessions = store.state.sessions()
        new = [
            path
            for path in found.whole
            if found.cursor.files[path].content != contents[path] or _has_failed(sessions.get(path))
        ]
        new, later = new[:_AT_A_TICK], new[_AT_A_TICK:]
        _tell(store, [*new, *(path for path in found.arriving if path not in before.files)])
        # A run that was under way when its file was removed has brought the upload back meanwhile.
        gone = sorted({*found.gone, *sessions} - set(found.cursor.files))
        for path in gone:
            forget_upload(store, path)
        requests = [_enrichment(path, contents[path], found) for path in new]
        requests += _resumed(sessions, found, but=new)
        requests += [_carousels(store, f"without {now_ns}")] if gone else []
        return dg.SensorResult(
            run_requests=requests,
            cursor=msgspec.json.encode(launched(found.cursor, contents, later=later)).decode(),
            dynamic_partitions_requests=[
                uploads.build_add_request([partition_key(path) for path in new]),
                uploads.build_delete_request([partition_key(path) for path in gone]),
            ],
            skip_reason=None if requests else _waiting_for(found),
        )

    return or_why_not(decide)


def _has_failed(session: UploadSession | None) -> bool:
    return session is not None and session.status == "failed"


def _files(folder: Path) -> dict[str, FileState]:
    """Return the folder's lists by their path in it; what is no file, or has no name in text, is left out.

    A part of the folder that cannot be looked at raises: what lies in it is not gone.
    """
    files: dict[str, FileState] = {}
    for parent, _, names in os.walk(folder, onerror=_raised):
        for name in names:
            path = (Path(parent) / name).relative_to(folder).as_posix()
            try:
                path.encode()
                state = (folder / path).stat()
            except UnicodeEncodeError:
                continue
            except OSError as error:
                if error.errno in _NO_FILE:
                    continue
                raise
            if stat.S_ISREG(state.st_mode) and is_finished_name(path):
                files[path] = FileState(state.st_size, state.st_mtime_ns, state.st_ctime_ns)
    return files


def _raised(error: OSError) -> None:
    raise error


def _content_hash(path: Path) -> str:
    """Return a hash of what a file holds; its run says what is wrong with one that cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.blake2b(file.read(LARGEST_UPLOAD), digest_size=16).hexdigest()
    except OSError as error:
        return f"unreadable: {error.strerror}"


def _tell(store: Storage, paths: Iterable[str]) -> None:
    for path in paths:
        store.state.save_session(
            UploadSession(
                upload=path,
                status="uploading",
                total_movies=0,
                enriched_count=0,
                problems=[],
                updated_at=dt.datetime.now(dt.UTC),
            )
        )


def _resumed(sessions: Mapping[str, UploadSession], found: Look, *, but: list[str]) -> list[dg.RunRequest]:
    """Return the runs of the lists that the daily cap has stopped on a day before; each asks once a day."""
    today = dt.datetime.now(dt.UTC).date()
    stopped = [
        path
        for path, session in sessions.items()
        if path in found.cursor.files
        and _has_failed(session)
        and session.updated_at.date() < today
        and any(is_of_daily_cap(problem) for problem in session.problems)
    ]
    return [
        _enrichment(path, f"{found.cursor.files[path].content} {today}", found)
        for path in sorted(set(stopped) - set(but))[:_AT_A_TICK]
    ]


def _enrichment(path: str, content: str, found: Look) -> dg.RunRequest:
    key, named_at = partition_key(path), found.cursor.files[path].state.changed_ns
    return dg.RunRequest(
        job_name=upload_enrichment.name,
        partition_key=key,
        # A file that is removed and dropped again is enriched again, though its content is the same.
        run_key=f"{key}@{content}@{named_at}",
        tags={REASON: "upload"},
    )


@dg.sensor(
    job=carousels_and_snapshot,
    minimum_interval_seconds=5,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Makes the carousels of all years again and publishes them, in one run, once lists are "
    "enriched: they have a say in each.",
)
def lists_have_a_say(context: dg.SensorEvaluationContext, storage: StorageResource) -> Tick:
    """Ask for the run when no list is under way any more."""

    def decide() -> Tick:
        store = storage.open()
        sessions = store.state.sessions().values()
        newest = max((each.updated_at for each in sessions if each.status == "completed"), default=_NEVER)
        handled = dt.datetime.fromisoformat(context.cursor) if context.cursor else _NEVER
        if newest <= handled:
            return dg.SkipReason("No list was enriched since the last look.")
        since = dt.datetime.now(dt.UTC) - _STUCK
        under_way = [each for each in sessions if each.status in _UNDER_WAY and each.updated_at > since]
        if under_way:
            return dg.SkipReason(f"Waiting for {under_way[0].upload} and whatever else is under way.")
        return dg.SensorResult(
            run_requests=[_carousels(store, newest.isoformat())], cursor=newest.isoformat()
        )

    return or_why_not(decide)


def _carousels(store: Storage, run_key: str) -> dg.RunRequest:
    """Return the run that makes the carousels of all years with films again, and publishes."""
    years = store.lake.row_counts(MovieDetail)
    return dg.RunRequest(
        job_name=carousels_and_snapshot.name,
        run_key=run_key,
        tags={**(range_tags(min(years), max(years)) if years else {}), REASON: "lists"},
        asset_selection=None if years else [dg.AssetKey(_WAREHOUSE)],
    )


def _waiting_for(found: Look) -> str:
    if found.arriving:
        return f"Waiting for the last byte of {', '.join(found.arriving[:5])}."
    return f"Nothing new among {len(found.cursor.files)} film lists."


carousels_and_snapshot_follow = dg.AutomationConditionSensorDefinition(
    "carousels_and_snapshot_follow",
    target=dg.AssetSelection.assets(CuratedCarousel.table, _WAREHOUSE),
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=10,
    description="Makes carousels again when the films of their year or keywords were updated, and publishes "
    "the snapshot once nothing more is on its way.",
)


@dg.run_failure_sensor(
    name="failed_runs",
    minimum_interval_seconds=10,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Notes every failed run in one line, for `tmdb-assets status` and for the upload that it was "
    "about.",
)
def failed_runs(context: dg.RunFailureSensorContext, storage: StorageResource) -> None:
    """Keep why the run failed."""
    run, store = context.dagster_run, storage.open()
    failure = first_failure(context.get_step_failure_events())
    why = failure.sentence if failure else _KILLED
    now = dt.datetime.now(dt.UTC)
    store.state.add_failed_run(FailedRun(run_id=run.run_id, failed_at=now, what=what_of(run), why=why))
    key = run.tags.get(PARTITION_TAG, "")
    chosen = run.asset_selection or ()
    is_upload = run.job_name == upload_enrichment.name or dg.AssetKey(EnrichedUpload.table) in chosen
    session = store.state.sessions().get(upload_path(key)) if is_upload else None
    if session and session.status not in {"completed", "failed"}:  # its process was killed
        store.state.save_session(msgspec.structs.replace(session, status="failed", problems=[why]))
