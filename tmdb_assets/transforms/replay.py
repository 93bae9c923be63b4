"""Answers about films in the order in which they came, to what the tables say of the films now."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence

import msgspec
import polars as pl

from tmdb_assets.tables import WHOLE_FILM, MovieDetail, MovieHistory
from tmdb_assets.tables.failed_movies import Reason
from tmdb_assets.transforms.comparison import compared
from tmdb_assets.transforms.refresh import RefreshPolicy

IMPORTED_AT = "imported_at"
ANSWERS = pl.Schema({**MovieDetail.schema(), IMPORTED_AT: pl.Datetime("us", "UTC")})
"""Columns of a film's answer: the row that it makes, and when it came from another folder, if it did."""

ANSWER = ("tmdb_id", "checked_at", IMPORTED_AT)
"""Columns that say which answer it is."""

STANDS_FOR_OTHERS = (pl.col("changed_at") != pl.col("checked_at")) | (pl.col("unchanged_count") > 0)
"""Whether an answer stands for others before it, which a compaction left out."""

CHECKS = pl.Schema(
    {
        **{name: ANSWERS[name] for name in ANSWER},
        **{name: ANSWERS[name] for name in ("changed_at", "unchanged_count")},
        "follows_row": pl.Boolean(),
    }
)
"""Columns of what an answer found: the answer, and the times of the row that it made."""


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that is no row, or that somebody deleted the film.

    ``repeated_count`` answers before it said the same, the first of them at ``first_at``.
    """

    tmdb_id: int
    answered_at: dt.datetime
    reason: Reason
    message: str | None = None
    attempt_count: int = 1
    repeated_count: int = 0
    first_at: dt.datetime | None = None
    title: str | None = None
    release_year: int | None = None


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """A film without a row, and why: what ``failed_movies`` says of it.

    ``title`` and ``release_year`` are those of its last row, None where it had none.
    """

    tmdb_id: int
    reason: Reason
    message: str | None
    attempt_count: int
    checked_at: dt.datetime
    failure_count: int
    first_failed_at: dt.datetime
    title: str | None = None
    release_year: int | None = None


@dataclasses.dataclass(frozen=True)
class Replayed:
    """What became of films.

    Attributes
    ----------
    rows
        Rows of ``movie_details``.
    missing
        The films that have none.
    history
        Rows of ``movie_history``.
    checks
        What each answer found, of the films that have several.
    """

    rows: pl.DataFrame
    missing: list[Missing]
    history: pl.DataFrame
    checks: pl.DataFrame


def replayed(answers: pl.DataFrame, refusals: Sequence[Refusal], policy: RefreshPolicy) -> Replayed:
    """Return what the tables say after all answers about some films.

    The newest answer wins, but one that failed never takes the place of a row. A film that was deleted stays
    so until an answer is imported. Where a killed compaction left an answer twice, the one that stands for
    others counts: those may be gone already.

    Parameters
    ----------
    answers
        The rows that answers make, with the columns ``ANSWERS``, in any order; all of a film's.
    refusals
        The other answers about these films.
    policy
        Says what counts as a change.
    """
    columns = MovieDetail.schema().names()
    answers = answers.sort(*ANSWER, STANDS_FOR_OTHERS, "unchanged_count").unique(
        ANSWER, keep="last", maintain_order=True
    )
    refusals = _unique(refusals)
    refused = pl.Series("tmdb_id", sorted({one.tmdb_id for one in refusals}), pl.Int64())
    is_plain = (pl.len().over("tmdb_id") == 1) & ~pl.col("tmdb_id").is_in(refused.implode())
    answers = answers.with_columns(is_plain=is_plain)
    plain = answers.filter("is_plain").select(columns)
    others = answers.filter(~pl.col("is_plain")).drop("is_plain")
    if others.is_empty() and not refusals:
        return Replayed(plain, [], MovieHistory.frame(), CHECKS.to_frame())
    told = _Films(others, refusals)
    rows, history, checks = _in_rounds(others, told, policy)
    return Replayed(pl.concat([plain, rows.select(columns)]), told.missing, history, checks)


@dataclasses.dataclass
class _Round:
    """The n-th row of every film that has so many: which answer it is, and what came before and after."""

    answers: list[int] = dataclasses.field(default_factory=list[int])
    follows_row: list[bool] = dataclasses.field(default_factory=list[bool])
    back_at: list[dt.datetime | None] = dataclasses.field(default_factory=list[dt.datetime | None])
    gone_at: list[dt.datetime | None] = dataclasses.field(default_factory=list[dt.datetime | None])


class _Films:
    """Walks through each film's answers and says which row follows which, and which films have none."""

    def __init__(self, answers: pl.DataFrame, refusals: Iterable[Refusal]) -> None:
        self.rounds: list[_Round] = []
        self.missing: list[Missing] = []
        steps: dict[int, list[tuple[dt.datetime, int, Refusal | None]]] = {}
        times = answers.select("tmdb_id", IMPORTED_AT, at=pl.coalesce(IMPORTED_AT, "checked_at"))
        self._imported = times[IMPORTED_AT].to_list()
        self._labels = answers.select("title", "release_year").rows()
        for index, (tmdb_id, _, at) in enumerate(times.iter_rows()):
            steps.setdefault(tmdb_id, []).append((at, index, None))
        for refusal in refusals:
            steps.setdefault(refusal.tmdb_id, []).append((refusal.answered_at, -1, refusal))
        for of_film in steps.values():
            self._walk(sorted(of_film, key=lambda step: step[:2]))

    def _walk(self, steps: Iterable[tuple[dt.datetime, int, Refusal | None]]) -> None:
        depth, has_row, last = 0, False, None
        missing: Missing | None = None
        for at, index, refusal in steps:
            if refusal is None:
                if missing and missing.reason == "deleted" and self._imported[index] is None:
                    continue  # asked for by somebody who did not know
                if depth == len(self.rounds):
                    self.rounds.append(_Round())
                of_round = self.rounds[depth]
                of_round.answers.append(index)
                of_round.follows_row.append(has_row)
                of_round.back_at.append(at if depth and not has_row else None)
                of_round.gone_at.append(None)
                depth, has_row, missing, last = depth + 1, True, None, self._labels[index]
            elif not (has_row and refusal.reason == "failed"):
                if has_row:
                    self.rounds[depth - 1].gone_at[-1] = at
                has_row, missing = False, _missing(refusal, missing, last)
        if missing:
            self.missing.append(missing)


