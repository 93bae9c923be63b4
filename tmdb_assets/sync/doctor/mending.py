"""A check-up: look, mend in order, look again."""

import datetime as dt
import tempfile
from collections.abc import Iterable
from pathlib import Path

import msgspec

from tmdb_assets.settings import Settings
from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.leftovers import remove
from tmdb_assets.storage.snapshot import publish
from tmdb_assets.storage.state import StateDamagedError, state_file
from tmdb_assets.storage.state_aside import name_aside, set_aside
from tmdb_assets.sync.doctor.journal import (
    compare_with_lake,
    read_journal,
    rows_without_answers,
    salvage,
    seal_what_is_stored,
)
from tmdb_assets.sync.doctor.lake import look_at_tables
from tmdb_assets.sync.doctor.lists import keep_again, look_at_lists
from tmdb_assets.sync.doctor.problems import Mend, OnProgress, Problem, Watch
from tmdb_assets.sync.doctor.rest import (
    is_empty,
    look_at_dagster,
    look_at_leftovers,
    look_at_origin,
    look_at_snapshot,
    look_at_state,
)
from tmdb_assets.sync.rebuild import NothingToRebuildError, RebuildUnderWayError, rebuild
from tmdb_assets.sync.uploads import forget_upload
from tmdb_assets.tables import DiscoveredMovie, EnrichedUpload, KeywordId, MovieDetail
from tmdb_assets.tmdb.images import ImageURLs


class Finding(msgspec.Struct, frozen=True):
    """Something that was wrong: where, what, whether it is mended now, and what was done or is to be done."""

    part: str
    what: str
    is_mended: bool
    then: str


class _Mended(msgspec.Struct, frozen=True):
    """Why something could not be mended, and where damaged tables are now."""

    failures: str = ""
    set_aside: dict[str, str] = {}

    def where_is(self, problem: Problem) -> str:
        """Return a sentence on where the damaged table is now; nothing where it was kept."""
        aside = self.set_aside.get(problem.subject)
        return f" The damaged table was set aside as {aside}." if aside else ""


def check_up(settings: Settings, *, mends: bool, watch: Watch) -> list[Finding]:
    """Hold journal, lake, snapshot and state against each other, and mend what can be mended.

    Other processes may go on: everything is mended by the commits, locks and renames that they use, too.

    Parameters
    ----------
    settings
        Where all of it is.
    mends
        Whether to mend; else nothing is changed, except that tables of an earlier release are migrated.
    watch
        Called for each part that takes a while, such as with ``journal`` and ``segments``; what it gives is
        called with how many are done and how many there are.

    Returns
    -------
    list[Finding]
        What was wrong; empty where all is well.

    Raises
    ------
    SettingsError
        The state cannot be used for a reason that is not damage, or is damaged while another process uses
        it; or so is a database of Dagster's.
    OSError
        The disk is full or gone.
    """
    if is_empty(settings):
        return []
    with tempfile.TemporaryDirectory() as instead:
        storage, findings = _opened(settings, Path(instead), mends=mends)
        problems = _look(settings, storage, watch)
        if not mends:
            return findings + [
                Finding(one.part, one.what, is_mended=False, then=_would(one)) for one in problems
            ]
        done = _mend(settings, storage, problems, watch)
        left = _look(settings, storage, watch, " again") if any(one.mend for one in problems) else problems
        left += _emptied(storage, problems)
    still = {one.what for one in left}
    findings += [
        Finding(one.part, one.what, is_mended=True, then=f"{one.mend.value}{done.where_is(one)}")
        for one in problems
        if one.what not in still and one.mend
    ]
    return findings + [
        Finding(
            one.part, one.what, is_mended=False, then=f"{done.failures or one.remedy}{done.where_is(one)}"
        )
        for one in left
    ]


