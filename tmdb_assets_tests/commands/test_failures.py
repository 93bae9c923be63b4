import pytest

from tmdb_assets.commands.failures import FAILED, INTERRUPTED, explained


@pytest.mark.parametrize(
    ("error", "exit_code", "words"),
    [
        (RuntimeError("Query interrupted"), INTERRUPTED, "Interrupted"),  # as DuckDB says it
        (FileNotFoundError("part-1.parquet"), FAILED, "`tmdb-assets doctor`"),  # as polars does
        (OSError(28, "No space left on device", "state.db"), FAILED, "Make room"),
    ],
)
def test_what_libraries_raise_is_a_sentence(error: Exception, exit_code: int, words: str) -> None:
    sentence, code = explained(error) or ("", None)

    assert words in sentence
    assert code == exit_code


@pytest.mark.parametrize("error", [TimeoutError(), ConnectionError("refused"), RuntimeError("broken")])
def test_what_nobody_knows_keeps_its_traceback(error: Exception) -> None:
    assert explained(error) is None
