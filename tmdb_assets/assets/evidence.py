"""What a check shows of what it found."""

from collections.abc import Sequence

import dagster as dg
import polars as pl

from tmdb_assets.assets.documentation import preview

_EXAMPLES = 20
_NAMED = 5


def examples(rows: pl.DataFrame) -> dg.MetadataValue:
    """Return the first of the rows that a check found."""
    return preview(rows.head(_EXAMPLES))


def one_year_each(films: pl.LazyFrame) -> dg.AssetCheckResult:
    """Check that no film has more than one row; those that have are shown with their years."""
    repeated = (
        films.group_by("tmdb_id")
        .agg(pl.col("title").drop_nulls().first(), pl.col("release_year").sort().alias("release_years"))
        .filter(pl.col("release_years").list.len() > 1)
        .sort("tmdb_id")
        .collect()
    )
    if repeated.is_empty():
        return dg.AssetCheckResult(passed=True)
    tmdb_id, title, years = repeated.row(0)
    return dg.AssetCheckResult(
        passed=False,
        description=f"{counted(len(repeated), 'film')} in more than one row, such as {title or tmdb_id} in "
        f"{' and '.join(map(str, years))}: materialize these years again.",
        metadata={"repeated": len(repeated), "examples": examples(repeated)},
    )


def none_found(found: pl.DataFrame, shown: Sequence[str], sentence: str) -> dg.AssetCheckResult:
    """Pass where nothing was found; else warn with a sentence, and show some.

    Parameters
    ----------
    shown
        Which columns are shown.
    """
    if found.is_empty():
        return dg.AssetCheckResult(passed=True)
    return dg.AssetCheckResult(
        passed=False,
        severity=dg.AssetCheckSeverity.WARN,
        description=sentence,
        metadata={"found": len(found), "examples": examples(found.select(shown))},
    )


def counted(number: int, what: str) -> str:
    """Return a number with its noun and verb, such as ``1 film is`` or ``2 films are``."""
    return f"{number:,} {what} is" if number == 1 else f"{number:,} {what}s are"


def some_of(names: Sequence[str]) -> str:
    """Return names as a sentence holds them, such as ``1999, 2001 and 7 more``."""
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")