def _opened(settings: Settings, instead: Path, *, mends: bool) -> tuple[Storage, list[Finding]]:
    """Open the storage; a damaged state is set aside, for a new one is made."""
    try:
        storage = Storage.open(settings)
        if not storage.state.integrity_problems():
            return storage, []
        why = "The state is damaged."
    except StateDamagedError as error:
        why = str(error).partition(":")[0] + "."
    file = state_file(settings)
    if file is None:
        raise StateDamagedError(f"{why} Put the database back from a copy.")
    aside = name_aside(file, at=dt.datetime.now(dt.UTC))
    if not mends:
        would = f"It would be set aside as {aside.name}: a new one is made; lists are asked for again."
        elsewhere = msgspec.structs.replace(settings, state=f"sqlite:///{instead / 'state.db'}")
        return Storage.open(elsewhere), [Finding("state", why, is_mended=False, then=would)]
    set_aside(file, aside)
    then = f"It was set aside as {aside.name}: a new one was made; lists are asked for again."
    return Storage.open(settings), [Finding("state", why, is_mended=True, then=then)]


def _would(problem: Problem) -> str:
    return (
        problem.mend.value.replace("was ", "would be ").replace("were ", "would be ")
        if problem.mend
        else problem.remedy
    )


def _look(settings: Settings, storage: Storage, watch: Watch, again: str = "") -> list[Problem]:
    with watch(f"journal{again}", "segments") as on_progress:
        answers = read_journal(storage, on_progress)
    problems = [*look_at_origin(settings), *look_at_leftovers(settings, storage), *answers.problems]
    problems += [*look_at_state(storage), *look_at_dagster(settings)]
    with watch(f"lake{again}", "tables") as on_progress:
        of_lake = look_at_tables(storage, on_progress)
    if MovieDetail.table not in {one.subject for one in of_lake}:
        problems += rows_without_answers(storage, answers)
    if not {KeywordId.table, DiscoveredMovie.table} & {one.subject for one in of_lake}:
        problems += look_at_lists(storage)
    if of_lake:
        return problems + of_lake  # nothing else can be held against such tables
    return [*problems, *compare_with_lake(storage, answers), *look_at_snapshot(storage)]


def _emptied(storage: Storage, problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems of tables that were damaged and of which nothing was kept outside the lake."""
    remedy = "It is empty now: `tmdb-assets run` over its years, or the upload again, fills it."
    return [
        msgspec.structs.replace(one, mend=None, remedy=remedy)
        for one in problems
        for table in (KeywordId, DiscoveredMovie, EnrichedUpload)
        if one.mend is Mend.REBUILD and one.subject == table.table and not storage.lake.promised_count(table)
    ]


def _mend(settings: Settings, storage: Storage, problems: Iterable[Problem], watch: Watch) -> _Mended:
    """Mend what can be mended."""
    by_mend = {mend: [one.subject for one in problems if one.mend is mend] for mend in Mend}
    for file in by_mend[Mend.REMOVE]:
        remove(Path(file))
    for file in by_mend[Mend.SET_ASIDE]:
        set_aside(Path(file), name_aside(Path(file), at=dt.datetime.now(dt.UTC)))
    for file in by_mend[Mend.SALVAGE]:
        salvage(storage, Path(file))
    for kept in by_mend[Mend.KEEP]:
        keep_again(storage, kept)
    done = _Mended()
    # A rebuild would lose the rows of which the journal knows nothing.
    if by_mend[Mend.REBUILD] and not any(one.mend is None and one.part == "journal" for one in problems):
        with watch("rebuild", "answers") as on_progress:
            done = _rebuild(settings, storage, on_progress)
    for upload in by_mend[Mend.FORGET]:
        forget_upload(storage, upload)
    if any(by_mend.values()):
        with watch("sealing", "segments") as on_progress:
            seal_what_is_stored(storage, on_progress)
    if by_mend[Mend.PUBLISH] or by_mend[Mend.FORGET]:
        publish(storage.lake, storage.state, storage.snapshot)
    return done


def _rebuild(settings: Settings, storage: Storage, on_progress: OnProgress) -> _Mended:
    images = ImageURLs(settings.effective_image_base_url)
    try:
        rebuilt = rebuild(storage, region=settings.region, images=images, on_progress=on_progress)
    except (NothingToRebuildError, RebuildUnderWayError) as error:
        return _Mended(str(error))
    return _Mended(" ".join(rebuilt.problems), rebuilt.set_aside)
