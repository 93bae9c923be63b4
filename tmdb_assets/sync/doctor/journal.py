"""What is wrong with the journal, and where the lake does not have what it says."""

import contextlib
import dataclasses
import datetime as dt
import fcntl
from pathlib import Path

import msgspec
import polars as pl

from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.journal_lines import kept_in_place, lines_of
from tmdb_assets.storage.segment import SEALED
from tmdb_assets.sync.details_store import are_stored
from tmdb_assets.sync.doctor.problems import Mend, OnProgress, Problem, some
from tmdb_assets.sync.wanted import wanted_films
from tmdb_assets.tables import FailedMovie, FormerDetail, MovieDetail


@dataclasses.dataclass
class Answers:
    """What the journal says.

    Attributes
    ----------
    newest
        By film, when TMDB gave the answer that counts; not of films that a process asks about now.
    answered
        Films with an answer that makes a row.
    settled
        By unsealed segment whose writer is gone, the newest answer per film in it.
    problems
        What is wrong with the segments.
    """

    newest: dict[int, dt.datetime] = dataclasses.field(default_factory=dict[int, dt.datetime])
    answered: set[int] = dataclasses.field(default_factory=set[int])
    settled: dict[Path, dict[int, dt.datetime]] = dataclasses.field(
        default_factory=dict[Path, dict[int, dt.datetime]]
    )
    problems: list[Problem] = dataclasses.field(default_factory=list[Problem])


def read_journal(storage: Storage, on_progress: OnProgress) -> Answers:
    """Read all segments, of which each is looked at to its end."""
    if not storage.journal.folder.exists():
        return Answers()
    with kept_in_place(storage.journal):
        return _read(storage, on_progress)


def _read(storage: Storage, on_progress: OnProgress) -> Answers:
    found, being_asked = Answers(), set[int]()
    counts_since: dict[int, dt.datetime] = {}  # what was imported counts from then, however old it is
    segments = storage.journal.segments()
    for place, path in enumerate(segments, 1):
        said: list[str] = []
        is_live = not path.name.endswith(SEALED) and is_written(path)
        here: dict[int, dt.datetime] = {}
        for line, _ in lines_of([path], said.append):
            here[line.tmdb_id] = max(line.answered_at, here.get(line.tmdb_id, line.answered_at))
            if line.outcome == "ok":
                found.answered.add(line.tmdb_id)
            since = line.imported_at or line.answered_at
            if line.outcome != "failed" and since >= counts_since.get(line.tmdb_id, since):
                counts_since[line.tmdb_id] = since
                found.newest[line.tmdb_id] = line.answered_at
        if is_live:
            being_asked |= here.keys()
        elif not path.name.endswith(SEALED):
            found.settled[path] = here
        if said and not is_live:
            found.problems.append(Problem("journal", said[0], Mend.SALVAGE, subject=str(path)))
        on_progress(place, len(segments))
    for film in being_asked:
        found.newest.pop(film, None)
    return found


def is_written(path: Path) -> bool:
    """Say whether a process writes an unsealed segment at this moment."""
    with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def compare_with_lake(storage: Storage, answers: Answers) -> list[Problem]:
    """Return what the journal has and the lake has not, and the other way round."""
    tables = [
        storage.lake.scan(table).select("tmdb_id", "checked_at")
        for table in (MovieDetail, FormerDetail, FailedMovie)
    ]
    stored = pl.concat(tables).group_by("tmdb_id").agg(pl.col("checked_at").max()).collect()
    checked_at: dict[int, dt.datetime] = dict(stored.iter_rows())
    wanted = wanted_films(storage).select("tmdb_id").collect()["tmdb_id"]
    lost = sorted(
        film
        for film in set(wanted) & answers.newest.keys()
        if film not in checked_at or checked_at[film] < answers.newest[film]
    )
    problems: list[Problem] = []
    if answers.newest and storage.lake.promised_count(MovieDetail) is None:
        problems.append(
            Problem("lake", "There is no movie_details, and the journal has answers.", Mend.REBUILD)
        )
    if lost:
        problems.append(
            Problem(
                "lake",
                f"Answers about these films are not in the lake: {some([*lost])}.",
                Mend.REBUILD,
            )
        )
    for path, here in answers.settled.items():
        if are_stored(storage, here):
            what = f"{path} was left by a process that is gone, and all of it is in the lake."
            problems.append(Problem("journal", what, Mend.SEAL, subject=str(path)))
    return problems


def rows_without_answers(storage: Storage, answers: Answers) -> list[Problem]:
    """Return whether films have a row and no answer that it could be made of."""
    stored = storage.lake.scan(MovieDetail).select("tmdb_id").collect()["tmdb_id"]
    unknown = sorted(set(stored) - answers.answered)
    if not unknown:
        return []
    return [
        Problem(
            "journal",
            f"{len(unknown):,} films of movie_details have no answer in the journal: {some([*unknown])}.",
            remedy="A rebuild would lose them: `tmdb-assets run --refresh` over their years asks again.",
        )
    ]


def seal_what_is_stored(storage: Storage, on_progress: OnProgress) -> None:
    """Seal the segments that dead processes left and of which all is in the lake now."""
    for path, here in read_journal(storage, on_progress).settled.items():
        if are_stored(storage, here):
            storage.journal.seal(path)


def salvage(storage: Storage, path: Path) -> None:
    """Write what can be read of a damaged segment into a new one, and set the damaged one aside."""
    if not path.exists():
        return
    with storage.journal.new_segment() as segment:
        for line, body in lines_of([path], lambda _: None):
            segment.append(msgspec.structs.replace(line, body=msgspec.Raw(body)))
        segment.sync()
    path.rename(path.with_name(f"{path.name}.damaged"))
