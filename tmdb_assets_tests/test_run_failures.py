import dagster as dg
import duckdb
import polars as pl
import pytest

from tmdb_assets.run_failures import first_failure


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (pl.exceptions.ComputeError("parquet: no magic bytes"), "`tmdb-assets doctor`"),
        (pl.exceptions.PanicException("called unwrap() on an Err"), "`tmdb-assets doctor`"),
        (pl.exceptions.ComputeError("No space left on device (os error 28)"), "No space left"),
        (duckdb.IOException("Could not write file"), "broken failed: _duckdb.IOException: Could not write"),
        (ValueError("It is green.\nAnd blue."), "broken failed: ValueError: It is green."),
    ],
)
def test_what_the_lakes_libraries_say_becomes_the_remedy(error: BaseException, words: str) -> None:
    @dg.asset
    def broken() -> None:
        raise error

    result = dg.materialize([broken], raise_on_error=False)

    failure = first_failure(result.all_events)
    assert failure
    assert words in failure.sentence
    assert "\n" not in failure.sentence
    assert "unwrap" not in failure.sentence