def _unique(refusals: Sequence[Refusal]) -> list[Refusal]:
    by_answer: dict[tuple[int, dt.datetime, Reason], Refusal] = {}
    for one in refusals:
        known = by_answer.setdefault((one.tmdb_id, one.answered_at, one.reason), one)
        if one.repeated_count > known.repeated_count:
            by_answer[one.tmdb_id, one.answered_at, one.reason] = one
    return list(by_answer.values())


def _missing(refusal: Refusal, before: Missing | None, last: tuple[str | None, int] | None) -> Missing:
    if refusal.reason == "deleted":
        before = None
    elif before and before.reason == "deleted":
        return before
    if refusal.reason == "deleted":  # which is no failure that others are counted with
        before = None
    first_at = refusal.first_at or refusal.answered_at
    title, release_year = last or (refusal.title, refusal.release_year)
    return Missing(
        tmdb_id=refusal.tmdb_id,
        reason=refusal.reason,
        message=refusal.message,
        attempt_count=refusal.attempt_count,
        checked_at=refusal.answered_at,
        failure_count=1 + refusal.repeated_count + (before.failure_count if before else 0),
        first_failed_at=before.first_failed_at if before and before.reason == refusal.reason else first_at,
        title=title,
        release_year=release_year,
    )


def _in_rounds(
    answers: pl.DataFrame, films: _Films, policy: RefreshPolicy
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return the rows that stand at the end, the history, and what each answer found."""
    columns = MovieDetail.schema().names()
    now = MovieDetail.frame()
    histories, checks = [MovieHistory.frame()], [CHECKS.to_frame()]
    for of_round in films.rounds:
        asked = answers[of_round.answers]
        new = asked.select(columns)
        former = now.join(
            new.filter(pl.Series(of_round.follows_row)).select("tmdb_id"), on="tmdb_id", how="semi"
        )
        found = compared(new, former, policy)
        ids = new["tmdb_id"]
        rows = ids.to_frame().join(
            _as_compacted(found.rows, new), on="tmdb_id", how="left", maintain_order="left"
        )
        is_gone = pl.Series([at is not None for at in of_round.gone_at], dtype=pl.Boolean())
        histories += [
            found.history.join(_compacted(new), on="tmdb_id", how="anti"),
            _whole_films(rows, of_round.back_at, came=True),
            _whole_films(rows, of_round.gone_at, came=False),
        ]
        checks.append(
            asked.select(ANSWER).with_columns(
                rows["changed_at"], rows["unchanged_count"], pl.Series("follows_row", of_round.follows_row)
            )
        )
        stands = rows.filter(~is_gone).select(MovieDetail.schema().names())
        now = pl.concat([now.join(ids.to_frame(), on="tmdb_id", how="anti"), stands])
    return now, pl.concat(histories).sort(MovieHistory.key), pl.concat(checks)


def _whole_films(rows: pl.DataFrame, moments: Sequence[dt.datetime | None], *, came: bool) -> pl.DataFrame:
    concerned = pl.Series([at is not None for at in moments], dtype=pl.Boolean())
    return whole_film_history(rows.filter(concerned), [at for at in moments if at], came=came)


def _as_compacted(rows: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Give the rows of compacted answers the times that stand in them: answers between were left out."""
    stands = _compacted(new)
    return rows.update(stands, on="tmdb_id") if len(stands) else rows


def _compacted(new: pl.DataFrame) -> pl.DataFrame:
    """Return the change times of the rows that stand for several answers: none of them was a change."""
    return new.filter(STANDS_FOR_OTHERS).select("tmdb_id", "changed_at", "unchanged_count")


def whole_film_history(rows: pl.DataFrame, seen_at: Sequence[dt.datetime], *, came: bool) -> pl.DataFrame:
    """Return the history of films that came back, or went, as a whole.

    Parameters
    ----------
    rows
        Their rows of ``movie_details``: the new ones, or the last.
    seen_at
        When each was seen to come or go.
    came
        Whether they came.
    """
    found: list[MovieHistory] = []
    for row, at in zip(rows.iter_rows(named=True), seen_at, strict=True):
        as_json = msgspec.json.encode(row).decode()
        found.append(
            MovieHistory(
                tmdb_id=row["tmdb_id"],
                title=row["title"],
                field=WHOLE_FILM,
                old_value=None if came else as_json,
                new_value=as_json if came else None,
                seen_at=at,
            )
        )
    return MovieHistory.frame(found)
